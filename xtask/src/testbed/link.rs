//! What can happen to the way between this machine and a host: cut, closed port, slow, lossy; and healed again.

use super::names::{cable, folder, host_address, host_name};
use crate::process::{run_quietly, succeeds};
use anyhow::{Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A fault of a link.
#[derive(Clone, Copy, Debug)]
pub enum Link {
    /// No packet passes, and nobody is told.
    Cut,
    /// Packets to and from one TCP port vanish, as behind a firewall that drops.
    Drop { port: u16 },
    /// So many kilobits a second, both ways.
    Slow { kbit: u32 },
    /// So many of a hundred packets vanish, both ways.
    Lossy { percent: u8 },
    /// Everything passes again.
    Heal,
}

/// Changes the link of a host. Faults add up until they are healed.
pub fn change(number: u8, link: Link) -> Result<()> {
    let name = host_name(number);
    if !succeeds(Command::new("ip").args(["link", "show", &cable(&name)])) {
        bail!("there is no host {number}; start some with: cargo xtask testbed up");
    }
    match link {
        Link::Cut => add_rules(number, &[]),
        Link::Drop { port } => add_rules(number, &["port".to_owned(), port.to_string()]),
        Link::Lossy { percent } => {
            let share = f32::from(percent.min(100)) / 100.0;
            add_rules(number, &["lossy".to_owned(), share.to_string()])
        }
        Link::Slow { kbit } => slow(&name, kbit),
        Link::Heal => {
            heal(number);
            Ok(())
        }
    }
}

/// Heals every link that was ever changed, also one of a host that is gone.
pub fn heal_all() {
    let Ok(entries) = fs::read_dir(folder()) else { return };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter_map(|name| name.strip_prefix(RULES)?.parse().ok()).for_each(heal);
}

/// Where the rules of a host are noted, so that whoever comes later can take them out.
const RULES: &str = "rules-";

fn notes(number: u8) -> PathBuf {
    folder().join(format!("{RULES}{number}"))
}

/// Rules of this machine's firewall for both ways: all packets, those of a port, or some.
fn add_rules(number: u8, which: &[String]) -> Result<()> {
    let address = host_address(number);
    for (chain, who, port) in [("OUTPUT", "-d", "--dport"), ("INPUT", "-s", "--sport")] {
        let mut rule: Vec<String> = [chain, who, &address].map(str::to_owned).to_vec();
        match which {
            [kind, number] if kind == "port" => rule.extend(["-p", "tcp", port, number].map(str::to_owned)),
            [kind, share] if kind == "lossy" => {
                rule.extend(["-m", "statistic", "--mode", "random", "--probability", share].map(str::to_owned));
            }
            _ => {}
        }
        rule.extend(["-j", "DROP"].map(str::to_owned));
        let mut noted = fs::read_to_string(notes(number)).unwrap_or_default();
        noted.push_str(&format!("{}\n", rule.join(" ")));
        // Noted first: a rule that is not there does no harm when it is taken out.
        fs::write(notes(number), noted)?;
        run_quietly(Command::new("iptables").arg("-I").args(&rule))?;
    }
    Ok(())
}

fn slow(name: &str, kbit: u32) -> Result<()> {
    let rate = format!("{kbit}kbit");
    let shape = ["root", "tbf", "rate", &rate, "burst", "4kb", "latency", "2s"];
    run_quietly(Command::new("tc").args(["qdisc", "replace", "dev", &cable(name)]).args(shape))?;
    run_quietly(Command::new("ip").args(["netns", "exec", name, "tc", "qdisc", "replace", "dev", "host0"]).args(shape))
}

fn heal(number: u8) {
    for rule in fs::read_to_string(notes(number)).unwrap_or_default().lines() {
        succeeds(Command::new("iptables").arg("-D").args(rule.split(' ')));
    }
    let _ = fs::remove_file(notes(number));
    let name = host_name(number);
    succeeds(Command::new("tc").args(["qdisc", "del", "dev", &cable(&name), "root"]));
    succeeds(Command::new("ip").args(["netns", "exec", &name, "tc", "qdisc", "del", "dev", "host0", "root"]));
}
