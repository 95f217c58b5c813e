//! A key that may only read, on a host with a real systemd and sshd.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use protocol::deploy::{DeployFailure, DeployStep};
use protocol::host::Source;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use support::collection::{Collection, nothing};
use support::systemd_host::{SystemdHost, artifacts, log_in};
use support::{Told, unique, with_key};
use tactus::collect::Target;
use tactus::collect::agent::AgentEndpoint;
use tactus::deploy::{install, remove, restrict};
use tactus::ssh::{Limits, SshError};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn the_key_reads_and_does_nothing_else() {
    let (Some(artifacts), Some(mut host)) = (artifacts(), SystemdHost::take().await) else { return };
    let user = host.add_user(&unique("pw-"), "ALL=(ALL) ALL").await;
    let (name, told) = (user.user.clone(), Told::default());
    let installed = install(7, &user, &artifacts, &|_| {}, CancellationToken::new()).await.unwrap();
    let theirs = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEE theirs";
    let keys = format!("/home/{name}/.ssh/authorized_keys");
    host.sh(&format!(
        "mkdir -p /home/{name}/.ssh; echo '{theirs}' > {keys}; chown -R {name} /home/{name}/.ssh; chmod 700 /home/{name}/.ssh"
    ))
    .await;

    let report = |progress: &_| told.hear(progress);
    let private = restrict(7, &user, installed.agent_port, &report, CancellationToken::new()).await.unwrap();
    assert!(told.last().succeeded(), "{:?}", told.last());
    let lines = host.sh(&format!("cat {keys}")).await;
    let (first, ours) = lines.split_once('\n').unwrap();
    assert_eq!(first, theirs, "what was there stays");
    assert!(
        ours.starts_with("restrict,port-forwarding,permitopen=\"127.0.0.1:9100\",command=") && ours.ends_with(" tactus-may-only-read"),
        "{ours}"
    );
    assert_eq!(host.sh(&format!("stat -c %a {keys}")).await, "644", "the file's mode stays");
    assert!(!host.sh("cat /usr/local/lib/tactus/*.sh").await.contains(private.expose_secret()));

    let restricted = with_key(&user.address, user.port, &name, private.expose_secret(), None);
    let session = log_in(&restricted).await;
    let limits = Limits { total: Duration::from_secs(5), silence: Duration::from_secs(5) };
    for command in ["id", "sh", "cat /etc/passwd", "tactus-read-loop; id", "sh -c id", "scp -t /tmp", "internal-sftp", ""] {
        let output = session.run(command, &SecretString::from("id\n"), limits, &mut |_| {}).await.unwrap();
        assert_eq!((output.stdout.as_str(), output.status), ("", Some(126)), "{command}");
        assert!(output.stderr.contains("refused"), "{command}: {output:?}");
    }
    assert_eq!(session.open_sftp().await.err(), Some(SshError::NoSftp));
    for port in [22, 9101, 25] {
        assert!(session.connect_loopback(port).await.is_err(), "port {port}");
    }
    assert!(session.connect_loopback(9100).await.is_ok());

    // Both ways of reading by it: the agent through the tunnel, and the shell when there is no agent.
    let agent = AgentEndpoint {
        // Nobody answers there, so only the tunnel is left.
        address: "127.0.0.2".into(),
        port: installed.agent_port,
        token: installed.token,
        certificate_sha256: installed.certificate_sha256,
    };
    let ssh = tactus::ssh::Target { pinned_key: Some(installed.host_key), ..restricted.clone() };
    let mut collection = Collection::start(Target { agent: Some(agent), ssh: Some(ssh), restricted: true, ..nothing() });
    collection.until(Source::Tunnel).await;
    host.sh("systemctl stop tactus-agent").await;
    let (reading, _) = collection.until(Source::Ssh).await;
    assert!(reading.outcome.unwrap().cpu.is_some());
    collection.end().await;

    // Once more replaces the line, and the old key is of no use any more.
    host.sh("systemctl start tactus-agent").await;
    restrict(7, &user, installed.agent_port, &|_| {}, CancellationToken::new()).await.unwrap();
    assert_eq!(host.sh(&format!("grep -c tactus-may-only-read {keys}")).await, "1");

    remove(7, &user, &|_| {}, CancellationToken::new()).await.unwrap();
    assert_eq!(host.sh(&format!("cat {keys}")).await, theirs);
    host.assert_nothing_left().await;
    host.delete_users().await;
}

#[tokio::test]
async fn a_key_that_cannot_be_restricted_is_taken_off_again() {
    let (Some(artifacts), Some(mut host)) = (artifacts(), SystemdHost::take().await) else { return };
    let user = host.add_user(&unique("pw-"), "ALL=(ALL) ALL").await;
    let name = user.user.clone();
    let installed = install(7, &user, &artifacts, &|_| {}, CancellationToken::new()).await.unwrap();
    // The sshd takes no keys at all.
    let config = "/etc/ssh/sshd_config.d/zz-no-keys.conf";
    // It is gone for a moment while it reads its configuration again.
    let reload = "systemctl reload ssh; bash -c 'until (: </dev/tcp/127.0.0.1/22) 2>/dev/null; do :; done'";
    host.sh(&format!("printf 'Match User {name}\\n  PubkeyAuthentication no\\n' > {config}; {reload}")).await;
    let told = Told::default();
    let report = |progress: &_| told.hear(progress);
    let failure = restrict(7, &user, installed.agent_port, &report, CancellationToken::new()).await.unwrap_err();
    assert!(matches!(failure, DeployFailure::KeyRejected | DeployFailure::LoginMethodRefused { .. }), "{failure}");
    told.assert_failed(DeployStep::TryKey, &failure);
    assert!(told.last().cleaned);
    assert_eq!(host.sh(&format!("ls -A /home/{name} | grep -c ssh")).await, "0", "a folder that we made is gone, too");
    host.sh(&format!("rm {config}; {reload}")).await;
    remove(7, &user, &|_| {}, CancellationToken::new()).await.unwrap();
    host.assert_nothing_left().await;
    host.delete_users().await;
}
