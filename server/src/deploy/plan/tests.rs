//! Plans for hosts of all kinds.

#![allow(clippy::unwrap_used)]

use super::super::preflight::InstalledAgent;
use super::*;
use std::collections::BTreeSet;

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 7));

fn good_host() -> Facts {
    Facts {
        system: "Linux".into(),
        machine: "x86_64".into(),
        init: "systemd".into(),
        systemd_version: Some(252),
        uid: Some(0),
        user: "root".into(),
        home: Some("/root".into()),
        tmp_free_kib: Some(100_000),
        home_free_kib: Some(100_000),
        lib_free_kib: Some(100_000),
        etc_free_kib: Some(100_000),
        ipv6_only: Some(false),
        root: true,
        ..Facts::default()
    }
}

fn decide_for(change: impl FnOnce(&mut Facts)) -> Result<Plan, DeployFailure> {
    let mut facts = good_host();
    change(&mut facts);
    decide(&facts, |architecture| (architecture == "x86_64").then_some(2_000_000), PEER, "abc")
}

#[test]
fn a_good_host_gets_the_usual_plan() {
    let plan = Plan {
        architecture: "x86_64",
        init: Init::Systemd,
        listen: "[::]:9100".parse().unwrap(),
        port_was_taken: false,
        uploads: "/tmp/tactus-upload-abc".into(),
    };
    assert_eq!(decide_for(|_| {}), Ok(plan));
}

#[test]
fn reasons_against_an_installation() {
    let full = |path: &str| DeployFailure::DiskFull { path: path.into() };
    type Case = (fn(&mut Facts), DeployFailure);
    let cases: [Case; 12] = [
        (|facts| facts.system = "FreeBSD".into(), DeployFailure::NotLinux { found: "FreeBSD".into() }),
        (|facts| facts.machine = "riscv64".into(), DeployFailure::UnknownArchitecture { found: "riscv64".into() }),
        (|facts| facts.machine = "arm64".into(), DeployFailure::AgentNotBundled { architecture: "aarch64".into() }),
        (|facts| (facts.root, facts.sudo_missing) = (false, true), DeployFailure::SudoMissing),
        (|facts| facts.init = "runit".into(), DeployFailure::UnknownInit { init: "runit".into() }),
        (|facts| facts.readonly.push("/etc".into()), DeployFailure::NotWritable { path: "/etc".into(), reason: "read-only".into() }),
        (|facts| facts.lib_free_kib = Some(1_900), full("/usr/local/lib")),
        (|facts| (facts.lib_free_kib, facts.agent) = (Some(3_000), Some(InstalledAgent::default())), full("/usr/local/lib")),
        (|facts| facts.etc_free_kib = Some(3), full("/etc")),
        (|facts| (facts.tmp_free_kib, facts.home_free_kib) = (Some(5), Some(5)), full("/tmp")),
        (|facts| (facts.tmp_free_kib, facts.home_free_kib) = (None, Some(5)), full("/root")),
        (|facts| facts.listening = (9100..=9109).collect(), DeployFailure::NoFreePort { first: 9100, last: 9109 }),
    ];
    for (change, failure) in cases {
        assert_eq!(decide_for(change), Err(failure.clone()), "{failure}");
    }
}

#[test]
fn ports() {
    let ours = |port, state: &str| Some(InstalledAgent { port, state: state.into() });
    for (listening, agent, port) in [
        (vec![], None, 9100),
        (vec![9100], None, 9101),
        (vec![9100, 9101], None, 9102),
        (vec![9101], None, 9100),
        (vec![9100], ours(Some(9100), "active"), 9100),
        (vec![9100], ours(Some(9100), "failed"), 9101),
        (vec![9100, 9101], ours(Some(9101), "active"), 9101),
        (vec![9100], ours(None, "active"), 9101),
    ] {
        let plan = decide_for(|facts| {
            facts.listening = listening.iter().copied().collect::<BTreeSet<_>>();
            facts.agent.clone_from(&agent);
        })
        .unwrap();
        assert_eq!((plan.listen.port(), plan.port_was_taken), (port, port != 9100), "{listening:?} {agent:?}");
    }
}

#[test]
fn places_for_uploads_and_addresses() {
    let plan = decide_for(|facts| facts.tmp_free_kib = Some(5)).unwrap();
    assert_eq!(plan.uploads, "/root/.tactus-upload-abc");
    for (ipv6_only, listen) in [(None, "0.0.0.0:9100"), (Some(true), "0.0.0.0:9100"), (Some(false), "[::]:9100")] {
        assert_eq!(decide_for(|facts| facts.ipv6_only = ipv6_only).unwrap().listen.to_string(), listen);
    }
}

#[test]
fn the_unit_file_names_the_listening_address_once() {
    let unit = unit_file(Init::Systemd, "[::]:9101".parse().unwrap());
    assert!(unit.contains("\nExecStart=/usr/local/lib/tactus/tactus-agent serve --listen [::]:9101\n"), "{unit}");
    assert!(!unit.contains("@LISTEN@"), "{unit}");
}

#[test]
fn every_init_gets_a_service_of_its_own() {
    for (init, version, expected, needs) in [
        ("systemd", Some(247), Init::Systemd, "LoadCredential="),
        ("systemd", Some(219), Init::OldSystemd, "--drop-to 65534"),
        ("systemd", None, Init::OldSystemd, "--drop-to 65534"),
        ("openrc", None, Init::OpenRc, "supervise-daemon"),
        ("sysv", None, Init::Script, "### BEGIN INIT INFO"),
        ("cron", None, Init::Script, "supervise)"),
    ] {
        let plan = decide_for(|facts| (facts.init, facts.systemd_version) = (init.into(), version)).unwrap();
        assert_eq!(plan.init, expected, "{init}");
        let unit = unit_file(plan.init, plan.listen);
        assert!(unit.contains(needs) && unit.contains("--listen [::]:9100") && !unit.contains("@LISTEN@"), "{unit}");
    }
}

#[test]
fn an_upgrade_needs_an_agent_and_room() {
    let plan = |change: fn(&mut Facts)| {
        let mut facts = Facts { agent: Some(InstalledAgent::default()), ..good_host() };
        change(&mut facts);
        decide_upgrade(&facts, 2_000_000, "abc")
    };
    assert_eq!(plan(|_| {}), Ok("/tmp/tactus-upload-abc".into()));
    assert_eq!(plan(|facts| facts.agent = None), Err(DeployFailure::NoAgent));
    assert_eq!(plan(|facts| facts.lib_free_kib = Some(3_000)), Err(DeployFailure::DiskFull { path: "/usr/local/lib".into() }));
    assert_eq!(plan(|facts| (facts.root, facts.sudo_missing) = (false, true)), Err(DeployFailure::SudoMissing));
}
