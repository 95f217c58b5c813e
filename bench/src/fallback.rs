//! `bench fallback`: how long the live feed has no new value of a host while its sources are cut and healed, on a real systemd host.
//!
//! The agent is ended (the shell takes over), its port is dropped by a firewall on this machine (the tunnel takes over), and each time
//! healed. At the end the host is cut off as a whole. Needs root for iptables.

use crate::add_host::{Api, HOST, add, form};
use crate::fleet::{set_up, start_centre};
use crate::live::{next_overview, watch};
use anyhow::{Context, bail};
use app::forms::HostForm;
use protocol::host::{HostId, HostStatus, Source};
use protocol::live::HostFigures;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};
use tactus::ssh::{Credential, Deadlines, Limits, Session, Target, exchange_keys, prepare, reach};
use tokio::net::UdpSocket;
use tokio_util::task::AbortOnDropHandle;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// How often each source is cut and healed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// The centre's program.
    #[arg(long, default_value = "target/release/tactus")]
    centre: PathBuf,
}

/// How long a switch may take before the measurement is given up. A better source is tried again after half a minute at the latest.
const WITHIN: Duration = Duration::from_secs(60);
/// How long the feed is watched after each switch.
const SETTLING: Duration = Duration::from_secs(4);
/// The host is sent so much on purpose, headers of the packets included; beside it there is only what the centre itself asks.
const TRUE_BYTES_PER_S: f64 = 2e6;
/// A rate above the truth by so much is none that ever was.
const SPIKE: f64 = 1.5;
/// Bytes of one packet's data, and of its headers (Ethernet, IPv4, UDP).
const PACKET_BYTES: usize = 1_400;
const HEADER_BYTES: usize = 14 + 20 + 8;
/// The port that nobody listens on (RFC 863 has it for what is thrown away).
const DISCARD_PORT: u16 = 9;
const LIMITS: Limits = Limits { total: Duration::from_secs(20), silence: Duration::from_secs(20) };

/// The live feed of one host.
struct Feed {
    socket: crate::live::Socket,
    id: HostId,
    /// Value and arrival of the newest one.
    last: Option<(HostFigures, Instant)>,
    status: HostStatus,
    spikes: u64,
    offline: u64,
    /// Highest inbound rate that was told.
    most_in: f64,
}

impl Feed {
    /// Follows the feed until `done`, and answers the longest time without a new value, in milliseconds.
    async fn follow(&mut self, mut done: impl FnMut(&HostFigures, Instant) -> bool) -> anyhow::Result<f64> {
        let mut longest: f64 = 0.0;
        let end = Instant::now() + WITHIN;
        loop {
            if Instant::now() > end {
                bail!("nothing happened in {} s; the last figures: {:?}", WITHIN.as_secs(), self.last);
            }
            let frame = next_overview(&mut self.socket).await?;
            let Some(figures) = frame.hosts.iter().find(|host| host.id == self.id).copied() else { continue };
            let now = Instant::now();
            if figures.status == HostStatus::Offline && self.status != HostStatus::Offline {
                self.offline += 1;
            }
            self.status = figures.status;
            if figures.sampled_at_ms.is_some() && figures.sampled_at_ms != self.last.and_then(|(last, _)| last.sampled_at_ms) {
                longest = longest.max(self.last.map_or(0.0, |(_, at)| (now - at).as_secs_f64() * 1e3));
                self.spikes += u64::from(is_spike(&figures));
                self.most_in = self.most_in.max(figures.in_bytes_per_s.unwrap_or(0.0));
                self.last = Some((figures, now));
            }
            if done(&figures, now) {
                return Ok(longest);
            }
        }
    }

    /// Until the host is read by `source`, and a while longer.
    async fn until(&mut self, source: Source) -> anyhow::Result<f64> {
        let mut since = None;
        self.follow(|figures, now| {
            if figures.source == Some(source) {
                return now - *since.get_or_insert(now) >= SETTLING;
            }
            false
        })
        .await
        .with_context(|| format!("waiting for {source:?}"))
    }
}

fn is_spike(figures: &HostFigures) -> bool {
    let shares = [figures.cpu_percent, figures.memory_percent, figures.disk_percent];
    let rates = [figures.in_bytes_per_s, figures.out_bytes_per_s];
    shares.into_iter().flatten().any(|share| !(0.0..=100.0).contains(&share))
        || rates.into_iter().flatten().any(|rate| !(0.0..TRUE_BYTES_PER_S * SPIKE).contains(&rate))
}

/// Sends the host traffic of a known rate, until this is dropped.
async fn send_traffic(address: &str) -> anyhow::Result<AbortOnDropHandle<()>> {
    let socket = UdpSocket::bind("0.0.0.0:0").await?;
    socket.connect((address, DISCARD_PORT)).await?;
    let packets_per_s = TRUE_BYTES_PER_S / (PACKET_BYTES + HEADER_BYTES) as f64;
    Ok(AbortOnDropHandle::new(tokio::spawn(async move {
        let (start, mut sent) = (Instant::now(), 0.0);
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        loop {
            ticks.tick().await;
            while sent < start.elapsed().as_secs_f64() * packets_per_s {
                // That nobody listens comes back as an error of the next packet.
                let _ = socket.send(&[0; PACKET_BYTES]).await;
                sent += 1.0;
            }
        }
    })))
}

