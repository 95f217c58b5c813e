//! From a name to an open connection whose other end has said that it speaks SSH.

use super::greeting::{Cutter, Greeted, greet};
use super::{Deadlines, SshError, Target};
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

/// Serves metadata and credentials to machines in one big cloud, over IPv6.
const CLOUD_METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// A server that has greeted. Nothing secret has been sent.
pub struct Reached {
    pub(super) stream: Greeted,
    pub(super) cutter: Cutter,
    /// Where the connection goes to.
    pub address: SocketAddr,
}

/// Resolves the name, connects to the first of its addresses that answers, waits for the greeting.
///
/// # Errors
/// [`SshError::NameNotFound`], [`SshError::AddressForbidden`], [`SshError::Unreachable`], [`SshError::Refused`],
/// [`SshError::ClosedBeforeBanner`], [`SshError::NotSsh`], [`SshError::TimedOut`].
pub async fn reach(target: &Target, deadlines: &Deadlines) -> Result<Reached, SshError> {
    let resolving = tokio::net::lookup_host((target.address.as_str(), target.port));
    let found: Vec<SocketAddr> = match timeout(deadlines.resolve, resolving).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(_)) | Err(_) => return Err(SshError::NameNotFound),
    };
    let allowed: Vec<SocketAddr> = found.iter().copied().filter(|address| is_allowed(address.ip())).collect();
    match (allowed.is_empty(), found.is_empty()) {
        (true, true) => Err(SshError::NameNotFound),
        (true, false) => Err(SshError::AddressForbidden),
        _ => {
            let (stream, address) = connect_first(&allowed, deadlines).await?;
            // Answers are small and waited for: nothing is gained by collecting bytes.
            stream.set_nodelay(true).map_err(|_| SshError::Disconnected)?;
            let (stream, cutter) = greet(stream, deadlines.greeting).await?;
            Ok(Reached { stream, cutter, address })
        }
    }
}

async fn connect_first(addresses: &[SocketAddr], deadlines: &Deadlines) -> Result<(TcpStream, SocketAddr), SshError> {
    let end = Instant::now() + deadlines.connect;
    // One silent address must not eat the time of the others.
    let share = deadlines.connect / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    let mut worst = SshError::Unreachable;
    for &address in addresses {
        match timeout_at(end.min(Instant::now() + share), TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, address)),
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => worst = SshError::Refused,
            Ok(Err(_)) | Err(_) => {}
        }
    }
    Err(worst)
}

/// Hosts may be in private networks, but never where a machine's own network or a cloud's metadata service lives.
fn is_allowed(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => !(v4.is_link_local() || v4.is_multicast() || v4.is_unspecified() || v4.is_broadcast()),
        IpAddr::V6(v6) => !(v6.is_unicast_link_local() || v6.is_multicast() || v6.is_unspecified() || v6 == CLOUD_METADATA_V6),
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn addresses_that_may_be_hosts() {
        for (address, allowed) in [
            ("10.1.2.3", true),
            ("192.168.1.1", true),
            ("127.0.0.1", true),
            ("203.0.113.9", true),
            ("fd00::5", true),
            ("::1", true),
            ("169.254.169.254", false),
            ("::ffff:169.254.169.254", false),
            ("fe80::1", false),
            ("fd00:ec2::254", false),
            ("224.0.0.1", false),
            ("ff02::1", false),
            ("0.0.0.0", false),
            ("::", false),
            ("255.255.255.255", false),
        ] {
            assert_eq!(address.parse().map(is_allowed), Ok(allowed), "{address}");
        }
    }
}
