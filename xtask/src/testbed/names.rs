//! What things are called: fixed names, so that one run can clean up after another.

use std::env;
use std::fmt;
use std::path::PathBuf;

/// Prefix of host names, network namespaces and cgroups.
pub const HOST_PREFIX: &str = "tactsd";
/// Joins the hosts and this machine; has no other way out.
pub const BRIDGE: &str = "tactbr0";
/// This machine on the bridge.
pub const GATEWAY: &str = "10.78.0.1";
/// Most hosts that the addresses are enough for.
pub const MOST_HOSTS: u8 = 100;
/// Not secrets: these hosts cannot be reached from anywhere else and live for minutes.
pub const ROOT_PASSWORD: &str = "tactus-root-pw";
/// A user who must type a password for sudo.
pub const OPERATOR: &str = "operator";
pub const OPERATOR_PASSWORD: &str = "tactus-operator-pw";

/// The host with OpenRC, beside those with systemd.
pub const OPENRC_HOST: u8 = 99;

/// Where the cached root file system and the running hosts lie: outside the source tree, so that it survives it.
pub fn folder() -> PathBuf {
    env::var_os("TACTUS_TESTBED_DIR").map_or_else(|| PathBuf::from("/tmp/tactus-testbed"), PathBuf::from)
}

/// Name of a host, counted from 1.
pub fn host_name(number: u8) -> String {
    format!("{HOST_PREFIX}{number}")
}

/// This machine's end of the cable to a host; inside the host it is `host0`.
pub fn cable(name: &str) -> String {
    format!("tactv{}", name.trim_start_matches(HOST_PREFIX))
}

/// Address of a host.
pub fn host_address(number: u8) -> String {
    format!("10.78.0.{}", 100 + number)
}

/// How to log in to a host; written `address:port:user:password`, as `TACTUS_TEST_SYSTEMD_HOST` wants it.
pub struct Login {
    pub address: String,
    pub port: u16,
    pub user: &'static str,
    pub password: &'static str,
}

impl fmt::Display for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}:{}", self.address, self.port, self.user, self.password)
    }
}

/// Root of a host.
pub fn host_login(number: u8) -> Login {
    Login { address: host_address(number), port: 22, user: "root", password: ROOT_PASSWORD }
}

/// The user with sudo of a host.
pub fn operator_login(number: u8) -> Login {
    Login { address: host_address(number), port: 22, user: OPERATOR, password: OPERATOR_PASSWORD }
}
