//! Logins, files and commands against a real sshd on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use protocol::deploy::{DeployFailure, DeployStep, StepDetail, StepReport, StepState};
use secrecy::SecretString;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};
use support::sshd::{Sshd, User};
use support::systemd_host::log_in;
use support::{Told, is_root, skip, unique, with_key, with_password};
use tactus::deploy::{Artifacts, install, remove};
use tactus::ssh::{Deadlines, Limits, SshError, Target, exchange_keys, prepare, reach};
use tokio_util::sync::CancellationToken;

const LIMITS: Limits = Limits { total: Duration::from_secs(5), silence: Duration::from_secs(2) };

fn login(sshd: &Sshd, user: &User) -> Target {
    with_password("127.0.0.1", sshd.port, &user.name, &user.password)
}

/// Tries to log in.
async fn try_log_in(target: &Target) -> Result<(), SshError> {
    let deadlines = Deadlines::default();
    let credential = prepare(&target.credential).await?;
    let unproven = exchange_keys(reach(target, &deadlines).await?, target, &deadlines).await?;
    unproven.log_in(&target.user, &credential, &deadlines).await?.close().await;
    Ok(())
}

/// Installs, and expects a failure.
async fn fails(target: &Target, step: DeployStep, failure: &DeployFailure) {
    let agents = tempfile::tempdir().unwrap();
    std::fs::write(agents.path().join("tactus-agent-x86_64"), "x86").unwrap();
    std::fs::write(agents.path().join("tactus-agent-aarch64"), "arm").unwrap();
    let (told, artifacts) = (Told::default(), Artifacts::load(agents.path()).unwrap());
    let outcome = install(7, target, &artifacts, &|progress| told.hear(progress), CancellationToken::new()).await;
    assert_eq!(outcome.err().as_ref(), Some(failure));
    told.assert_failed(step, failure);
}

#[tokio::test]
async fn a_wrong_password() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let target = with_password("127.0.0.1", sshd.port, &user.name, "wrong");
    fails(&target, DeployStep::Authenticate, &DeployFailure::WrongPassword).await;
    let nobody = with_password("127.0.0.1", sshd.port, &unique("nobody-"), "wrong");
    fails(&nobody, DeployStep::Authenticate, &DeployFailure::WrongPassword).await;
    assert_eq!(try_log_in(&login(&sshd, &user)).await, Ok(()));
}

/// As `cargo xtask run` leaves it for a minute: the page is there, the agent is not yet.
#[tokio::test]
async fn an_agent_that_is_being_compiled() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let target = login(&sshd, &user);
    let (agents, architecture) = (tempfile::tempdir().unwrap(), std::env::consts::ARCH);
    let coming = File::create(agents.path().join(format!("tactus-agent-{architecture}.coming"))).unwrap();
    coming.lock().unwrap();
    let (told, artifacts) = (Told::default(), Artifacts::load(agents.path()).unwrap());
    let waits = |report: &StepReport| {
        report.step == DeployStep::Preflight && report.state == StepState::Running && report.detail == Some(StepDetail::AgentIsCompiled)
    };
    let compiler = async {
        while told.count() == 0 || !told.last().steps.iter().any(waits) {
            tokio::task::yield_now().await;
        }
        // It ends without an agent.
        drop(coming);
    };
    let hear = |progress: &_| told.hear(progress);
    let installing = install(7, &target, &artifacts, &hear, CancellationToken::new());
    let both = async { tokio::join!(installing, compiler) };
    let (outcome, ()) = tokio::time::timeout(Duration::from_secs(30), both).await.expect("it still waits");
    let failure = DeployFailure::AgentNotBundled { architecture: architecture.into() };
    assert_eq!(outcome.err().as_ref(), Some(&failure));
    told.assert_failed(DeployStep::Preflight, &failure);
}

