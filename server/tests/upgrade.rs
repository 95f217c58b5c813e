//! Replacing an agent by a newer one on a host with a real systemd, and the seven ways in which that fails: the old one runs again.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use protocol::deploy::{DeployFailure, DeployProgress, DeployStep, StepState};
use protocol::snapshot::Snapshot;
use std::time::{Duration, Instant};
use support::Told;
use support::relay::Relay;
use support::systemd_host::{SystemdHost, artifacts};
use tactus::collect::agent::{AgentEndpoint, AgentStream};
use tactus::deploy::{ARCHITECTURES, Artifacts, install, remove, upgrade};
use tactus::ssh::Target;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// How long a host may be without its old agent after an upgrade that failed.
const BACK_WITHIN: Duration = Duration::from_secs(30);

const MARK: &str = "tactus-agent-version=";

/// A host with an agent, and how to read that.
struct Upgraded {
    host: SystemdHost,
    endpoint: AgentEndpoint,
}

impl Upgraded {
    async fn install(artifacts: &Artifacts) -> Option<Self> {
        let host = SystemdHost::take().await?;
        let installed = install(7, &host.root, artifacts, &|_| {}, CancellationToken::new()).await.unwrap();
        let endpoint = AgentEndpoint {
            address: host.root.address.clone(),
            port: installed.agent_port,
            token: installed.token,
            certificate_sha256: installed.certificate_sha256,
        };
        Some(Self { host, endpoint })
    }

    async fn upgrade(&self, artifacts: &Artifacts) -> (Result<Snapshot, DeployFailure>, Told) {
        self.upgrade_over(&self.host.root, artifacts, &|_| {}).await
    }

    async fn upgrade_over(
        &self,
        target: &Target,
        artifacts: &Artifacts,
        also: &(dyn Fn(&DeployProgress) + Send + Sync),
    ) -> (Result<Snapshot, DeployFailure>, Told) {
        let told = Told::default();
        let report = |progress: &DeployProgress| {
            told.hear(progress);
            also(progress);
        };
        let outcome = upgrade(7, target, &self.endpoint, artifacts, &report, CancellationToken::new()).await;
        (outcome, told)
    }

    /// Version of the agent that answers; `None` when none does.
    async fn version(&self) -> Option<String> {
        let mut stream = AgentStream::open(&self.endpoint).await.ok()?;
        Some(stream.next().await.ok()?.facts?.reader_version)
    }

    /// The old agent answers, and nothing of the new one is left.
    async fn assert_old_runs(&self, since: Instant) {
        while self.version().await.as_deref() != Some(tactus_version()) {
            assert!(since.elapsed() < BACK_WITHIN, "{}", self.host.sh("systemctl status tactus-agent; ls -lR /usr/local/lib/tactus").await);
        }
        let left = "ls -A /usr/local/lib/tactus; ls -d /tmp/*tactus-upload* 2>/dev/null; systemctl is-enabled tactus-agent";
        assert_eq!(self.host.sh(left).await, "tactus-agent\nenabled");
    }

    async fn end(self) {
        remove(7, &self.host.root, &|_| {}, CancellationToken::new()).await.unwrap();
        self.host.assert_nothing_left().await;
    }
}

fn tactus_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Agents of another version, made from the real ones by `change`.
fn changed(real: &Artifacts, change: impl Fn(Vec<u8>) -> Vec<u8>) -> (TempDir, Artifacts) {
    let folder = tempfile::tempdir().unwrap();
    for architecture in ARCHITECTURES.into_iter().filter(|architecture| real.size(architecture).is_some()) {
        let runtime = tokio::runtime::Handle::current();
        let bytes = tokio::task::block_in_place(|| runtime.block_on(real.read(architecture))).unwrap().bytes;
        std::fs::write(folder.path().join(format!("tactus-agent-{architecture}")), change(bytes)).unwrap();
    }
    let artifacts = Artifacts::load(folder.path()).unwrap();
    (folder, artifacts)
}

/// The same program, which says that it is a newer one.
fn newer(mut bytes: Vec<u8>) -> Vec<u8> {
    let mark = format!("{MARK}{};", tactus_version());
    let at = bytes.windows(mark.len()).position(|window| window == mark.as_bytes()).expect("the agent does not say its version");
    let version = at + MARK.len();
    bytes[version..version + tactus_version().len()].fill(b'9');
    bytes[version + 1] = b'.';
    bytes[version + 3] = b'.';
    bytes
}

