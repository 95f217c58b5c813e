//! Installing on a host without systemd: OpenRC, scripts in /etc/init.d, cron. The agent comes back after a crash and after a reboot, and
//! leaves nothing.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use protocol::deploy::StepDetail;
use std::time::{Duration, Instant};
use support::Told;
use support::systemd_host::{SystemdHost, artifacts};
use tactus::collect::agent::{AgentEndpoint, AgentStream};
use tactus::deploy::{Artifacts, install, remove};
use tokio_util::sync::CancellationToken;

const BACK_WITHIN: Duration = Duration::from_secs(20);

/// Installs, and says how the host's init is called.
async fn put(host: &SystemdHost, artifacts: &Artifacts) -> (AgentEndpoint, String) {
    let told = Told::default();
    let installed = install(7, &host.root, artifacts, &|progress| told.hear(progress), CancellationToken::new()).await.unwrap();
    let init = told.last().steps.iter().find_map(|report| match &report.detail {
        Some(StepDetail::System { init, .. }) => Some(init.clone()),
        _ => None,
    });
    let endpoint = AgentEndpoint {
        address: host.root.address.clone(),
        port: installed.agent_port,
        token: installed.token,
        certificate_sha256: installed.certificate_sha256,
    };
    (endpoint, init.unwrap())
}

async fn reads(endpoint: &AgentEndpoint) -> bool {
    match AgentStream::open(endpoint).await {
        Ok(mut stream) => stream.next().await.is_ok(),
        Err(_) => false,
    }
}

async fn comes_back(host: &SystemdHost, endpoint: &AgentEndpoint) {
    let deadline = Instant::now() + BACK_WITHIN;
    while !reads(endpoint).await {
        assert!(Instant::now() < deadline, "{}", host.sh("cat /run/tactus-agent.log; ps ax; ls -l /etc/init.d /etc/cron.d").await);
    }
}

async fn assert_harmless(host: &SystemdHost) {
    let ids = host.sh("grep -E '^(Uid|Gid|Groups|CapEff|NoNewPrivs):' /proc/$(pgrep -f '^/usr/local/lib/tactus/tactus-agent serve')/status | tr -s '\\t ' ' '").await;
    assert_eq!(
        ids, "Uid: 65534 65534 65534 65534\nGid: 65534 65534 65534 65534\nGroups: \nCapEff: 0000000000000000\nNoNewPrivs: 1",
        "the agent has rights"
    );
}

#[tokio::test]
async fn openrc_watches_over_the_agent_and_starts_it_with_the_host() {
    let (Some(artifacts), Some(mut host)) = (artifacts(), SystemdHost::take_openrc().await) else { return };
    let (endpoint, init) = put(&host, &artifacts).await;
    assert_eq!(init, "openrc");
    assert_harmless(&host).await;
    assert!(host.sh("rc-update show default").await.contains("tactus-agent"));
    host.sh("kill -9 $(pgrep -f '^/usr/local/lib/tactus/tactus-agent serve')").await;
    comes_back(&host, &endpoint).await;
    host.reboot().await;
    comes_back(&host, &endpoint).await;
    // Over the one that is there, and away with both.
    let (second, _) = put(&host, &artifacts).await;
    assert_eq!(second.port, endpoint.port);
    assert!(reads(&second).await && !reads(&endpoint).await);
    remove(7, &host.root, &|_| {}, CancellationToken::new()).await.unwrap();
    host.assert_nothing_left().await;
}

#[tokio::test]
async fn a_script_in_init_d_watches_over_the_agent() {
    let (Some(artifacts), Some(host)) = (artifacts(), SystemdHost::take_openrc().await) else { return };
    host.sh("mv /usr/sbin/openrc-run /usr/sbin/openrc-run.away").await;
    let (endpoint, init) = put(&host, &artifacts).await;
    assert_eq!(init, "sysv");
    assert_harmless(&host).await;
    assert_ne!(host.sh("find /etc/rc*.d /etc/runlevels -name '*tactus*' | head -n 1").await, "", "it would not start with the host");
    host.sh("kill -9 $(pgrep -f '^/usr/local/lib/tactus/tactus-agent serve')").await;
    comes_back(&host, &endpoint).await;
    remove(7, &host.root, &|_| {}, CancellationToken::new()).await.unwrap();
    host.assert_nothing_left().await;
    host.sh("mv /usr/sbin/openrc-run.away /usr/sbin/openrc-run").await;
}

#[tokio::test]
async fn cron_starts_the_agent_where_there_is_nothing_else() {
    let (Some(artifacts), Some(mut host)) = (artifacts(), SystemdHost::take_openrc().await) else { return };
    let hide = "for tool in openrc-run update-rc.d; do mv /usr/sbin/$tool /usr/sbin/$tool.away; done";
    let show = "for tool in openrc-run update-rc.d; do mv /usr/sbin/$tool.away /usr/sbin/$tool; done";
    host.sh(hide).await;
    let (endpoint, init) = put(&host, &artifacts).await;
    assert_eq!(init, "cron");
    host.sh("kill -9 $(pgrep -f '^/usr/local/lib/tactus/tactus-agent serve')").await;
    comes_back(&host, &endpoint).await;
    // The host's own services need what was hidden.
    host.sh(show).await;
    host.reboot().await;
    comes_back(&host, &endpoint).await;
    host.sh(hide).await;
    remove(7, &host.root, &|_| {}, CancellationToken::new()).await.unwrap();
    host.assert_nothing_left().await;
    host.sh(show).await;
}
