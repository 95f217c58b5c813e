//! `bench agent`: the agent beside Debian's node_exporter, both scraped twice a second.

use crate::process::{Usage, percentile};
use anyhow::{Context, bail};
use futures_util::StreamExt;
use rand::RngExt;
use rustls::RootCertStore;
use rustls::pki_types::ServerName;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const SCRAPE_EVERY: Duration = Duration::from_millis(500);

/// Prometheus scrapes far less often than a centre reads; one in ten is generous.
const SCRAPES_PER_PROMETHEUS_SCRAPE: u64 = 10;

/// Both programs are left alone for so long before the measurement: their first scrapes are dearer.
const WARM_UP: Duration = Duration::from_secs(3);

/// What Debian's Prometheus sends.
const PROMETHEUS_ACCEPT: &str = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Length of the measurement.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The static agent; by default target/agents/tactus-agent-<architecture>.
    #[arg(long)]
    agent: Option<PathBuf>,
    /// Debian's node_exporter.
    #[arg(long, default_value = "/usr/bin/prometheus-node-exporter")]
    node_exporter: PathBuf,
}

/// What was seen of one program.
#[derive(Default)]
struct Seen {
    latencies_ms: Vec<f64>,
    rss_mib: Vec<f64>,
    cpu_percent: f64,
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// A program is missing or does not start.
pub async fn run(options: Options) -> anyhow::Result<serde_json::Value> {
    let program = options.agent.unwrap_or_else(|| format!("target/agents/tactus-agent-{}", std::env::consts::ARCH).into());
    let binary_mib = std::fs::metadata(&program).with_context(|| format!("no agent at {}", program.display()))?.len() as f64 / 1_048_576.0;
    let agent = Agent::start(&program).await?;
    let (exporter, exporter_url) = start_node_exporter(&options.node_exporter).await?;
    let stream = tokio::spawn(agent.connect().await?.count());
    tokio::time::sleep(WARM_UP).await;
    let length = Duration::from_secs(options.seconds);
    eprintln!("measuring for {} s", options.seconds);
    let agent_pid = agent.process.id().context("the agent has ended")?;
    let exporter_pid = exporter.id().context("node_exporter has ended")?;
    let (json, text, exporter_seen) = tokio::try_join!(
        scrape(agent.get("application/json")?, agent_pid, SCRAPE_EVERY, length),
        scrape(agent.get(PROMETHEUS_ACCEPT)?, agent_pid, SCRAPE_EVERY * SCRAPES_PER_PROMETHEUS_SCRAPE as u32, length),
        scrape(reqwest::Client::new().get(exporter_url), exporter_pid, SCRAPE_EVERY, length),
    )?;
    drop(agent);
    let messages = stream.await?;
    Ok(figures(json, text, exporter_seen, binary_mib, messages, options.seconds))
}

fn figures(mut json: Seen, mut text: Seen, mut exporter: Seen, binary_mib: f64, messages: usize, seconds: u64) -> serde_json::Value {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (rss_mib, exporter_rss_mib) = (percentile(&mut json.rss_mib, 1.0), percentile(&mut exporter.rss_mib, 1.0));
    let (p50, exporter_p50) = (percentile(&mut json.latencies_ms, 0.5), percentile(&mut exporter.latencies_ms, 0.5));
    serde_json::json!({
        "rss_mib": rss_mib,
        "rss_mib_mean": mean(&json.rss_mib),
        "cpu_percent": json.cpu_percent,
        "binary_mib": binary_mib,
        "metrics_ms_p50": p50,
        "metrics_ms_p99": percentile(&mut json.latencies_ms, 0.99),
        "prometheus_ms_p50": percentile(&mut text.latencies_ms, 0.5),
        "stream_messages": messages,
        "node_exporter_rss_mib": exporter_rss_mib,
        "node_exporter_rss_mib_mean": mean(&exporter.rss_mib),
        "node_exporter_cpu_percent": exporter.cpu_percent,
        "node_exporter_ms_p50": exporter_p50,
        "rss_ratio": rss_mib / exporter_rss_mib,
        "cpu_ratio": json.cpu_percent / exporter.cpu_percent,
        "latency_ratio": p50 / exporter_p50,
        "scrapes": json.latencies_ms.len(),
        "seconds": seconds,
    })
}

/// Asks again and again over one connection, and watches the process that answers.
async fn scrape(request: reqwest::RequestBuilder, pid: u32, every: Duration, length: Duration) -> anyhow::Result<Seen> {
    let mut seen = Seen::default();
    let mut beat = interval(every);
    beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (before, started) = (Usage::of(pid)?, Instant::now());
    while started.elapsed() < length {
        beat.tick().await;
        let asked = Instant::now();
        let answer = request.try_clone().context("the request cannot be repeated")?.send().await?.error_for_status()?;
        let body = answer.bytes().await?;
        seen.latencies_ms.push(asked.elapsed().as_secs_f64() * 1e3);
        if body.is_empty() {
            bail!("an empty answer");
        }
        seen.rss_mib.push(Usage::of(pid)?.rss_mib);
    }
    seen.cpu_percent = (Usage::of(pid)?.cpu_s - before.cpu_s) / started.elapsed().as_secs_f64() * 100.0;
    Ok(seen)
}

async fn start_node_exporter(program: &Path) -> anyhow::Result<(Child, String)> {
    let port = free_port().await?;
    let mut command = Command::new(program);
    command.arg(format!("--web.listen-address=127.0.0.1:{port}")).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let child =
        command.spawn().with_context(|| format!("no {}; on Debian: apt-get install prometheus-node-exporter", program.display()))?;
    wait_for(port).await.context("node_exporter does not answer")?;
    Ok((child, format!("http://127.0.0.1:{port}/metrics")))
}

/// The agent with secrets of its own. It ends when this is dropped.
struct Agent {
    process: Child,
    port: u16,
    token: String,
    certificate: reqwest::Certificate,
    tls: TlsConnector,
    _secrets: tempfile::TempDir,
}

impl Agent {
    async fn start(program: &Path) -> anyhow::Result<Self> {
        let secrets = tempfile::tempdir()?;
        let certificate = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()])?;
        let (left, right): (u128, u128) = (rand::rng().random(), rand::rng().random());
        let token = format!("{left:032x}{right:032x}");
        let hash: String = Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(secrets.path().join("certificate.pem"), certificate.cert.pem())?;
        std::fs::write(secrets.path().join("key.pem"), certificate.signing_key.serialize_pem())?;
        std::fs::write(secrets.path().join("token-sha256"), hash)?;
        let port = free_port().await?;
        let mut command = Command::new(program);
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--secrets"]).arg(secrets.path()).kill_on_drop(true);
        let process = command.stderr(Stdio::null()).spawn().with_context(|| format!("cannot start {}", program.display()))?;
        wait_for(port).await.context("the agent does not answer")?;
        let mut roots = RootCertStore::empty();
        roots.add(certificate.cert.der().clone())?;
        let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let certificate = reqwest::Certificate::from_pem(certificate.cert.pem().as_bytes())?;
        Ok(Self { process, port, token, certificate, tls: TlsConnector::from(Arc::new(config)), _secrets: secrets })
    }

    /// A request of a client with a connection of its own.
    fn get(&self, accept: &str) -> anyhow::Result<reqwest::RequestBuilder> {
        let client = reqwest::Client::builder().tls_certs_only([self.certificate.clone()]).build()?;
        let request = client.get(format!("https://127.0.0.1:{}/metrics", self.port)).header("accept", accept);
        Ok(request.bearer_auth(&self.token))
    }

    /// The stream, as a centre reads it.
    async fn connect(&self) -> anyhow::Result<impl StreamExt + Send + 'static> {
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let tls = self.tls.connect(ServerName::try_from("127.0.0.1")?, tcp).await?;
        let mut request = "wss://127.0.0.1/stream".into_client_request()?;
        request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse()?);
        let (socket, _) = tokio_tungstenite::client_async(request, tls).await?;
        Ok(socket.take_while(|message| std::future::ready(message.is_ok())))
    }
}

async fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port())
}

async fn wait_for(port: u16) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if Instant::now() > deadline {
            bail!("no answer on port {port} in 10 s");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
