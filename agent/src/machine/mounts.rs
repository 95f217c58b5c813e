//! Space of the mounted file systems, asked for on threads of their own, because `statvfs` of a dead server does not return.

use super::KeptFile;
use probe::{MountEntry, Space, parse_mounts};
use protocol::snapshot::Mount;
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A file system that has not answered after this is left out until it does.
const ANSWER_LIMIT: Duration = Duration::from_secs(1);

/// How long a round may keep the beat waiting; local file systems answer in microseconds.
const PATIENCE: Duration = Duration::from_millis(20);

/// Threads that may wait for dead file systems. With more dead ones, the space of all others is a gap too.
const MAX_HUNG: usize = 8;

const WORKER_STACK_BYTES: usize = 64 * 1024;

type Measure = dyn Fn(&Path) -> Option<Space> + Send + Sync;

/// The list of mounts and the survey of their space.
pub(super) struct MountReader {
    root: PathBuf,
    tables: [KeptFile; 2],
    entries: Vec<(PathBuf, MountEntry)>,
    survey: Survey,
}

impl MountReader {
    pub(super) fn new(root: &Path) -> Self {
        // A sandboxed service has a table of its own; the first process has the machine's.
        let table = |name: &str| KeptFile::new(root.join("proc").join(name).join("mountinfo"));
        Self { root: root.to_owned(), tables: [table("1"), table("self")], entries: Vec::new(), survey: Survey::new(Arc::new(statvfs)) }
    }

    /// Reads the table and asks all file systems that are not known to hang.
    pub(super) fn start_round(&mut self) {
        let [first, own] = &mut self.tables;
        let mut text = first.read();
        if text.is_empty() {
            text = own.read();
        }
        let entries = parse_mounts(text).into_iter();
        self.entries = entries.map(|entry| (self.root.join(entry.mount_point.trim_start_matches('/')), entry)).collect();
        self.survey.start_round(self.entries.iter().map(|(path, _)| path.clone()).collect(), Instant::now());
    }

    /// Waits a moment for the answers of the round that was just started.
    pub(super) fn wait(&mut self) {
        self.survey.wait(Instant::now() + PATIENCE);
    }

    /// Takes the answers that have come since.
    pub(super) fn collect(&mut self) {
        self.survey.collect(Instant::now());
    }

    /// All mounts whose space is known.
    pub(super) fn latest(&self) -> Vec<Mount> {
        self.entries.iter().filter_map(|(path, entry)| entry.with(self.survey.spaces.get(path)?)).collect()
    }
}

fn statvfs(path: &Path) -> Option<Space> {
    let answer = rustix::fs::statvfs(path).ok()?;
    Some(Space {
        block_bytes: if answer.f_frsize > 0 { answer.f_frsize } else { answer.f_bsize },
        blocks: answer.f_blocks,
        blocks_free: answer.f_bfree,
        blocks_available: answer.f_bavail,
        inodes: answer.f_files,
        inodes_free: answer.f_ffree,
    })
}

/// Asks one file system after the other on one thread. When one does not answer, its thread is left with it, and a new one does the
/// rest; a mount that is being waited for is not asked again, so that each dead one costs one thread and no more.
struct Survey {
    measure: Arc<Measure>,
    spaces: HashMap<PathBuf, Space>,
    hung: HashSet<PathBuf>,
    worker: Option<Worker>,
    workers_started: u64,
    answers: Receiver<Answer>,
    answer_to: Sender<Answer>,
}

struct Answer {
    worker: u64,
    path: PathBuf,
    space: Option<Space>,
}

/// The thread that is not known to hang.
struct Worker {
    number: u64,
    jobs: Sender<Vec<PathBuf>>,
    /// What it still has to ask, the one that it is asking first.
    waiting: VecDeque<PathBuf>,
    asked_at: Instant,
    abandoned: Arc<AtomicBool>,
}

