//! A centre with a fleet of simulated agents: real TLS, real protocol, real program; only the numbers are made up.

use crate::link::Link;
use agent::serve::{Feed, Secrets, serve};
use anyhow::{Context, bail};
use protocol::beat::until_next_beat;
use protocol::host::{HostId, LOCAL_HOST_ID, Thresholds};
use protocol::secret::Secret;
use protocol::snapshot::Snapshot;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tactus::hosts::seal_token;
use tactus::secrets::Vault;
use tactus::store::{AgentRecord, HostProfile, SealedSecrets, Store, StoreError};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

/// Account that the fleet's centre is set up with.
pub const USER: &str = "bench";
pub const PASSWORD: &str = "measure-twice-cut-once";

/// A running centre and its fleet. Everything ends when it is dropped.
pub struct Fleet {
    pub centre: Child,
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    /// `name=value` of the administrator's session.
    pub cookie: String,
    /// CPU of each agent.
    pub dials: Vec<Arc<Dial>>,
    folder: tempfile::TempDir,
    stop: CancellationToken,
}

impl Fleet {
    /// Starts `hosts` simulated agents on loopback and the centre `program`, which knows them all.
    ///
    /// # Errors
    /// A port, a file or the program cannot be used.
    pub async fn start(program: &Path, hosts: usize) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let stop = CancellationToken::new();
        let data = folder.path().join("data");
        let Agents { dials, .. } = populate(&data, hosts, 0, &stop).await?;
        let (centre, url, setup_token) = start_centre(program, &data).await?;
        let cookie = set_up(&url, &setup_token).await?;
        Ok(Self { centre, url, cookie, dials, folder, stop })
    }

    /// Process number of the centre.
    pub fn centre_pid(&self) -> Option<u32> {
        self.centre.id()
    }

    /// Where the centre keeps its data.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

/// Simulated agents.
pub struct Agents {
    /// Of the first ones.
    pub links: Vec<Link>,
    pub dials: Vec<Arc<Dial>>,
}

/// Holds the CPU of a simulated agent at a value, and notes when its mean of ten seconds reached the usual warning threshold.
#[derive(Debug, Default)]
pub struct Dial {
    /// In hundredths of a per cent; zero: the figures move by themselves.
    held: AtomicU32,
    /// When the sample was taken that brought the mean there: UTC, microseconds; zero: it is not there.
    crossed_us: AtomicI64,
}

impl Dial {
    /// Beats of the mean, and the usual threshold in per cent.
    const BEATS: usize = 20;
    const THRESHOLD: f32 = 80.0;

    /// Holds the value from the next beat on.
    pub fn hold(&self, percent: f32) {
        self.held.store((percent * 100.0) as u32, Ordering::Relaxed);
    }

    /// When the mean crossed the threshold the last time.
    pub fn crossed_us(&self) -> Option<i64> {
        Some(self.crossed_us.load(Ordering::Relaxed)).filter(|at| *at > 0)
    }

    /// The value of a beat, given what would come by itself.
    fn value(&self, by_itself: f32) -> f32 {
        match self.held.load(Ordering::Relaxed) {
            0 => by_itself,
            held => held as f32 / 100.0,
        }
    }

    fn note(&self, last: &VecDeque<f32>, at_us: i64) {
        let over = last.len() == Self::BEATS && last.iter().sum::<f32>() / Self::BEATS as f32 >= Self::THRESHOLD;
        let known = self.crossed_us.load(Ordering::Relaxed);
        if over != (known > 0) {
            self.crossed_us.store(if over { at_us } else { 0 }, Ordering::Relaxed);
        }
    }
}

