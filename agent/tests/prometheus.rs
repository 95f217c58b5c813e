//! A real Prometheus scrapes the real agent.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PROMETHEUS: &str = "/usr/bin/prometheus";

/// Enough for any machine; every wait ends as soon as its condition holds.
const LONG: Duration = Duration::from_secs(60);

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start(program: &str, arguments: &[&str]) -> Running {
    Running(Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// Writes the agent's secrets, and the token for Prometheus.
fn write_secrets(folder: &Path) {
    let token = "5eed".repeat(16);
    let made = rcgen::generate_simple_self_signed(vec!["tactus-agent".into()]).unwrap();
    let hash: String = Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    for (name, text) in
        [("certificate.pem", made.cert.pem()), ("key.pem", made.signing_key.serialize_pem()), ("token-sha256", hash), ("token", token)]
    {
        fs::write(folder.join(name), text).unwrap();
    }
}

async fn get(port: u16, path: &str) -> Option<Value> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    socket.write_all(format!("GET {path} HTTP/1.0\r\nhost: x\r\n\r\n").as_bytes()).await.ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}

/// Value of a query's first series.
async fn query(port: u16, expression: &str) -> Option<f64> {
    let answer = get(port, &format!("/api/v1/query?query={expression}")).await?;
    answer["data"]["result"][0]["value"][1].as_str()?.parse().ok()
}

#[tokio::test]
async fn a_real_prometheus_scrapes_the_agent() {
    if !Path::new(PROMETHEUS).exists() {
        eprintln!("SKIPPED: {PROMETHEUS} is not installed (Debian: apt-get install prometheus), so no real Prometheus scraped the agent");
        assert!(std::env::var_os("TACTUS_REQUIRE_REAL").is_none_or(|value| value != "1"), "TACTUS_REQUIRE_REAL=1 wants {PROMETHEUS}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write_secrets(folder.path());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (agent_port, port) = (free_port(), free_port());
    let config = format!(
        "scrape_configs:\n  - job_name: tactus\n    scrape_interval: 1s\n    scheme: https\n    tls_config: {{ca_file: {ca}, server_name: tactus-agent}}\n    \
         authorization: {{credentials_file: {token}}}\n    static_configs: [{{targets: ['127.0.0.1:{agent_port}']}}]\n",
        ca = path("certificate.pem"),
        token = path("token"),
    );
    fs::write(path("prometheus.yml"), config).unwrap();
    let agent = env!("CARGO_BIN_EXE_tactus-agent");
    let _agent = start(agent, &["serve", "--listen", &format!("127.0.0.1:{agent_port}"), "--secrets", &path("")]);
    let _prometheus = start(
        PROMETHEUS,
        &[
            &format!("--config.file={}", path("prometheus.yml")),
            &format!("--storage.tsdb.path={}", path("data")),
            &format!("--web.listen-address=127.0.0.1:{port}"),
        ],
    );
    let deadline = Instant::now() + LONG;
    while query(port, "up").await != Some(1.0) || query(port, "node_load1").await.is_none() {
        let targets = get(port, "/api/v1/targets").await;
        assert!(Instant::now() < deadline, "not scraped: {targets:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let targets = get(port, "/api/v1/targets").await.unwrap();
    let target = &targets["data"]["activeTargets"][0];
    assert_eq!((target["health"].as_str(), target["lastError"].as_str()), (Some("up"), Some("")), "{target}");
    // What the usual dashboards ask for.
    for expression in [
        "node_cpu_seconds_total{mode=%22idle%22}",
        "node_memory_MemAvailable_bytes",
        "node_memory_MemTotal_bytes",
        "node_boot_time_seconds",
        "node_network_receive_bytes_total",
        "node_uname_info",
        "node_filesystem_avail_bytes{mountpoint=%22/%22}",
    ] {
        assert!(query(port, expression).await.is_some(), "{expression}");
    }
    // A counter is known as one.
    let metadata = get(port, "/api/v1/metadata?metric=node_cpu_seconds_total").await.unwrap();
    let counter = metadata["data"]["node_cpu_seconds_total"][0]["type"].as_str();
    let open_metrics = get(port, "/api/v1/metadata?metric=node_cpu_seconds").await.unwrap();
    assert!(counter == Some("counter") || open_metrics["data"]["node_cpu_seconds"][0]["type"] == "counter", "{metadata} {open_metrics}");
}