#[tokio::test]
async fn keys_of_every_kind() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("PasswordAuthentication no");
    let user = sshd.add_user();
    let target = |text: &str, passphrase| with_key("127.0.0.1", sshd.port, &user.name, text, passphrase);
    for options in [
        &["-t", "ed25519", "-N", ""][..],
        &["-t", "ecdsa", "-b", "256", "-N", ""],
        &["-t", "ecdsa", "-b", "521", "-N", ""],
        &["-t", "rsa", "-b", "2048", "-N", ""],
        &["-t", "rsa", "-b", "2048", "-N", "", "-m", "PEM"],
        &["-t", "rsa", "-b", "2048", "-N", "", "-m", "PKCS8"],
    ] {
        let key = sshd.add_key(&user, options);
        assert_eq!(try_log_in(&target(&key, None)).await, Ok(()), "{options:?}");
        let pasted = key.replace('\n', " \r\n  ");
        assert_eq!(try_log_in(&target(&pasted, None)).await, Ok(()), "{options:?}, pasted");
    }
    for options in [&["-t", "ed25519", "-a", "1", "-N", "open sesame"][..], &["-t", "rsa", "-N", "open sesame", "-m", "PKCS8"]] {
        let key = sshd.add_key(&user, options);
        assert_eq!(try_log_in(&target(&key, Some("open sesame"))).await, Ok(()), "{options:?}");
        for wrong in [None, Some(""), Some("wrong")] {
            assert_eq!(try_log_in(&target(&key, wrong)).await, Err(SshError::WrongPassphrase), "{options:?} {wrong:?}");
        }
    }
}

#[tokio::test]
async fn a_key_that_the_host_does_not_know() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let (user, other) = (sshd.add_user(), sshd.add_user());
    let key = sshd.add_key(&other, &["-t", "ed25519", "-N", ""]);
    fails(&with_key("127.0.0.1", sshd.port, &user.name, &key, None), DeployStep::Authenticate, &DeployFailure::KeyRejected).await;
}

#[tokio::test]
async fn methods_that_the_host_does_not_offer() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("PasswordAuthentication no");
    let user = sshd.add_user();
    let refused = DeployFailure::LoginMethodRefused { offered: "publickey".into() };
    fails(&login(&sshd, &user), DeployStep::Authenticate, &refused).await;

    let mut sshd = Sshd::start("PubkeyAuthentication no");
    let user = sshd.add_user();
    let key = sshd.add_key(&user, &["-t", "ed25519", "-N", ""]);
    let refused = DeployFailure::LoginMethodRefused { offered: "password".into() };
    fails(&with_key("127.0.0.1", sshd.port, &user.name, &key, None), DeployStep::Authenticate, &refused).await;

    let mut sshd = Sshd::start("AuthenticationMethods publickey,password");
    let user = sshd.add_user();
    let key = sshd.add_key(&user, &["-t", "ed25519", "-N", ""]);
    let refused = DeployFailure::LoginMethodRefused { offered: "password".into() };
    fails(&with_key("127.0.0.1", sshd.port, &user.name, &key, None), DeployStep::Authenticate, &refused).await;
}

#[tokio::test]
async fn a_password_that_the_host_asks_for_as_a_question() {
    if !is_root() {
        return;
    }
    if !Path::new("/etc/pam.d/sshd").exists() {
        return skip("needs /etc/pam.d/sshd");
    }
    let mut sshd = Sshd::start("UsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication yes");
    let user = sshd.add_user();
    assert_eq!(try_log_in(&login(&sshd, &user)).await, Ok(()));
    let wrong = with_password("127.0.0.1", sshd.port, &user.name, "wrong");
    assert_eq!(try_log_in(&wrong).await, Err(SshError::WrongPassword));
}

