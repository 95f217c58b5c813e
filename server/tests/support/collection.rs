//! The collection of one host, as the centre does it.

use super::sshd::{Sshd, User};
use super::with_password;
use protocol::host::Source;
use std::sync::Arc;
use std::time::Duration;
use tactus::collect::{KeyChanged, Logins, Reading, Scheduler, Target};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(30);

/// A host that cannot be read in any way.
pub fn nothing() -> Target {
    Target { host_id: 7, agent: None, ssh: None, exporter: None, restricted: false }
}

/// A login of a test's sshd.
pub fn login(sshd: &Sshd, user: &User) -> tactus::ssh::Target {
    with_password("127.0.0.1", sshd.port, &user.name, &user.password)
}

/// A centre's collection of one host.
pub struct Collection {
    scheduler: Scheduler,
    pub readings: mpsc::Receiver<Reading>,
    pub key_changes: mpsc::Receiver<KeyChanged>,
    stop: CancellationToken,
}

impl Collection {
    pub fn start(target: Target) -> Self {
        Self::start_with(target, true)
    }

    /// With or without a session that is kept while nobody needs it.
    pub fn start_with(target: Target, warm: bool) -> Self {
        let (sender, readings) = mpsc::channel(64);
        let (changes, key_changes) = mpsc::channel(1);
        let stop = CancellationToken::new();
        let scheduler = Scheduler::new(sender, Logins::new(changes, warm), Arc::new(|_| false), stop.clone());
        scheduler.start(target);
        Self { scheduler, readings, key_changes, stop }
    }

    /// Waits for a reading from `source`; answers it and the errors before it.
    pub async fn until(&mut self, source: Source) -> (Reading, Vec<String>) {
        let mut errors = Vec::new();
        let found = async {
            loop {
                let reading = self.readings.recv().await.unwrap();
                match &reading.outcome {
                    Ok(_) if reading.source == source => return reading,
                    Ok(_) => {}
                    Err(error) => errors.push(format!("{:?}: {error}", reading.source)),
                }
            }
        };
        let reading = timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("no reading from {source:?}: {errors:?}"));
        (reading, errors)
    }

    /// Ends the collection; all of its tasks must end.
    pub async fn end(self) {
        self.stop.cancel();
        timeout(Duration::from_secs(5), self.scheduler.finished()).await.expect("all tasks end");
    }
}
