//! One host: its sources opened and closed as [`Choice`] says, their snapshots handed on.

use super::agent::{AgentEndpoint, AgentError, AgentStream};
use super::choice::{Action, Choice, Verdict};
use super::exporter::{ExporterStream, ScrapeError};
use super::shell::ShellStream;
use super::standby::{Logins, Standby};
use super::{CollectFailure, Reading, Target};
use crate::clock::now_ms;
use crate::ssh::{Session, SshError};
use protocol::beat::BEAT_MS;
use protocol::host::{HostId, Source};
use protocol::snapshot::Snapshot;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// A stream that is silent for so long is given up: three beats and a quarter for a busy network.
const SILENCE: Duration = Duration::from_millis(3 * BEAT_MS + BEAT_MS / 4);

/// Snapshots that may wait for the host's task.
const SAID_KEPT: usize = 8;

/// Whether somebody looks at a host right now.
pub type IsWatched = Arc<dyn Fn(HostId) -> bool + Send + Sync>;

/// What a source's task says.
enum Said {
    Snapshot { snapshot: Box<Snapshot>, latency_ms: Option<f32> },
    Failed(CollectFailure),
}

/// Where a source's task says it. The number tells a source that was opened again from the one before.
#[derive(Clone)]
struct Voice {
    source: Source,
    opened: u64,
    said: mpsc::Sender<(Source, u64, Said)>,
}

impl Voice {
    async fn say(&self, said: Said) -> bool {
        self.said.send((self.source, self.opened, said)).await.is_ok()
    }
}

/// Reads a host until `stop`.
pub async fn follow(target: Target, readings: mpsc::Sender<Reading>, logins: Logins, is_watched: IsWatched, stop: CancellationToken) {
    let mut children = JoinSet::new();
    let (sessions, mut standby) = watch::channel(Standby::Absent(Arc::new(SshError::Disconnected)));
    let sources = sources_of(&target);
    let is_warm = logins.is_warm();
    let (wanted, wants) = watch::channel(true);
    if let Some(ssh) = target.ssh.clone() {
        children.spawn(logins.keep(target.host_id, ssh, sessions, wants, stop.child_token()));
    }
    let mut choice = Choice::new(sources, Instant::now());
    let (said, mut heard) = mpsc::channel(SAID_KEPT);
    let mut open: HashMap<Source, (u64, AbortOnDropHandle<()>)> = HashMap::new();
    let mut opened = 0;
    let mut last_used = Instant::now();
    loop {
        for action in choice.act(Instant::now()) {
            match action {
                Action::Open(source) => {
                    opened += 1;
                    let voice = Voice { source, opened, said: said.clone() };
                    let reader = read(source, target.clone(), standby.borrow().clone(), is_watched.clone(), voice);
                    open.insert(source, (opened, AbortOnDropHandle::new(tokio::spawn(reader))));
                }
                Action::Close(source) => drop(open.remove(&source)),
            }
        }
        let needs = is_warm || choice.needs_session(Instant::now());
        wanted.send_if_modified(|wanted| std::mem::replace(wanted, needs) != needs);
        let wake = choice.wake_at(Instant::now());
        tokio::select! {
            () = stop.cancelled() => break,
            Some((source, number, said)) = heard.recv() => {
                if open.get(&source).is_none_or(|(current, _)| *current != number) {
                    continue;
                }
                let now = Instant::now();
                let reading = match said {
                    Said::Snapshot { snapshot, latency_ms } => {
                        let verdict = choice.take_snapshot(source, now);
                        if verdict == Verdict::Ignore {
                            continue;
                        }
                        if let Verdict::Switch { from: Some(from) } = verdict && from < source && open.contains_key(&from) {
                            // It was not closed, only silent: that is the reason of the switch.
                            let silent_ms = now.saturating_duration_since(last_used).as_millis() as u64;
                            let missed = failure(&target, from, CollectFailure::Missed { silent_ms });
                            if readings.send(missed).await.is_err() {
                                break;
                            }
                        }
                        last_used = now;
                        Reading { host_id: target.host_id, source, received_at_ms: now_ms(), latency_ms, outcome: Ok(snapshot) }
                    }
                    Said::Failed(reason) => {
                        open.remove(&source);
                        choice.take_failure(source, now, rand::random());
                        failure(&target, source, reason)
                    }
                };
                if readings.send(reading).await.is_err() {
                    break;
                }
            }
            Ok(()) = standby.changed() => {
                if matches!(*standby.borrow_and_update(), Standby::Ready(_)) {
                    choice.take_hint(Source::Tunnel, Instant::now());
                    choice.take_hint(Source::Ssh, Instant::now());
                }
            }
            () = sleep_until(wake.into()) => {}
        }
    }
    stop.cancel();
    drop(open);
    children.join_all().await;
}