#[tokio::test]
async fn a_user_without_sudo_right() {
    if !is_root() {
        return;
    }
    if !Path::new("/usr/bin/sudo").exists() {
        return skip("needs sudo");
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let target = login(&sshd, &user);
    fails(&target, DeployStep::Preflight, &DeployFailure::SudoNotAllowed { user: user.name.clone() }).await;
    let wrong = Target { sudo_password: Some(SecretString::from("wrong")), ..target.clone() };
    fails(&wrong, DeployStep::Preflight, &DeployFailure::WrongSudoPassword).await;
    let told = Told::default();
    let outcome = remove(7, &target, &|progress| told.hear(progress), CancellationToken::new()).await;
    assert_eq!(outcome, Err(DeployFailure::SudoNotAllowed { user: user.name.clone() }));
    assert_eq!(told.failed_step(), Some(DeployStep::Preflight));
}

#[tokio::test]
async fn another_host_key_learns_nothing() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let changed = DeployFailure::HostKeyChanged { expected: other.clone(), found: sshd.fingerprint() };
    let target = Target { pinned_key: Some(other), ..login(&sshd, &user) };
    fails(&target, DeployStep::HostKey, &changed).await;
    assert!(!sshd.log().contains("userauth-request"), "{}", sshd.log());
    let pinned = Target { pinned_key: Some(sshd.fingerprint()), ..login(&sshd, &user) };
    assert_eq!(try_log_in(&pinned).await, Ok(()));
    assert!(sshd.log().contains("userauth-request"), "the log would not have shown an attempt");
}

#[tokio::test]
async fn hosts_that_are_not_for_us() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let answer = |lines: &str| format!("#!/bin/sh\ncat >/dev/null\nprintf '{lines}end=yes\\n'\n");
    for (lines, failure) in [
        ("system=Linux\\nmachine=riscv64\\n", DeployFailure::UnknownArchitecture { found: "riscv64".into() }),
        ("system=FreeBSD\\nmachine=amd64\\n", DeployFailure::NotLinux { found: "FreeBSD".into() }),
        ("system=Linux\\nmachine=x86_64\\nroot=yes\\ninit=runit\\n", DeployFailure::UnknownInit { init: "runit".into() }),
    ] {
        let program = sshd.write_program(&answer(lines));
        let mut forced = Sshd::start(&format!("ForceCommand {}", program.display()));
        let user = forced.add_user();
        fails(&login(&forced, &user), DeployStep::Preflight, &failure).await;
    }
    let user = sshd.add_user();
    support::sshd::run("chage", &["-d", "0", &user.name]);
    fails(&login(&sshd, &user), DeployStep::Preflight, &DeployFailure::PasswordExpired).await;
    let user = sshd.add_user();
    support::sshd::run("usermod", &["-s", "/usr/sbin/nologin", &user.name]);
    let closed = "the host runs no commands: This account is currently not available.";
    fails(&login(&sshd, &user), DeployStep::Preflight, &DeployFailure::Unexpected { reason: closed.into() }).await;
}

#[tokio::test]
async fn a_host_without_sftp() {
    if !is_root() {
        return;
    }
    for subsystem in ["", "Subsystem sftp /nonexistent"] {
        let mut sshd = Sshd::start_with("", subsystem);
        let user = sshd.add_user();
        let session = log_in(&login(&sshd, &user)).await;
        assert_eq!(session.open_sftp().await.err(), Some(SshError::NoSftp), "{subsystem:?}");
        // The connection survives it.
        let output = session.run("echo here", &SecretString::default(), LIMITS, &mut |_| {}).await.unwrap();
        assert_eq!(output.stdout, "here\n");
    }
}

