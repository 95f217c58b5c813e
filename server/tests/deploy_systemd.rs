//! Installing and removing on a host with a real systemd: works, leaves nothing, shows no secret.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use protocol::deploy::{DeployFailure, DeployStep, StepDetail, StepState};
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, Instant};
use support::systemd_host::{SystemdHost, artifacts, log_in};
use support::{Told, unique};
use tactus::collect::agent::{AgentEndpoint, AgentStream};
use tactus::deploy::{Artifacts, Installed, install, remove};
use tactus::ssh::Target;
use tokio_util::sync::CancellationToken;

/// From the order to the first sample. The aim is 3 s in a release build; this guards against a slip into timeouts.
const SLOW: Duration = Duration::from_secs(10);

async fn put(target: &Target, artifacts: &Artifacts) -> (Result<Installed, DeployFailure>, Told) {
    let told = Told::default();
    let outcome = install(7, target, artifacts, &|progress| told.hear(progress), CancellationToken::new()).await;
    (outcome, told)
}

async fn take_off(target: &Target) {
    let told = Told::default();
    let outcome = remove(7, target, &|progress| told.hear(progress), CancellationToken::new()).await;
    assert_eq!(outcome, Ok(()));
    assert!(told.last().succeeded());
}

async fn reads(target: &Target, installed: &Installed) -> bool {
    let endpoint = AgentEndpoint {
        address: target.address.clone(),
        port: installed.agent_port,
        token: installed.token.clone(),
        certificate_sha256: installed.certificate_sha256,
    };
    match AgentStream::open(&endpoint).await {
        Ok(mut stream) => stream.next().await.is_ok(),
        Err(_) => false,
    }
}

#[tokio::test]
async fn root_installs_again_and_removes() {
    let (Some(artifacts), Some(host)) = (artifacts(), SystemdHost::take().await) else { return };
    let start = Instant::now();
    let (outcome, told) = put(&host.root, &artifacts).await;
    let first = outcome.unwrap();
    let (took, last) = (start.elapsed(), told.last());
    let steps: Vec<_> = last.steps.iter().map(|report| (report.step, report.elapsed_ms.unwrap_or_default())).collect();
    eprintln!("first sample after {took:?}: {steps:?}");
    assert!(took < SLOW, "{took:?}: {steps:?}");
    assert!(last.succeeded() && last.cleaned, "{last:?}");
    assert!(last.steps.iter().all(|report| report.state == StepState::Done && report.elapsed_ms.is_some()), "{last:?}");
    assert!(told.count() >= last.steps.len() * 2, "each step is told when it starts and when it ends");
    let system = last.steps.iter().find_map(|report| match &report.detail {
        Some(StepDetail::System { os, init, port, port_was_taken, .. }) => Some((os.clone(), init.clone(), *port, *port_was_taken)),
        _ => None,
    });
    let (os, init, port, taken) = system.unwrap();
    assert!(os.contains("Debian") && init.starts_with("systemd 2"), "{os} {init}");
    assert_eq!((port, taken, first.agent_port), (9100, false, 9100));
    assert!(first.first.cpu.is_some() && first.first.facts.is_some(), "{:?}", first.first);
    assert!(reads(&host.root, &first).await);

    // The sandbox hides nothing that is measured, and shows nothing twice.
    let snapshot = &first.first;
    assert_eq!(snapshot.facts.as_ref().unwrap().host_name, host.sh("hostname").await);
    let mounts: Vec<_> = snapshot.mounts.iter().map(|mount| mount.mount_point.as_str()).collect();
    let of_the_sandbox =
        |place: &&str| ["/tmp", "/var/tmp", "/run/credentials", "/run/systemd", "/dev"].iter().any(|own| place.starts_with(own));
    assert!(mounts.contains(&"/") && !mounts.iter().any(of_the_sandbox), "{mounts:?}; df says: {}", host.sh("df").await);
    let names: Vec<_> = snapshot.processes.as_ref().unwrap().by_memory.iter().map(|process| process.name.as_str()).collect();
    assert!(names.contains(&"systemd") && names.contains(&"sshd"), "{names:?}");

    // As a stranger would look at it.
    let service = host.sh("systemctl show -p User,DynamicUser,ActiveState,UnitFileState,NRestarts tactus-agent | sort").await;
    assert_eq!(service, "ActiveState=active\nDynamicUser=yes\nNRestarts=0\nUnitFileState=enabled\nUser=tactus-agent");
    let uid = host.sh("stat -c %u /proc/$(systemctl show -p MainPID --value tactus-agent)").await;
    assert_ne!(uid, "0");
    let modes = host.sh("stat -c '%a %U %n' /etc/tactus-agent /etc/tactus-agent/* /usr/local/lib/tactus/* | sort").await;
    let expected = "600 root /etc/tactus-agent/certificate.pem\n600 root /etc/tactus-agent/key.pem\n600 root \
                    /etc/tactus-agent/token-sha256\n700 root /etc/tactus-agent\n755 root /usr/local/lib/tactus/tactus-agent";
    assert_eq!(modes, expected);
    assert!(!host.sh("cat /etc/tactus-agent/*").await.contains(first.token.expose_secret()), "the token itself is on the host");
    let security = host.sh("systemd-analyze security --no-pager tactus-agent | tail -n 1").await;
    let score: f32 = security.rsplit(": ").next().and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
    assert!(score <= 2.0, "{security}");

    // Killed, it comes back.
    host.sh("systemctl kill -s KILL tactus-agent").await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while !reads(&host.root, &first).await {
        assert!(Instant::now() < deadline, "{}", host.sh("systemctl status tactus-agent").await);
    }

    let (outcome, _) = put(&host.root, &artifacts).await;
    let second = outcome.unwrap();
    assert_eq!(second.agent_port, 9100);
    assert!(reads(&host.root, &second).await);
    assert!(!reads(&host.root, &first).await, "the first installation's token still opens the second's agent");
    assert_eq!(host.sh("ls -A /usr/local/lib/tactus").await, "tactus-agent");

    take_off(&host.root).await;
    host.assert_nothing_left().await;
    // Once more, where there is nothing.
    take_off(&host.root).await;
    host.assert_nothing_left().await;
}