/// Best first.
fn sources_of(target: &Target) -> impl Iterator<Item = Source> {
    let (agent, ssh) = (target.agent.is_some(), target.ssh.is_some());
    let offered =
        [(Source::Agent, agent), (Source::Tunnel, agent && ssh), (Source::NodeExporter, target.exporter.is_some()), (Source::Ssh, ssh)];
    offered.into_iter().filter_map(|(source, offered)| offered.then_some(source))
}

fn failure(target: &Target, source: Source, reason: CollectFailure) -> Reading {
    Reading { host_id: target.host_id, source, received_at_ms: now_ms(), latency_ms: None, outcome: Err(reason) }
}

/// Reads one source until it fails or nobody listens.
async fn read(source: Source, target: Target, standby: Standby, is_watched: IsWatched, voice: Voice) {
    let reason = match source {
        Source::Tunnel => match tunnel(&target, standby).await {
            Ok(stream) => read_agent(stream, &voice).await,
            Err(error) => Some(error),
        },
        Source::Ssh => match session_of(standby) {
            Ok(session) => read_shell(session, &target, &is_watched, &voice).await,
            Err(error) => Some(error),
        },
        Source::NodeExporter => match exporter(&target) {
            Ok(stream) => read_exporter(stream, &target, &is_watched, &voice).await,
            Err(error) => Some(error.into()),
        },
        Source::Agent | Source::Local => match direct(&target).await {
            Ok(stream) => read_agent(stream, &voice).await,
            Err(error) => Some(error.into()),
        },
    };
    if let Some(reason) = reason {
        voice.say(Said::Failed(reason)).await;
    }
}

fn session_of(standby: Standby) -> Result<Arc<Session>, CollectFailure> {
    match standby {
        Standby::Ready(session) if !session.is_closed() => Ok(session),
        Standby::Ready(_) => Err(SshError::Disconnected.into()),
        Standby::Absent(error) => Err(CollectFailure::NoSession(error)),
    }
}

fn endpoint_of(target: &Target) -> Result<&AgentEndpoint, AgentError> {
    target.agent.as_ref().ok_or(AgentError::Closed)
}

async fn direct(target: &Target) -> Result<AgentStream, AgentError> {
    AgentStream::open(endpoint_of(target)?).await
}

fn exporter(target: &Target) -> Result<ExporterStream, ScrapeError> {
    ExporterStream::new(target.exporter.as_ref().ok_or(ScrapeError::Closed)?)
}

async fn tunnel(target: &Target, standby: Standby) -> Result<AgentStream, CollectFailure> {
    let endpoint = endpoint_of(target)?;
    let bytes = session_of(standby)?.connect_loopback(endpoint.port).await?;
    Ok(AgentStream::open_over(Box::new(bytes), endpoint).await?)
}

/// `None`: nobody listens any more.
async fn read_agent(mut stream: AgentStream, voice: &Voice) -> Option<CollectFailure> {
    loop {
        match timeout(SILENCE, stream.next()).await {
            Ok(Ok(snapshot)) => {
                if !voice.say(Said::Snapshot { snapshot: Box::new(snapshot), latency_ms: None }).await {
                    return None;
                }
            }
            Ok(Err(error)) => return Some(error.into()),
            Err(_) => return Some(CollectFailure::Missed { silent_ms: SILENCE.as_millis() as u64 }),
        }
    }
}

async fn read_exporter(mut stream: ExporterStream, target: &Target, is_watched: &IsWatched, voice: &Voice) -> Option<CollectFailure> {
    loop {
        match stream.next(is_watched(target.host_id)).await {
            Ok((snapshot, took)) => {
                let latency_ms = Some(took.as_secs_f32() * 1_000.0);
                if !voice.say(Said::Snapshot { snapshot: Box::new(snapshot), latency_ms }).await {
                    return None;
                }
            }
            Err(failure) => return Some(failure.into()),
        }
    }
}

async fn read_shell(session: Arc<Session>, target: &Target, is_watched: &IsWatched, voice: &Voice) -> Option<CollectFailure> {
    let mut stream = match ShellStream::open(session, target.restricted).await {
        Ok(stream) => stream,
        Err(error) => return Some(error.into()),
    };
    loop {
        match stream.next(is_watched(target.host_id)).await {
            Ok((snapshot, took)) => {
                let latency_ms = Some(took.as_secs_f32() * 1_000.0);
                if !voice.say(Said::Snapshot { snapshot: Box::new(snapshot), latency_ms }).await {
                    return None;
                }
            }
            Err(failure) => return Some(failure),
        }
    }
}