/// Packets of one port of a host, or of all, that this machine drops until this goes.
struct Dropped(Vec<Vec<String>>);

impl Dropped {
    fn of(address: &str, port: Option<u16>) -> anyhow::Result<Self> {
        let rule = |chain: &str, who: &str, which: &str| {
            let mut rule: Vec<String> = [chain, who, address, "-p", "tcp"].map(str::to_owned).to_vec();
            if let Some(port) = port {
                rule.extend([which.to_owned(), port.to_string()]);
            }
            rule.extend(["-j".to_owned(), "DROP".to_owned()]);
            rule
        };
        let rules = vec![rule("OUTPUT", "-d", "--dport"), rule("INPUT", "-s", "--sport")];
        let dropped = Self(rules);
        for rule in &dropped.0 {
            let status = Command::new("iptables").arg("-I").args(rule).status().context("iptables")?;
            anyhow::ensure!(status.success(), "iptables failed: it needs root");
        }
        Ok(dropped)
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        for rule in &self.0 {
            let _ = Command::new("iptables").arg("-D").args(rule).status();
        }
    }
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// The centre does not start, the host cannot be used, or a switch never happens.
pub async fn run(options: Options) -> anyhow::Result<Value> {
    let form = form(&std::env::var(HOST).with_context(|| format!("{HOST} is not set; `cargo xtask bench fallback` sets it"))?)?;
    let folder = tempfile::tempdir()?;
    let (mut centre, url, token) = start_centre(&options.centre, &folder.path().join("data")).await?;
    let cookie = set_up(&url, &token).await?;
    let api = Api { client: reqwest::Client::new(), url, cookie };
    let (id, _) = tokio::time::timeout(WITHIN, add(&api, &form)).await.context("no live sample in time")??;
    let shell = log_in(&form).await?;
    let socket = watch(&api.url, &api.cookie).await?;
    let _traffic = send_traffic(&form.address).await?;
    let mut feed = Feed { socket, id, last: None, status: HostStatus::Online, spikes: 0, offline: 0, most_in: 0.0 };
    feed.until(Source::Agent).await?;
    let [mut to_ssh, mut to_tunnel, mut back]: [f64; 3] = [0.0; 3];
    for round in 1..=options.rounds {
        run_on(&shell, "systemctl kill --signal=KILL tactus-agent; systemctl stop tactus-agent").await?;
        let ssh = feed.until(Source::Ssh).await?;
        run_on(&shell, "systemctl start tactus-agent").await?;
        let healed = feed.until(Source::Agent).await?;
        let dropped = Dropped::of(&form.address, Some(9_100))?;
        let tunnel = feed.until(Source::Tunnel).await?;
        drop(dropped);
        let opened = feed.until(Source::Agent).await?;
        eprintln!("    {round}: to SSH {ssh:.0} ms, back {healed:.0} ms, to the tunnel {tunnel:.0} ms, back {opened:.0} ms");
        (to_ssh, to_tunnel, back) = (to_ssh.max(ssh), to_tunnel.max(tunnel), back.max(healed).max(opened));
    }
    let false_offline = feed.offline;
    let cut = Instant::now();
    let dropped = Dropped::of(&form.address, None)?;
    feed.follow(|figures, _| figures.status == HostStatus::Offline).await.context("cut off as a whole")?;
    let offline_ms = cut.elapsed().as_secs_f64() * 1e3;
    drop(dropped);
    let healed = Instant::now();
    feed.until(Source::Agent).await?;
    let online_ms = (healed.elapsed() - SETTLING).as_secs_f64() * 1e3;
    shell.close().await;
    api.call("hosts/delete", &json!({ "id": id, "uninstall": true })).await?;
    centre.kill().await?;
    Ok(json!({
        "gap_agent_to_tunnel_ms": to_tunnel.round(),
        "gap_to_ssh_ms": to_ssh.round(),
        "gap_back_ms": back.round(),
        "spikes": feed.spikes,
        "true_bytes_per_s": TRUE_BYTES_PER_S,
        "most_bytes_per_s": feed.most_in.round(),
        "false_offline": false_offline,
        "offline_ms": offline_ms.round(),
        "online_again_ms": online_ms.round(),
        "rounds": options.rounds,
    }))
}

/// How to log in to the host of a form.
///
/// # Errors
/// The port is no number.
pub fn target(form: &HostForm) -> anyhow::Result<Target> {
    Ok(Target {
        address: form.address.clone(),
        port: form.port.parse()?,
        user: form.user.clone(),
        credential: Credential::Password(SecretString::from(form.password.reveal())),
        sudo_password: None,
        pinned_key: None,
        expected_fingerprint: None,
    })
}

/// Logs in to the host of a form.
///
/// # Errors
/// It cannot be reached or entered.
pub async fn log_in(form: &HostForm) -> anyhow::Result<Session> {
    let target = target(form)?;
    let deadlines = Deadlines::default();
    let credential = prepare(&target.credential).await?;
    let unproven = exchange_keys(reach(&target, &deadlines).await?, &target, &deadlines).await?;
    Ok(unproven.log_in(&target.user, &credential, &deadlines).await?)
}

async fn run_on(session: &Session, command: &'static str) -> anyhow::Result<()> {
    let output = session.run(command, &SecretString::from(""), LIMITS, &mut |_| {}).await?;
    anyhow::ensure!(output.status == Some(0), "{command}: {}", output.stderr);
    Ok(())
}
