//! A store that is filled faster than time passes: the same writes, the same keeper, with time passed in.

use super::machine::Machine;
use super::programs::minutes;
use super::window::windows;
use protocol::host::HostId;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use tactus::store::{Batch, Keeper, Left, Store};
use tokio::sync::mpsc;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What is written of all hosts in one hour.
pub struct Hour {
    /// Its end, or that of the whole range in the last one.
    pub end_ms: i64,
    /// Rows by time, then by host, as the pipeline writes them, and the programs of each minute.
    pub batch: Batch,
}

/// Hours of simulated machines from `from_ms` to before `to_ms`, made by a thread of its own a little ahead of who reads them.
pub fn hours(mut machines: Vec<(HostId, Machine)>, from_ms: i64, to_ms: i64) -> mpsc::Receiver<Hour> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut random = SmallRng::seed_from_u64(7);
        let mut start_ms = from_ms;
        while start_ms < to_ms {
            let end_ms = (start_ms.div_euclid(HOUR_MS) * HOUR_MS + HOUR_MS).min(to_ms);
            let mut batch = Batch::default();
            for (id, machine) in &mut machines {
                batch.rows.extend(windows(machine, *id, start_ms, end_ms));
                batch.processes.extend(minutes(&mut random, *id, start_ms, end_ms));
            }
            batch.rows.sort_by_key(|row| (row.at_ms, row.host_id));
            batch.processes.sort_by_key(|minute| (minute.at_ms, minute.host_id));
            if sender.blocking_send(Hour { end_ms, batch }).is_err() {
                return;
            }
            start_ms = end_ms;
        }
    });
    receiver
}

/// A store with its keeper.
pub struct Archive {
    store: Store,
    keeper: Keeper,
}

impl Archive {
    /// Begins at `now_ms`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn new(store: Store, now_ms: i64) -> anyhow::Result<Self> {
        let keeper = Keeper::new(store.clone(), now_ms).await?;
        Ok(Self { store, keeper })
    }

    /// Writes an hour and keeps order as at its end.
    ///
    /// # Errors
    /// The database fails.
    pub async fn take(&mut self, hour: &Hour) -> anyhow::Result<()> {
        self.store.insert_batch(&hour.batch).await?;
        // What took an hour in life must not make the log longer than it was then.
        self.store.checkpoint().await?;
        if hour.end_ms % DAY_MS == 0 {
            self.keeper.look_now();
        }
        self.settle(hour.end_ms).await
    }

    /// Does all that is left to do at `now_ms`, and writes the log into the database.
    ///
    /// # Errors
    /// The database fails.
    pub async fn finish(mut self, now_ms: i64) -> anyhow::Result<Store> {
        self.keeper.look_now();
        self.settle(now_ms).await?;
        // The keeper takes a past that was made up for a jump of the clock.
        self.store.save_setting("trusted_ms", &now_ms).await?;
        self.store.checkpoint().await?;
        Ok(self.store)
    }

    async fn settle(&mut self, now_ms: i64) -> anyhow::Result<()> {
        while self.keeper.step(now_ms).await? == Left::Some {}
        Ok(())
    }
}
