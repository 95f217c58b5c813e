//! A host read by a shell over SSH: one loop on the host that answers when it is asked, one reader here.

use super::CollectFailure;
use super::sanitize::sanitize;
use crate::clock::{now_ms, now_us};
use crate::ssh::{RunningScript, Session, SshError};
use probe::shell::{Ask, FrameError, FrameReader, LOOP, READ_LOOP, READ_SPACE, SPACE, ShellMachine, parse_space};
use protocol::beat::{BEAT_MS, until_next_beat};
use protocol::snapshot::Snapshot;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

/// An answer that takes longer is none.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// The second answer follows the first so soon, because rates need two.
pub(super) const FIRST_GAP: Duration = Duration::from_millis(200);

/// So many answers in a row that tell no machine's figures are none.
const MAX_EMPTY: u32 = 3;

/// Processes, mounts and temperatures are asked for about so often.
const SLOW_EVERY: Duration = Duration::from_secs(2);

/// A file system that has not answered after this is a gap, and is asked again only much later: each try leaves a process behind on the
/// host until the file system answers.
const SPACE_WITHIN: Duration = Duration::from_secs(5);
const HUNG_FOR: Duration = Duration::from_secs(600);

/// Most bytes before an answer about space, greeting included.
const MAX_SPACE_BYTES: usize = 16 * 1_024;

/// The loop on a host and what it has told.
pub struct ShellStream {
    script: RunningScript,
    frames: FrameReader,
    machine: ShellMachine,
    asked: u64,
    /// Answers in a row that told nothing.
    empty: u32,
    slow_at: Instant,
    points: watch::Sender<Vec<String>>,
    spaces: mpsc::Receiver<(String, Option<probe::Space>)>,
    _spaces: AbortOnDropHandle<()>,
}

impl ShellStream {
    /// Starts the loop; `restricted` where the session's key starts nothing else.
    ///
    /// # Errors
    /// The host runs no commands.
    pub async fn open(session: Arc<Session>, restricted: bool) -> Result<Self, SshError> {
        let script = start(&session, restricted, Script::Loop).await?;
        let (points, wanted) = watch::channel(Vec::new());
        let (answers, spaces) = mpsc::channel(16);
        let measuring = AbortOnDropHandle::new(tokio::spawn(measure_spaces(session, restricted, wanted, answers)));
        let (frames, machine) = (FrameReader::default(), ShellMachine::default());
        Ok(Self { script, frames, machine, asked: 0, empty: 0, slow_at: Instant::now(), points, spaces, _spaces: measuring })
    }

    /// Waits until the next beat, asks, and answers a complete and sane snapshot with the time that the collection took. `is_watched`
    /// doubles the pace.
    ///
    /// # Errors
    /// The loop has ended, is silent, or says too much.
    pub async fn next(&mut self, is_watched: bool) -> Result<(Snapshot, Duration), CollectFailure> {
        loop {
            let ask = match self.asked {
                0 => Ask::Facts,
                1 => {
                    sleep(FIRST_GAP).await;
                    Ask::Slow
                }
                _ => {
                    sleep(until_asked(is_watched)).await;
                    if self.slow_at.elapsed() + FIRST_GAP >= SLOW_EVERY { Ask::Slow } else { Ask::Fast }
                }
            };
            if ask >= Ask::Slow {
                self.slow_at = Instant::now();
            }
            self.asked += 1;
            let began = Instant::now();
            let answer = timeout(ANSWER_WITHIN, self.ask(ask)).await;
            let missed = CollectFailure::Missed { silent_ms: ANSWER_WITHIN.as_millis() as u64 };
            let snapshot = answer.map_err(|_| missed)??;
            let took = began.elapsed();
            while let Ok((point, space)) = self.spaces.try_recv() {
                self.machine.set_space(&point, space);
            }
            if ask >= Ask::Slow {
                self.points.send_replace(self.machine.mount_points().map(str::to_owned).collect());
            }
            if let Some(mut snapshot) = snapshot {
                sanitize(&mut snapshot);
                self.empty = 0;
                return Ok((snapshot, took));
            }
            // The first answer has no rates yet, but the ones after it have.
            self.empty += 1;
            if self.empty > MAX_EMPTY {
                return Err(FrameError::NoUptime.into());
            }
        }
    }

    async fn ask(&mut self, ask: Ask) -> Result<Option<Snapshot>, CollectFailure> {
        self.script.say(ask.line()).await?;
        loop {
            let heard = self.script.hear().await?;
            if let Some(frame) = self.frames.take(&heard)? {
                return Ok(self.machine.take(&frame, ask, now_ms()));
            }
        }
    }
}

/// One of the two scripts on a host.
#[derive(Clone, Copy)]
enum Script {
    Loop,
    Space,
}

/// Starts a script. A key that may only read has the scripts on the host and takes only their names.
async fn start(session: &Session, restricted: bool, script: Script) -> Result<RunningScript, SshError> {
    match (restricted, script) {
        (false, Script::Loop) => session.start_script(LOOP).await,
        (false, Script::Space) => session.start_script(SPACE).await,
        (true, Script::Loop) => session.start_command(READ_LOOP).await,
        (true, Script::Space) => session.start_command(READ_SPACE).await,
    }
}

/// Until the next full second, or the next beat of a watched host.
pub(super) fn until_asked(is_watched: bool) -> Duration {
    let next = until_next_beat(now_us(), 0);
    let odd = (now_ms() + next.as_millis() as i64).div_euclid(BEAT_MS as i64) % 2 != 0;
    if odd && !is_watched { next + Duration::from_millis(BEAT_MS) } else { next }
}

/// Asks for the space of the wanted mount points whenever they are told, until nobody takes the answers.
async fn measure_spaces(
    session: Arc<Session>,
    restricted: bool,
    mut wanted: watch::Receiver<Vec<String>>,
    answers: mpsc::Sender<(String, Option<probe::Space>)>,
) {
    let mut hung: HashMap<String, Instant> = HashMap::new();
    let mut script: Option<RunningScript> = None;
    while wanted.changed().await.is_ok() {
        let points = wanted.borrow_and_update().clone();
        hung.retain(|point, since| since.elapsed() < HUNG_FOR && points.contains(point));
        for point in points.iter().filter(|point| !hung.contains_key(*point)).cloned().collect::<Vec<_>>() {
            let mut running = match script.take() {
                Some(running) => running,
                None => match start(&session, restricted, Script::Space).await {
                    Ok(running) => running,
                    Err(_) => break,
                },
            };
            let space = match timeout(SPACE_WITHIN, ask_space(&mut running, &point)).await {
                Ok(Ok(space)) => {
                    script = Some(running);
                    space
                }
                Ok(Err(_)) => None,
                Err(_) => {
                    hung.insert(point.clone(), Instant::now());
                    None
                }
            };
            if answers.send((point, space)).await.is_err() {
                return;
            }
        }
    }
}

async fn ask_space(script: &mut RunningScript, point: &str) -> Result<Option<probe::Space>, SshError> {
    script.say(&format!("{point}\n")).await?;
    let mut heard = Vec::new();
    loop {
        heard.extend(script.hear().await?);
        // The script's first line, and a greeting before it, are no answers.
        let text = String::from_utf8_lossy(&heard);
        let mut lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(str::trim_end);
        if let Some(line) = lines.find(|line| ["@space:", "@kilobytes:", "@none:"].iter().any(|start| line.starts_with(start))) {
            return Ok(parse_space(line));
        }
        if heard.len() > MAX_SPACE_BYTES {
            return Err(SshError::TooMuchOutput(MAX_SPACE_BYTES));
        }
    }
}
