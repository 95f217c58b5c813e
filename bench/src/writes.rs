//! Hears how long the store's writes take.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// Target of the store's event for each transaction of rows, and its field.
const TARGET: &str = "tactus::written";
const FIELD: &str = "us";

/// Times of writes in milliseconds since the last [`Writes::take`].
#[derive(Clone, Default)]
pub struct Writes(Arc<Mutex<Vec<f64>>>);

impl Writes {
    /// Listens to everything in this process, once.
    ///
    /// # Errors
    /// Somebody listens already.
    pub fn listen() -> anyhow::Result<Self> {
        let writes = Self::default();
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(writes.clone()))?;
        Ok(writes)
    }

    /// What was heard since the last time.
    pub fn take(&self) -> Vec<f64> {
        self.0.lock().map(|mut times| std::mem::take(&mut *times)).unwrap_or_default()
    }
}

impl<S: Subscriber> Layer<S> for Writes {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == TARGET
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Push(self));
    }
}

struct Push<'a>(&'a Writes);

impl Visit for Push<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == FIELD
            && let Ok(mut times) = self.0.0.lock()
        {
            times.push(value as f64 / 1e3);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