#[tokio::test]
async fn files_arrive_whole_and_private() {
    if !is_root() {
        return;
    }
    // One channel at a time, as some administrators have it.
    let mut sshd = Sshd::start("MaxSessions 1");
    let user = sshd.add_user();
    let session = log_in(&login(&sshd, &user)).await;
    let bytes: Vec<u8> = (0..3_000_017_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let directory = user.home.join("new").display().to_string();
    let sftp = session.open_sftp().await.unwrap();
    sftp.create_private_dir(&directory).await.unwrap();
    sftp.write_new(&directory, "file", &bytes, 0o600).await.unwrap();
    let again = sftp.write_new(&directory, "file", b"other", 0o600).await;
    assert!(matches!(again, Err(SshError::NotWritable { .. })), "{again:?}");
    let elsewhere = sftp.create_private_dir("/proc/tactus").await;
    assert!(matches!(elsewhere, Err(SshError::NotWritable { .. })), "{elsewhere:?}");
    sftp.close().await;
    assert_eq!(std::fs::read(user.home.join("new/file")).unwrap(), bytes);
    let modes = support::sshd::output("stat", &["-c", "%a", &directory, &format!("{directory}/file")]);
    assert_eq!(modes, "700\n600\n");
    let output = session.run("wc -c < new/file", &SecretString::default(), LIMITS, &mut |_| {}).await.unwrap();
    assert_eq!(output.stdout, "3000017\n");
}

#[tokio::test]
async fn a_full_disk() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    for (options, name) in [("size=1m,mode=777", "few-bytes"), ("size=8m,nr_inodes=2,mode=777", "few-inodes")] {
        let folder = user.home.join(name);
        std::fs::create_dir(&folder).unwrap();
        sshd.mount_tmpfs(&folder, options);
        let session = log_in(&login(&sshd, &user)).await;
        let sftp = session.open_sftp().await.unwrap();
        let directory = folder.join("d").display().to_string();
        sftp.create_private_dir(&directory).await.unwrap();
        let written = sftp.write_new(&directory, "file", &vec![7; 2_000_000], 0o600).await;
        assert_eq!(written, Err(SshError::DiskFull { path: directory }), "{options}");
    }
}

#[tokio::test]
async fn commands_that_never_end() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let user = sshd.add_user();
    let session = log_in(&login(&sshd, &user)).await;
    let (nothing, start) = (SecretString::default(), Instant::now());
    assert_eq!(session.run("yes", &nothing, LIMITS, &mut |_| {}).await.err(), Some(SshError::TooMuchOutput(65_536)));
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(session.run("exec sleep 100", &nothing, LIMITS, &mut |_| {}).await.err(), Some(SshError::TimedOut(LIMITS.silence)));
    assert!(start.elapsed() < Duration::from_secs(5));
    let killed = session.run("kill -9 $$", &nothing, LIMITS, &mut |_| {}).await.unwrap();
    assert_eq!(killed.status, None);
    let failed = session.run("echo no >&2; exit 3", &nothing, LIMITS, &mut |_| {}).await.unwrap();
    assert_eq!((failed.status, failed.stderr.as_str()), (Some(3), "no\n"));
}

#[tokio::test]
async fn fields_with_shell_signs_touch_nothing() {
    if !is_root() {
        return;
    }
    let mut sshd = Sshd::start("");
    let canary = std::env::temp_dir().join(unique("tactus-canary-"));
    let user = sshd.add_user();
    let shown = canary.display();
    for text in [
        format!("; touch {shown}"),
        format!("$(touch {shown})"),
        format!("`touch {shown}`"),
        format!("-oProxyCommand=touch {shown}"),
        format!("x\ntouch {shown}\n"),
    ] {
        let as_user = with_password("127.0.0.1", sshd.port, &text, &text);
        assert!(try_log_in(&as_user).await.is_err());
        let as_sudo = Target { sudo_password: Some(SecretString::from(text.as_str())), ..login(&sshd, &user) };
        let artifacts = Artifacts::load(Path::new("/nonexistent")).unwrap();
        assert!(install(7, &as_sudo, &artifacts, &|_| {}, CancellationToken::new()).await.is_err());
        let told = Told::default();
        assert!(remove(7, &as_sudo, &|progress| told.hear(progress), CancellationToken::new()).await.is_err());
        // A label of more than 63 characters keeps it from any resolver.
        let as_address = with_password(&format!("{text}{}", "x".repeat(64)), sshd.port, "ada", "x");
        assert!(matches!(try_log_in(&as_address).await, Err(SshError::NameNotFound)), "{text}");
    }
    assert!(!canary.exists());
}