#[tokio::test]
async fn a_user_with_sudo_installs_and_no_password_shows() {
    let (Some(artifacts), Some(mut host)) = (artifacts(), SystemdHost::take().await) else { return };
    let canary = format!("/tmp/{}", unique("canary-"));
    let passwords =
        [unique("canary-pw-"), format!("x'\"; touch {canary}; $(touch {canary}) `touch {canary}` \\ #tactus-end {}", unique("pw-"))];
    for password in passwords {
        let user = host.add_user(&password, "ALL=(ALL) ALL").await;
        // Looks at every process all the time while the agent is installed, as anybody on the host could.
        let watch = log_in(&host.root).await;
        let limits = tactus::ssh::Limits { total: Duration::from_secs(60), silence: Duration::from_secs(60) };
        let script = "while [ ! -e /tmp/watched ]; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; done \
            | tr '\\0' '\\n' | sort -u > /root/seen; wc -l < /root/seen\n";
        let script = SecretString::from(script);
        let watching = async {
            let output = watch.run("sh -s", &script, limits, &mut |_| {}).await.unwrap();
            assert!(output.stdout.trim().parse::<u32>().unwrap() > 50, "nothing was seen: {output:?}");
        };
        let installing = async {
            let (outcome, told) = put(&user, &artifacts).await;
            let installed = outcome.unwrap();
            assert!(reads(&user, &installed).await);
            let logged_in =
                told.last().steps.iter().any(
                    |report| matches!(&report.detail, Some(StepDetail::LoggedIn { needs_sudo: true, user: name }) if *name == user.user),
                );
            assert!(logged_in);
            take_off(&user).await;
            host.sh("touch /tmp/watched").await;
        };
        tokio::join!(watching, installing);
        let pattern = password.split(' ').next_back().unwrap().to_owned();
        let found = host
            .sh(&format!(
                "rm -f /tmp/watched; grep -c 'tactus-begin' /root/seen
                 grep -rlF '{pattern}' /root/seen /home /var/log /run/log /tmp /etc/tactus-agent /usr/local 2>/dev/null
                 journalctl --no-pager -o export 2>/dev/null | grep -cF '{pattern}'; rm -f /root/seen; ls {canary} 2>/dev/null; true"
            ))
            .await;
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines.len(), 2, "found on the host: {found}");
        assert_ne!(lines[0], "0", "the watcher has not seen our own commands, so it proves nothing");
        assert_eq!(lines[1], "0", "in the journal");
        host.delete_users().await;
        host.assert_nothing_left().await;
    }
}

