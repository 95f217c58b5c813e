//! `bench add-host`: from submitting the form to the host's first live sample, against a real sshd and a real systemd.

use crate::fleet::{set_up, start_centre};
use crate::live::watch;
use crate::process::percentile;
use anyhow::{Context, bail};
use app::forms::HostForm;
use futures_util::StreamExt;
use protocol::codec::decode_message;
use protocol::deploy::DeployProgress;
use protocol::host::HostId;
use protocol::live::{Event, ServerMessage};
use protocol::secret::Secret;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// How often it is added; it is deleted with its agent between.
    #[arg(long, default_value_t = 10)]
    times: usize,
    /// The centre's program.
    #[arg(long, default_value = "target/release/tactus")]
    centre: PathBuf,
}

/// Variable with the host, as `address:port:user:password`. Not an argument: those can be read by every user of a machine.
pub const HOST: &str = "TACTUS_TEST_SYSTEMD_HOST";
/// How long one installation may take.
const WITHIN: Duration = Duration::from_secs(60);

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// The centre does not start, or an installation fails.
pub async fn run(options: Options) -> anyhow::Result<Value> {
    let form = form(&std::env::var(HOST).with_context(|| format!("{HOST} is not set; `cargo xtask bench add-host` sets it"))?)?;
    let folder = tempfile::tempdir()?;
    let (mut centre, url, token) = start_centre(&options.centre, &folder.path().join("data")).await?;
    let cookie = set_up(&url, &token).await?;
    let api = Api { client: reqwest::Client::new(), url, cookie };
    let mut seconds = Vec::new();
    for number in 1..=options.times {
        let (id, took) = tokio::time::timeout(WITHIN, add(&api, &form)).await.context("no live sample in time")??;
        eprintln!("    {number}: {took:.2} s");
        seconds.push(took);
        api.call("hosts/delete", &json!({ "id": id, "uninstall": true })).await?;
    }
    centre.kill().await?;
    Ok(json!({
        "add_s_p50": percentile(&mut seconds, 0.5),
        "add_s_max": percentile(&mut seconds, 1.0),
        "n": seconds.len(),
    }))
}

pub fn form(host: &str) -> anyhow::Result<HostForm> {
    let parts: Vec<&str> = host.splitn(4, ':').collect();
    let [address, port, user, password] = parts[..] else { bail!("expected address:port:user:password") };
    Ok(HostForm { address: address.into(), port: port.into(), user: user.into(), password: Secret::new(password), ..HostForm::default() })
}

/// Adds the host and waits for its first figures on the live feed; answers its number and the seconds.
pub async fn add(api: &Api, form: &HostForm) -> anyhow::Result<(HostId, f64)> {
    let mut feed = watch(&api.url, &api.cookie).await?;
    let start = Instant::now();
    let id: HostId = serde_json::from_value(api.call("hosts/create", &json!({ "form": form })).await?)?;
    loop {
        let Message::Binary(bytes) = feed.next().await.context("the centre closed the feed")?? else { continue };
        match decode_message(&bytes)? {
            ServerMessage::Overview(frame)
                if frame.hosts.iter().any(|host| host.id == id && host.status.is_live() && host.cpu_percent.is_some()) =>
            {
                return Ok((id, start.elapsed().as_secs_f64()));
            }
            ServerMessage::Event(Event::Deploy(DeployProgress { host_id, failure: Some(failure), .. })) if host_id == id => {
                bail!("the installation failed: {failure}");
            }
            _ => {}
        }
    }
}

/// The centre's server functions, as the page calls them.
pub struct Api {
    pub client: reqwest::Client,
    pub url: String,
    pub cookie: String,
}

impl Api {
    pub async fn call(&self, endpoint: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self.client.post(format!("{}/api/{endpoint}", self.url)).header("origin", &self.url).header("cookie", &self.cookie);
        let answer = request.json(body).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            bail!("{endpoint}: {status} {text}");
        }
        Ok(serde_json::from_str(&text)?)
    }
}