impl Survey {
    fn new(measure: Arc<Measure>) -> Self {
        let (answer_to, answers) = channel();
        Self { measure, spaces: HashMap::new(), hung: HashSet::new(), worker: None, workers_started: 0, answers, answer_to }
    }

    fn start_round(&mut self, paths: Vec<PathBuf>, now: Instant) {
        self.collect(now);
        let wanted: HashSet<&PathBuf> = paths.iter().collect();
        self.spaces.retain(|path, _| wanted.contains(path));
        // A round that is not over goes on; its mounts must not be asked twice.
        if self.worker.as_ref().is_none_or(|worker| worker.waiting.is_empty()) {
            let answering = paths.into_iter().filter(|path| !self.hung.contains(path)).collect();
            self.ask(answering, now);
        }
    }

    fn ask(&mut self, paths: VecDeque<PathBuf>, now: Instant) {
        if self.worker.is_none() {
            self.worker = self.start_worker(now);
        }
        let accepted = self.worker.as_mut().is_some_and(|worker| {
            worker.asked_at = now;
            worker.waiting = paths;
            worker.jobs.send(worker.waiting.iter().cloned().collect()).is_ok()
        });
        if !accepted {
            self.worker = None;
            self.spaces.clear();
        }
    }

    /// `None` when too many threads hang already, or the system gives no more.
    fn start_worker(&mut self, now: Instant) -> Option<Worker> {
        if self.hung.len() >= MAX_HUNG {
            return None;
        }
        self.workers_started += 1;
        let number = self.workers_started;
        let (jobs, received) = channel::<Vec<PathBuf>>();
        let abandoned = Arc::new(AtomicBool::new(false));
        let (answers, measure, stop) = (self.answer_to.clone(), self.measure.clone(), abandoned.clone());
        let work = move || {
            for path in received.into_iter().flatten() {
                // What an abandoned thread had not begun yet is somebody else's by now.
                let space = if stop.load(Ordering::Relaxed) { None } else { measure(&path) };
                if answers.send(Answer { worker: number, path, space }).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("mounts".into()).stack_size(WORKER_STACK_BYTES).spawn(work).ok()?;
        Some(Worker { number, jobs, waiting: VecDeque::new(), asked_at: now, abandoned })
    }

    /// Takes what has been answered, and gives up the one that has not answered in time.
    fn collect(&mut self, now: Instant) {
        while let Ok(answer) = self.answers.try_recv() {
            self.take(answer, now);
        }
        let late = |worker: &mut Worker| now.duration_since(worker.asked_at) > ANSWER_LIMIT && !worker.waiting.is_empty();
        if let Some(mut worker) = self.worker.take_if(late) {
            worker.abandoned.store(true, Ordering::Relaxed);
            if let Some(path) = worker.waiting.pop_front() {
                self.spaces.remove(&path);
                self.hung.insert(path);
            }
            self.ask(std::mem::take(&mut worker.waiting), now);
        }
    }

    fn take(&mut self, answer: Answer, now: Instant) {
        match &mut self.worker {
            Some(worker) if worker.number == answer.worker => {
                worker.waiting.pop_front();
                worker.asked_at = now;
            }
            // A dead one has come back, and its thread has ended; the rest of that thread's list was given to another.
            _ if self.hung.remove(&answer.path) => {}
            _ => return,
        }
        match answer.space {
            Some(space) => drop(self.spaces.insert(answer.path, space)),
            None => drop(self.spaces.remove(&answer.path)),
        }
    }

    /// Waits until all have answered or `deadline`.
    fn wait(&mut self, deadline: Instant) {
        while self.worker.as_ref().is_some_and(|worker| !worker.waiting.is_empty()) {
            let Ok(answer) = self.answers.recv_timeout(deadline.saturating_duration_since(Instant::now())) else { return };
            self.take(answer, Instant::now());
        }
    }
}

impl Drop for Survey {
    fn drop(&mut self) {
        if let Some(worker) = &self.worker {
            worker.abandoned.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests;