#[tokio::test]
async fn rights_of_all_kinds() {
    let (Some(artifacts), Some(mut host)) = (artifacts(), SystemdHost::take().await) else { return };
    let password = unique("pw-");
    let free = host.add_user(&password, "ALL=(ALL) NOPASSWD: ALL").await;
    let (outcome, _) = put(&free, &artifacts).await;
    outcome.unwrap();
    take_off(&free).await;
    let one_program = host.add_user(&password, "ALL=(ALL) /usr/bin/ls").await;
    let (outcome, told) = put(&one_program, &artifacts).await;
    assert_eq!(outcome.err(), Some(DeployFailure::SudoNotAllowed { user: one_program.user.clone() }));
    assert_eq!(told.failed_step(), Some(DeployStep::Preflight));
    let usual = host.add_user(&password, "ALL=(ALL) ALL").await;
    let wrong = Target { sudo_password: Some(SecretString::from("wrong")), ..usual.clone() };
    let (outcome, told) = put(&wrong, &artifacts).await;
    assert_eq!(outcome.err(), Some(DeployFailure::WrongSudoPassword));
    told.assert_failed(DeployStep::Preflight, &DeployFailure::WrongSudoPassword);
    host.sh("mv /usr/bin/sudo /usr/bin/sudo.away").await;
    let (outcome, _) = put(&usual, &artifacts).await;
    host.sh("mv /usr/bin/sudo.away /usr/bin/sudo").await;
    assert_eq!(outcome.err(), Some(DeployFailure::SudoMissing));
    host.delete_users().await;
    host.assert_nothing_left().await;
}

#[tokio::test]
async fn a_taken_port_is_said_and_another_one_used() {
    let (Some(artifacts), Some(host)) = (artifacts(), SystemdHost::take().await) else { return };
    let occupy = "systemd-run -q --unit=port-taker --socket-property=ListenStream=9100 true && grep -c ':238C 0*:0000 0A' /proc/net/tcp6";
    assert_eq!(host.sh(occupy).await, "1");
    let (outcome, told) = put(&host.root, &artifacts).await;
    let installed = outcome.unwrap();
    assert_eq!(installed.agent_port, 9101);
    let said =
        told.last().steps.iter().any(|report| matches!(report.detail, Some(StepDetail::System { port: 9101, port_was_taken: true, .. })));
    assert!(said, "{:?}", told.last());
    let (outcome, _) = put(&host.root, &artifacts).await;
    assert_eq!(outcome.unwrap().agent_port, 9101);
    host.sh("systemctl stop port-taker.socket").await;
    take_off(&host.root).await;
    host.assert_nothing_left().await;
}

#[tokio::test]
async fn an_agent_that_does_not_start_is_taken_off() {
    let (Some(artifacts), Some(host)) = (artifacts(), SystemdHost::take().await) else { return };
    let broken = tempfile::tempdir().unwrap();
    let script = "#!/bin/sh\necho cannot work today >&2\nexit 7\n";
    for architecture in tactus::deploy::ARCHITECTURES {
        std::fs::write(broken.path().join(format!("tactus-agent-{architecture}")), script).unwrap();
    }
    let broken = Artifacts::load(broken.path()).unwrap();
    let (outcome, told) = put(&host.root, &broken).await;
    let Err(DeployFailure::ServiceFailed { log }) = outcome else { panic!("{outcome:?}") };
    assert!(log.contains("cannot work today"), "{log}");
    told.assert_failed(DeployStep::Start, &DeployFailure::ServiceFailed { log });
    host.assert_nothing_left().await;

    // An agent that worked before works again.
    let (outcome, _) = put(&host.root, &artifacts).await;
    let before = outcome.unwrap();
    let (outcome, told) = put(&host.root, &broken).await;
    assert!(matches!(outcome, Err(DeployFailure::ServiceFailed { .. })));
    assert!(told.last().cleaned);
    let deadline = Instant::now() + Duration::from_secs(10);
    while !reads(&host.root, &before).await {
        assert!(Instant::now() < deadline, "{}", host.sh("systemctl status tactus-agent").await);
    }
    take_off(&host.root).await;
    host.assert_nothing_left().await;
}

#[tokio::test]
async fn an_agent_that_cannot_be_reached_is_taken_off() {
    let (Some(artifacts), Some(host)) = (artifacts(), SystemdHost::take().await) else { return };
    // What listens is not our agent: it lets the service look well and then talks nonsense.
    let stranger = tempfile::tempdir().unwrap();
    let script = "#!/usr/bin/perl\nuse IO::Socket::INET;\nmy $s = IO::Socket::INET->new(LocalPort => 9100, Listen => 5, ReuseAddr => 1) or die;\n\
        while (my $c = $s->accept) { print $c \"hello\\n\"; close $c }\n";
    for architecture in tactus::deploy::ARCHITECTURES {
        std::fs::write(stranger.path().join(format!("tactus-agent-{architecture}")), script).unwrap();
    }
    let (outcome, told) = put(&host.root, &Artifacts::load(stranger.path()).unwrap()).await;
    let failure = outcome.err().unwrap();
    assert!(matches!(failure, DeployFailure::AgentRejected { .. } | DeployFailure::AgentUnreachable { .. }), "{failure}");
    told.assert_failed(DeployStep::FirstSample, &failure);
    host.assert_nothing_left().await;
    drop(artifacts);
}