fn script(text: &str) -> impl Fn(Vec<u8>) -> Vec<u8> {
    let text = format!("#!/bin/sh\n# {MARK}9.9.9;\n{text}\n").into_bytes();
    move |_| text.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_agent_takes_over_with_the_same_secrets() {
    let Some(real) = artifacts() else { return };
    let Some(upgraded) = Upgraded::install(&real).await else { return };
    let (_folder, new) = changed(&real, newer);
    assert_eq!(new.version(std::env::consts::ARCH).as_deref(), Some("9.9.9"));
    let secrets = upgraded.host.sh("sha256sum /etc/tactus-agent/* /etc/systemd/system/tactus-agent.service").await;
    let (outcome, told) = upgraded.upgrade(&new).await;
    assert_eq!(outcome.unwrap().facts.unwrap().reader_version, "9.9.9");
    assert!(told.last().succeeded());
    assert!(told.last().steps.iter().all(|report| report.state == StepState::Done), "{:?}", told.last());
    assert_eq!(upgraded.version().await.as_deref(), Some("9.9.9"));
    assert_eq!(upgraded.host.sh("sha256sum /etc/tactus-agent/* /etc/systemd/system/tactus-agent.service").await, secrets);
    assert_eq!(upgraded.host.sh("ls -A /usr/local/lib/tactus").await, "tactus-agent");

    // Back again is a downgrade, which is refused before anything is touched.
    let before = upgraded.host.sh("systemctl show -p InvocationID --value tactus-agent").await;
    let (outcome, told) = upgraded.upgrade(&real).await;
    let refused = DeployFailure::NotOlder { running: "9.9.9".into(), bundled: tactus_version().into() };
    assert_eq!(outcome.err(), Some(refused.clone()));
    told.assert_failed(DeployStep::Preflight, &refused);
    assert_eq!(upgraded.host.sh("systemctl show -p InvocationID --value tactus-agent").await, before, "it was started anew");
    upgraded.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_with_a_bad_hash_changes_nothing() {
    let Some(real) = artifacts() else { return };
    let Some(upgraded) = Upgraded::install(&real).await else { return };
    let (_folder, new) = changed(&real, newer);
    let fake =
        "mkdir -p /usr/local/sbin; printf '#!/bin/sh\\necho 00  x\\n' > /usr/local/sbin/sha256sum; chmod 755 /usr/local/sbin/sha256sum";
    upgraded.host.sh(fake).await;
    let (outcome, told) = upgraded.upgrade(&new).await;
    upgraded.host.sh("rm /usr/local/sbin/sha256sum").await;
    assert_eq!(outcome.err(), Some(DeployFailure::UploadCorrupted));
    told.assert_failed(DeployStep::Upload, &DeployFailure::UploadCorrupted);
    upgraded.assert_old_runs(Instant::now()).await;
    upgraded.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_to_a_truncated_agent_is_undone() {
    let Some(real) = artifacts() else { return };
    let Some(upgraded) = Upgraded::install(&real).await else { return };
    let (_folder, new) = changed(&real, |bytes| {
        let mut bytes = newer(bytes);
        let mark = bytes.windows(MARK.len()).position(|window| window == MARK.as_bytes()).unwrap();
        bytes.truncate((mark + 100).max(bytes.len() / 2).min(bytes.len() - 1_000));
        bytes
    });
    assert_undone(&upgraded, &new, DeployStep::Start).await;
    upgraded.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_to_an_agent_that_crashes_is_undone() {
    let Some(real) = artifacts() else { return };
    let Some(upgraded) = Upgraded::install(&real).await else { return };
    let (_folder, new) = changed(&real, script("echo cannot work today >&2; exit 7"));
    assert_undone(&upgraded, &new, DeployStep::Start).await;
    upgraded.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_to_an_agent_that_hangs_is_undone() {
    let Some(real) = artifacts() else { return };
    let Some(upgraded) = Upgraded::install(&real).await else { return };
    let (_folder, new) = changed(&real, script("exec sleep 1000"));
    assert_undone(&upgraded, &new, DeployStep::Start).await;
    upgraded.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_on_a_full_disk_changes_nothing() {
    let Some(real) = artifacts() else { return };
    let Some(upgraded) = Upgraded::install(&real).await else { return };
    let (_folder, new) = changed(&real, newer);
    let lib = "/usr/local/lib/tactus";
    upgraded
        .host
        .sh(&format!("rm -rf /root/lib; cp -a {lib} /root/lib; mount -t tmpfs -o size=3m,mode=755 x {lib}; cp -a /root/lib/. {lib}"))
        .await;
    let (outcome, told) = upgraded.upgrade(&new).await;
    let failure = outcome.err().unwrap();
    assert!(matches!(&failure, DeployFailure::DiskFull { path } if path.starts_with(lib)), "{failure}");
    told.assert_failed(DeployStep::Install, &failure);
    assert!(told.last().cleaned);
    upgraded.assert_old_runs(Instant::now()).await;
    upgraded.host.sh(&format!("umount -l {lib}; rm -rf /root/lib")).await;
    upgraded.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_whose_link_is_cut_is_undone_by_the_host_itself() {
    let Some(real) = artifacts() else { return };
    let Some(upgraded) = Upgraded::install(&real).await else { return };
    // It listens, so that the host's own look at the port does not find the fault, and says nothing.
    let (_folder, new) = changed(&real, |_| {
        let text = format!(
            "#!/usr/bin/perl\n# {MARK}9.9.9;\nuse IO::Socket::INET;\nmy $s = IO::Socket::INET->new(LocalPort => 9100, Listen => 5, ReuseAddr => 1) \
             or die;\nmy @kept; while (my $c = $s->accept) {{ push @kept, $c }}\n"
        );
        text.into_bytes()
    });
    let relay = Relay::to(&upgraded.host.root.address, upgraded.host.root.port).await;
    let through = Target { address: "127.0.0.1".into(), port: relay.port, ..upgraded.host.root.clone() };
    let cut = std::sync::Mutex::new(None);
    let (outcome, told) = upgraded
        .upgrade_over(&through, &new, &|progress| {
            let started = progress.steps.iter().any(|report| report.step == DeployStep::FirstSample && report.state == StepState::Running);
            if started {
                relay.cut();
                cut.lock().unwrap().get_or_insert_with(Instant::now);
            }
        })
        .await;
    assert!(outcome.is_err());
    assert_eq!(told.failed_step(), Some(DeployStep::FirstSample));
    upgraded.assert_old_runs(cut.into_inner().unwrap().expect("the link was never cut")).await;
    upgraded.end().await;
}

async fn assert_undone(upgraded: &Upgraded, new: &Artifacts, step: DeployStep) {
    let began = Instant::now();
    let (outcome, told) = upgraded.upgrade(new).await;
    let failure = outcome.err().unwrap();
    assert!(matches!(failure, DeployFailure::ServiceFailed { .. }), "{failure}");
    told.assert_failed(step, &failure);
    assert!(told.last().cleaned, "{:?}", told.last());
    upgraded.assert_old_runs(began).await;
}
