//! Dead file systems, with a `statvfs` that blocks on command.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

/// Enough for any machine; every wait ends as soon as its condition holds.
const LONG: Duration = Duration::from_secs(60);

/// File systems below /dead block until they are released; those below /gone answer with an error.
struct Disks {
    survey: Survey,
    release: Option<Sender<()>>,
    threads_inside: Arc<AtomicUsize>,
}

impl Disks {
    fn new() -> Self {
        let (release, held) = channel::<()>();
        let (held, threads_inside) = (Mutex::new(held), Arc::new(AtomicUsize::new(0)));
        let inside = threads_inside.clone();
        let measure = move |path: &Path| {
            if path.starts_with("/dead") {
                inside.fetch_add(1, Ordering::SeqCst);
                // Ends when the sender is dropped.
                while held.lock().unwrap().recv_timeout(Duration::from_millis(1)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {}
                inside.fetch_sub(1, Ordering::SeqCst);
            }
            (!path.starts_with("/gone")).then_some(Space { block_bytes: 1, blocks: 7, ..Space::default() })
        };
        Self { survey: Survey::new(Arc::new(measure)), release: Some(release), threads_inside }
    }

    fn known(&self) -> Vec<&str> {
        let mut known: Vec<&str> = self.survey.spaces.keys().map(|path| path.to_str().unwrap()).collect();
        known.sort_unstable();
        known
    }

    /// One round with everything that happens in it when time passes until each dead one is given up.
    fn round(&mut self, paths: &[&str], start: Instant) {
        self.survey.start_round(paths.iter().map(PathBuf::from).collect(), start);
        for second in 1..=20 {
            // Only a dead one can keep the wait to its end.
            while self.survey.worker.as_ref().is_some_and(|worker| worker.waiting.front().is_some_and(|path| !path.starts_with("/dead"))) {
                let answer = self.survey.answers.recv_timeout(LONG).expect("a living file system answers");
                self.survey.take(answer, start);
            }
            // Time passes only when the thread is where it will hang.
            while self.survey.worker.as_ref().is_some_and(|worker| !worker.waiting.is_empty())
                && self.threads_inside.load(Ordering::SeqCst) <= self.survey.hung.len()
            {
                thread::yield_now();
            }
            self.survey.collect(start + second * Duration::from_secs(2));
        }
    }
}

#[test]
fn living_ones_answer_and_errors_are_gaps() {
    let mut disks = Disks::new();
    let now = Instant::now();
    disks.survey.start_round(["/", "/gone", "/home"].map(PathBuf::from).into(), now);
    disks.survey.wait(now + LONG);
    assert_eq!(disks.known(), ["/", "/home"]);
    disks.survey.start_round(["/home"].map(PathBuf::from).into(), now);
    assert_eq!(disks.known(), ["/home"], "an unmounted one is forgotten at once");
}

#[test]
fn a_dead_one_costs_one_thread_and_only_its_own_value() {
    let mut disks = Disks::new();
    let start = Instant::now();
    for round in 0..50 {
        disks.round(&["/", "/dead/nfs", "/home"], start + round * Duration::from_secs(100));
        assert_eq!(disks.known(), ["/", "/home"], "round {round}");
    }
    assert_eq!(disks.survey.workers_started, 2);
    assert_eq!(disks.threads_inside.load(Ordering::SeqCst), 1);
    // The server comes back.
    drop(disks.release.take());
    let answer = disks.survey.answers.recv_timeout(LONG).expect("the dead one answers");
    disks.survey.take(answer, start);
    assert_eq!(disks.known(), ["/", "/dead/nfs", "/home"]);
    assert!(disks.survey.hung.is_empty());
}

#[test]
fn many_dead_ones_never_take_more_than_the_allowed_threads() {
    let mut disks = Disks::new();
    let names: Vec<String> = (0..20).map(|number| format!("/dead/{number:02}")).chain(["/".to_owned()]).collect();
    let paths: Vec<&str> = names.iter().map(String::as_str).collect();
    for round in 0..5 {
        disks.round(&paths, Instant::now() + round * Duration::from_secs(100));
    }
    assert_eq!(disks.survey.hung.len(), MAX_HUNG);
    assert_eq!(disks.survey.workers_started, MAX_HUNG as u64);
    assert_eq!(disks.known(), Vec::<&str>::new());
    drop(disks.release.take());
    while !disks.survey.hung.is_empty() {
        let answer = disks.survey.answers.recv_timeout(LONG).expect("all come back");
        disks.survey.take(answer, Instant::now());
    }
    disks.survey.start_round(paths.iter().map(PathBuf::from).collect(), Instant::now());
    disks.survey.wait(Instant::now() + LONG);
    assert_eq!(disks.known().len(), 21);
}

#[test]
fn an_answer_that_is_late_by_a_moment_is_not_lost() {
    let mut disks = Disks::new();
    let start = Instant::now();
    disks.survey.start_round(["/dead/slow", "/"].map(PathBuf::from).into(), start);
    disks.survey.collect(start + Duration::from_millis(900));
    assert!(disks.survey.hung.is_empty(), "it has a second");
    drop(disks.release.take());
    disks.survey.wait(Instant::now() + LONG);
    assert_eq!(disks.known(), ["/", "/dead/slow"]);
    assert_eq!(disks.survey.workers_started, 1);
}