#[tokio::test]
async fn full_disks_leave_nothing() {
    let (Some(artifacts), Some(host)) = (artifacts(), SystemdHost::take().await) else { return };
    let full = |path: &str| DeployFailure::DiskFull { path: path.into() };
    for (mount, unmount, step, failure) in [
        // Seen before anything is sent.
        ("mount -t tmpfs -o size=1m x /usr/local/lib", "umount /usr/local/lib", DeployStep::Preflight, full("/usr/local/lib")),
        ("mount -t tmpfs -o size=1m x /tmp; mount -t tmpfs -o size=1m x /root", "umount /tmp /root", DeployStep::Preflight, full("/tmp")),
        // Free bytes, but no file can be made: seen only when it happens.
        (
            "mount -t tmpfs -o size=50m,nr_inodes=2 x /usr/local/lib",
            "umount /usr/local/lib",
            DeployStep::Install,
            full("/usr/local/lib/tactus"),
        ),
    ] {
        host.sh(mount).await;
        let (outcome, told) = put(&host.root, &artifacts).await;
        let left = host.residue().await;
        host.sh(unmount).await;
        assert_eq!(outcome.err().as_ref(), Some(&failure), "{mount}");
        told.assert_failed(step, &failure);
        assert_eq!(left, "", "{mount}");
        host.assert_nothing_left().await;
    }
}

#[tokio::test]
async fn a_stop_at_any_step_leaves_nothing() {
    let (Some(artifacts), Some(host)) = (artifacts(), SystemdHost::take().await) else { return };
    use DeployStep::{FirstSample, Install, Preflight, Start, Upload};
    for step in [Preflight, Upload, Install, Start, FirstSample] {
        let (told, cancel) = (Told::default(), CancellationToken::new());
        let report = |progress: &protocol::deploy::DeployProgress| {
            told.hear(progress);
            if progress.steps.iter().any(|report| report.step == step && report.state == StepState::Running) {
                cancel.cancel();
            }
        };
        let start = Instant::now();
        let outcome = install(7, &host.root, &artifacts, &report, cancel.clone()).await;
        assert_eq!(outcome.err(), Some(DeployFailure::Cancelled), "{step:?}");
        told.assert_failed(step, &DeployFailure::Cancelled);
        assert!(start.elapsed() < SLOW, "{step:?}: {:?}", start.elapsed());
        host.assert_nothing_left().await;
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_again_to_clean_up() {
    let (Some(artifacts), Some(host)) = (artifacts(), SystemdHost::take().await) else { return };
    let admin = log_in(&host.root).await;
    let limits = tactus::ssh::Limits { total: Duration::from_secs(20), silence: Duration::from_secs(20) };
    // Ends every SSH session that begins from now on as soon as the agent is in its place.
    let script = SecretString::from(
        "keep=$(pgrep -f 'sshd: root' | tr '\\n' ' ')
         echo ready
         while [ ! -e /etc/tactus-agent ]; do :; done
         for pid in $(pgrep -f 'sshd: root'); do case \" $keep \" in *\" $pid \"*) ;; *) kill -KILL $pid; echo cut; esac; done\n",
    );
    let (tell, ready) = tokio::sync::oneshot::channel();
    let mut tell = Some(tell);
    let mut on_line = |_: &str| {
        if let Some(tell) = tell.take() {
            tell.send(()).unwrap();
        }
    };
    let cutting = async { admin.run("sh -s", &script, limits, &mut on_line).await.unwrap().stdout };
    let installing = async {
        ready.await.unwrap();
        put(&host.root, &artifacts).await
    };
    let (cut, (outcome, told)) = tokio::join!(cutting, installing);
    assert!(cut.contains("cut"), "{cut}");
    assert_eq!(outcome.err(), Some(DeployFailure::Disconnected));
    assert!(told.last().cleaned, "{:?}", told.last());
    host.assert_nothing_left().await;
}

#[tokio::test]
async fn the_agent_comes_back_with_the_host() {
    let (Some(artifacts), Some(mut host)) = (artifacts(), SystemdHost::take().await) else { return };
    let (outcome, _) = put(&host.root, &artifacts).await;
    let installed = outcome.unwrap();
    host.reboot().await;
    let deadline = Instant::now() + Duration::from_secs(20);
    while !reads(&host.root, &installed).await {
        assert!(Instant::now() < deadline, "{}", host.sh("systemctl status tactus-agent").await);
    }
    take_off(&host.root).await;
    host.assert_nothing_left().await;
}
