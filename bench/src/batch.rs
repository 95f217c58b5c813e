//! `bench batch`: many real systemd hosts added at once, beside the same work done by hand: sftp and ssh for each host, all at once.

use crate::add_host::{Api, form};
use crate::fleet::{set_up, start_centre};
use crate::live::watch;
use crate::process::percentile;
use anyhow::{Context, bail, ensure};
use app::forms::{BatchForm, BatchKind, HostForm};
use app::views::BatchAdded;
use futures_util::StreamExt;
use protocol::codec::decode_message;
use protocol::deploy::DeployProgress;
use protocol::host::HostId;
use protocol::live::{Event, ServerMessage};
use protocol::secret::Secret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio_tungstenite::tungstenite::Message;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// The centre's program.
    #[arg(long, default_value = "target/release/tactus")]
    centre: PathBuf,
    /// The agent that is installed by hand.
    #[arg(long, default_value = "target/agents")]
    agents: PathBuf,
}

/// Variable with the hosts, one `address:port:user:password` a line.
pub const HOSTS: &str = "TACTUS_TEST_SYSTEMD_HOSTS";
const WITHIN: Duration = Duration::from_secs(180);

/// The service as somebody would write it by hand.
const UNIT: &str = "[Service]\nType=exec\nExecStart=/usr/local/lib/by-hand/tactus-agent serve --listen [::]:9100\n\
    LoadCredential=certificate.pem:/etc/by-hand/certificate.pem\nLoadCredential=key.pem:/etc/by-hand/key.pem\n\
    LoadCredential=token-sha256:/etc/by-hand/token-sha256\nDynamicUser=yes\nRestart=always\n[Install]\nWantedBy=multi-user.target\n";

const INSTALL: &str = "set -e; cd /tmp/by-hand; echo \"$1  tactus-agent\" | sha256sum -c --quiet; mkdir -p /usr/local/lib/by-hand; \
    install -m 755 tactus-agent /usr/local/lib/by-hand/; install -d -m 700 /etc/by-hand; install -m 600 certificate.pem key.pem token-sha256 \
    /etc/by-hand/; install -m 644 by-hand.service /etc/systemd/system/; systemctl daemon-reload; systemctl enable -q --now by-hand; \
    until grep -q ':238C 0*:0000 0A' /proc/net/tcp6; do sleep 0.05; done; rm -r /tmp/by-hand";
const REMOVE: &str = "systemctl disable -q --now by-hand; rm -rf /etc/systemd/system/by-hand.service /etc/by-hand /usr/local/lib/by-hand /tmp/by-hand; \
    systemctl daemon-reload";

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// A host cannot be used, or an installation fails.
pub async fn run(options: Options) -> anyhow::Result<Value> {
    let text = std::env::var(HOSTS).with_context(|| format!("{HOSTS} is not set; `cargo xtask bench batch` sets it"))?;
    let hosts: Vec<HostForm> = text.lines().map(form).collect::<anyhow::Result<_>>()?;
    let by_hand_s = by_hand(&hosts, &options.agents).await?;
    eprintln!("    {} hosts by hand: {by_hand_s:.2} s", hosts.len());
    let folder = tempfile::tempdir()?;
    let (mut centre, url, token) = start_centre(&options.centre, &folder.path().join("data")).await?;
    let cookie = set_up(&url, &token).await?;
    let api = Api { client: reqwest::Client::new(), url, cookie };
    let added = tokio::time::timeout(WITHIN, add_all(&api, &hosts)).await.context("not all hosts were live in time")??;
    let mut seconds: Vec<f64> = added.values().copied().collect();
    let all_s = seconds.iter().copied().fold(0.0, f64::max);
    for id in added.keys() {
        api.call("hosts/delete", &json!({ "id": id, "uninstall": true })).await?;
    }
    centre.kill().await?;
    Ok(json!({
        "all_s": all_s,
        "host_s_p50": percentile(&mut seconds, 0.5),
        "host_s_p95": percentile(&mut seconds, 0.95),
        "by_hand_s": by_hand_s,
        "ratio_to_by_hand": all_s / by_hand_s,
        "hosts": hosts.len(),
    }))
}