/// Fills a centre's data folder with `hosts` simulated agents on loopback; the first `linked` of them behind links that can hang. Hosts of
/// an earlier run are kept, with new agents.
///
/// # Errors
/// A port or a file cannot be used.
pub async fn populate(data: &Path, hosts: usize, linked: usize, stop: &CancellationToken) -> anyhow::Result<Agents> {
    std::fs::create_dir_all(data)?;
    let (mut links, mut dials) = (Vec::new(), Vec::new());
    let vault = Vault::open(&data.join("secret.key"))?;
    let store = Store::open(&data.join("tactus.db")).await?;
    store.ensure_local_host(LOCAL_HOST_ID, now_ms()).await?;
    let certificate = rcgen::generate_simple_self_signed(vec!["tactus-agent".into()])?;
    let certificate_sha256: [u8; 32] = Sha256::digest(certificate.cert.der()).into();
    let pattern = real_snapshot();
    for number in 0..hosts {
        let token = format!("{:064x}", rand::rng().random::<u128>());
        let secrets = Secrets {
            certificate_pem: certificate.cert.pem(),
            key_pem: certificate.signing_key.serialize_pem(),
            token_sha256: Sha256::digest(token.as_bytes()).into(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let feed = Feed::new();
        let dial = Arc::new(Dial::default());
        dials.push(dial.clone());
        tokio::spawn(beat(feed.clone(), pattern.clone(), number, dial, stop.clone()));
        let until = stop.clone();
        tokio::spawn(async move { serve(listener, &secrets, feed, until).await });
        // The first ones are reached through links that can hang.
        let reached_at = if number < linked {
            let link = Link::to(port).await?;
            let own = link.port;
            links.push(link);
            own
        } else {
            port
        };
        add_host(&store, &vault, number, reached_at, &token, certificate_sha256).await?;
    }
    store.close().await;
    Ok(Agents { links, dials })
}

impl Drop for Fleet {
    fn drop(&mut self) {
        self.stop.cancel();
        let _ = self.centre.start_kill();
    }
}

async fn add_host(store: &Store, vault: &Vault, number: usize, port: u16, token: &str, certificate_sha256: [u8; 32]) -> anyhow::Result<()> {
    let profile = HostProfile {
        address: "127.0.0.1".into(),
        // Address and SSH port must be unique; nobody logs in here.
        port: u16::try_from(number + 1)?,
        ssh_user: "root".into(),
        remark: format!("node-{:03}", number + 1),
        thresholds: Thresholds::default(),
        ..HostProfile::default()
    };
    let inserted = store.insert_host(&profile, now_ms(), |_| Ok::<_, StoreError>(SealedSecrets::default())).await;
    let id = match inserted {
        // Hosts are added in the order of their numbers, after the centre's own machine.
        Err(StoreError::Conflict) => LOCAL_HOST_ID + 1 + number as HostId,
        inserted => inserted?,
    };
    let agent = AgentRecord { port, token_sealed: seal_token(vault, id, token)?, certificate_sha256 };
    store.set_agent(id, Some(&agent)).await?;
    Ok(())
}

/// Starts a centre on a free port; answers its address and set-up token.
///
/// # Errors
/// It does not start.
pub async fn start_centre(program: &Path, data: &Path) -> anyhow::Result<(Child, String, Secret)> {
    let mut centre = Command::new(program)
        .arg("serve")
        .env("TACTUS_LISTEN", "127.0.0.1:0")
        .env("TACTUS_DATA_DIR", data)
        .env("TACTUS_LOG", "warn")
        // Receivers of messages are in the measuring program.
        .env("TACTUS_OUTBOUND_ALLOW_LOOPBACK", "true")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let stdout = centre.stdout.take().context("no standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    let (mut url, mut token) = (None, None);
    while url.is_none() || token.is_none() {
        let Some(line) = lines.next_line().await? else { bail!("the centre ended at its start") };
        if let Some((_, address)) = line.split_once("is ready: ") {
            url = Some(address.trim().to_owned());
        }
        if let Some(text) = line.strip_prefix("Set-up token: ") {
            token = Some(Secret::new(text.trim()));
        }
    }
    // The pipe must stay open and be read, or the centre's next line fails.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((centre, url.unwrap_or_default(), token.unwrap_or_default()))
}

/// Creates the administrator; answers the session cookie.
///
/// # Errors
/// The centre refuses.
pub async fn set_up(url: &str, token: &Secret) -> anyhow::Result<String> {
    let form = serde_json::json!({"token": token.reveal(), "user_name": USER, "password": PASSWORD, "password_again": PASSWORD});
    session(url, "setup", form).await
}

/// Creates the administrator, or logs in where `token` is none because there is one; answers the session cookie.
///
/// # Errors
/// The centre refuses.
pub async fn enter(url: &str, token: Option<&Secret>) -> anyhow::Result<String> {
    match token {
        Some(token) => set_up(url, token).await,
        None => session(url, "login", serde_json::json!({"user_name": USER, "password": PASSWORD})).await,
    }
}

async fn session(url: &str, action: &str, form: serde_json::Value) -> anyhow::Result<String> {
    let form = serde_json::json!({ "form": form });
    let answer = reqwest::Client::new().post(format!("{url}/api/{action}")).header("origin", url).json(&form).send().await?;
    let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
    match cookie.map(str::to_owned) {
        Some(cookie) => Ok(cookie),
        None => bail!("{action} failed: {} {}", answer.status(), answer.text().await?),
    }
}

/// Publishes a snapshot on every beat, with figures that move.
async fn beat(feed: Feed, pattern: Snapshot, number: usize, dial: Arc<Dial>, stop: CancellationToken) {
    let mut random = rand::rngs::SmallRng::seed_from_u64(number as u64);
    let mut level: f32 = random.random_range(5.0..75.0);
    let (mut beat, mut last) = (0, VecDeque::new());
    loop {
        if stop.run_until_cancelled(tokio::time::sleep(until_next_beat(now_us(), 0))).await.is_none() {
            return;
        }
        beat += 1;
        level = dial.value((level + random.random_range(-4.0..4.0)).clamp(1.0, 99.0));
        last.truncate(Dial::BEATS - 1);
        last.push_front(level);
        dial.note(&last, now_us());
        let mut snapshot = pattern.clone();
        (snapshot.sampled_at_ms, snapshot.beat) = (now_ms(), beat);
        if let Some(cpu) = &mut snapshot.cpu {
            cpu.total_percent = level;
            cpu.cores_percent.iter_mut().for_each(|core| *core = Some((level + random.random_range(-9.0..9.0)).clamp(0.0, 100.0)));
        }
        if let Some(memory) = &mut snapshot.memory {
            memory.available = (memory.total as f64 * f64::from(1.0 - (level * 0.5 + 20.0) / 100.0)) as u64;
        }
        for nic in &mut snapshot.nics {
            nic.in_bytes_per_s = Some(f64::from(level) * random.random_range(9e3..11e3));
            nic.out_bytes_per_s = Some(f64::from(level) * random.random_range(4e3..6e3));
        }
        if let Some(facts) = &mut snapshot.facts {
            facts.host_name = format!("node-{:03}", number + 1);
        }
        feed.publish(snapshot);
    }
}

/// This machine's own snapshot, so that the simulated ones have a real one's size and shape.
fn real_snapshot() -> Snapshot {
    let mut machine = agent::machine::Machine::new(Path::new("/"));
    machine.sample(now_ms());
    // Rates and shares of time need a real beat between two readings.
    std::thread::sleep(until_next_beat(now_us(), 0));
    machine.sample(now_ms())
}

/// UTC, milliseconds.
pub fn now_ms() -> i64 {
    now_us() / 1_000
}

/// UTC, microseconds.
pub fn now_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}
