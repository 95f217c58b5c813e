//! Bridge, network namespaces and cables of the test bed.

use super::names::{BRIDGE, GATEWAY, cable};
use crate::process::{run_quietly, succeeds};
use anyhow::{Context, Result};
use std::fs;
use std::process::Command;

/// Makes the bridge. Nothing that arrives on it is forwarded, whatever this machine forwards otherwise.
pub fn make_bridge() -> Result<()> {
    ip(&["link", "add", BRIDGE, "type", "bridge"])?;
    fs::write(format!("/proc/sys/net/ipv4/conf/{BRIDGE}/forwarding"), "0").context("cannot keep the bridge's packets here")?;
    ip(&["addr", "add", &format!("{GATEWAY}/24"), "dev", BRIDGE])?;
    ip(&["link", "set", BRIDGE, "up"])
}

/// Removes the bridge if it is there.
pub fn remove_bridge() {
    succeeds(Command::new("ip").args(["link", "del", BRIDGE]));
}

/// Makes a namespace with a cable to the bridge and a default route.
pub fn make_namespace(name: &str, address: &str) -> Result<()> {
    let outside = cable(name);
    ip(&["netns", "add", name])?;
    ip(&["link", "add", &outside, "type", "veth", "peer", "name", "host0", "netns", name])?;
    ip(&["link", "set", &outside, "master", BRIDGE, "up"])?;
    ip(&["-n", name, "addr", "add", &format!("{address}/24"), "dev", "host0"])?;
    ip(&["-n", name, "link", "set", "host0", "up"])?;
    ip(&["-n", name, "link", "set", "lo", "up"])?;
    ip(&["-n", name, "route", "add", "default", "via", GATEWAY])
}

/// Removes a namespace with its cable if it is there.
pub fn remove_namespace(name: &str) {
    succeeds(Command::new("ip").args(["netns", "del", name]));
    succeeds(Command::new("ip").args(["link", "del", &cable(name)]));
}

fn ip(arguments: &[&str]) -> Result<()> {
    run_quietly(Command::new("ip").args(arguments))
}