/// Adds all hosts by one batch; answers the seconds from sending it to each host's first live figures.
async fn add_all(api: &Api, hosts: &[HostForm]) -> anyhow::Result<HashMap<HostId, f64>> {
    let mut feed = watch(&api.url, &api.cookie).await?;
    let line = |host: &HostForm| format!("{}:{}@{}:{}\n", host.user, host.password.reveal(), host.address, host.port);
    let text: String = hosts.iter().map(line).collect();
    let form = BatchForm { kind: BatchKind::List, text: Secret::new(text), defaults: HostForm::default() };
    let start = Instant::now();
    let lines: Vec<usize> = (1..=hosts.len()).collect();
    let added: Vec<BatchAdded> = serde_json::from_value(api.call("hosts/create_batch", &json!({ "form": form, "lines": lines })).await?)?;
    ensure!(added.len() == hosts.len(), "only {} of {} hosts were added", added.len(), hosts.len());
    let mut live = HashMap::new();
    while live.len() < hosts.len() {
        let Message::Binary(bytes) = feed.next().await.context("the centre closed the feed")?? else { continue };
        match decode_message(&bytes)? {
            ServerMessage::Overview(frame) => {
                let is_ours = |id: HostId| added.iter().any(|added| added.host_id == id);
                for host in frame.hosts.iter().filter(|host| is_ours(host.id) && host.status.is_live() && host.cpu_percent.is_some()) {
                    live.entry(host.id).or_insert(start.elapsed().as_secs_f64());
                }
            }
            ServerMessage::Event(Event::Deploy(DeployProgress { host_id, failure: Some(failure), .. })) => {
                bail!("the installation on host {host_id} failed: {failure}");
            }
            _ => {}
        }
    }
    Ok(live)
}

/// Installs the same agent on all hosts at once with OpenSSH's own programs, and takes it off again; answers the seconds of the first.
async fn by_hand(hosts: &[HostForm], agents: &Path) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let agent = agents.join(format!("tactus-agent-{}", std::env::consts::ARCH));
    let bytes = std::fs::read(&agent).with_context(|| format!("cannot read {}", agent.display()))?;
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let certificate = rcgen::generate_simple_self_signed(vec!["tactus-agent".into()])?;
    for (name, text) in [
        ("certificate.pem", certificate.cert.pem()),
        ("key.pem", certificate.signing_key.serialize_pem()),
        ("token-sha256", "0".repeat(64)),
        ("by-hand.service", UNIT.to_owned()),
    ] {
        std::fs::write(folder.path().join(name), text)?;
    }
    std::fs::copy(&agent, folder.path().join("tactus-agent"))?;
    // Passwords come from a program, as OpenSSH wants it; they stand in no argument.
    let ask = folder.path().join("ask");
    std::fs::write(&ask, "#!/bin/sh\nprintf '%s\\n' \"$BY_HAND_PASSWORD\"\n")?;
    std::fs::set_permissions(&ask, std::fs::Permissions::from_mode(0o700))?;
    let start = Instant::now();
    futures_util::future::try_join_all(hosts.iter().map(|host| install_one(host, folder.path(), &hash))).await?;
    let took = start.elapsed().as_secs_f64();
    futures_util::future::try_join_all(hosts.iter().map(|host| on_host(host, folder.path(), REMOVE))).await?;
    Ok(took)
}

async fn install_one(host: &HostForm, folder: &Path, hash: &str) -> anyhow::Result<()> {
    let files = ["certificate.pem", "key.pem", "token-sha256", "by-hand.service", "tactus-agent"];
    let puts: String = files.iter().map(|file| format!("put {} /tmp/by-hand/{file}\n", folder.join(file).display())).collect();
    let mut sftp = program("sftp", host, folder);
    sftp.args(["-q", "-b", "-", "-P", &host.port]).arg(format!("{}@{}", host.user, host.address));
    feed_and_check(sftp, &format!("mkdir /tmp/by-hand\n{puts}")).await?;
    on_host(host, folder, &INSTALL.replace("$1", hash)).await
}

async fn on_host(host: &HostForm, folder: &Path, command: &str) -> anyhow::Result<()> {
    let mut ssh = program("ssh", host, folder);
    ssh.args(["-q", "-p", &host.port]).arg(format!("{}@{}", host.user, host.address)).arg("sh -s");
    feed_and_check(ssh, &format!("{command}\n")).await
}

fn program(name: &str, host: &HostForm, folder: &Path) -> Command {
    let mut command = Command::new(name);
    for option in ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "PubkeyAuthentication=no", "BatchMode=no"] {
        command.args(["-o", option]);
    }
    command.env("SSH_ASKPASS", folder.join("ask")).env("SSH_ASKPASS_REQUIRE", "force").env("BY_HAND_PASSWORD", host.password.reveal());
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

async fn feed_and_check(mut command: Command, input: &str) -> anyhow::Result<()> {
    let mut child = command.spawn().context("OpenSSH is not installed")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).await?;
    }
    let output = child.wait_with_output().await?;
    ensure!(output.status.success(), "{:?}: {}", command.as_std().get_program(), String::from_utf8_lossy(&output.stderr));
    Ok(())
}
