//! Which file systems the hosts have had: asked when somebody wants to choose among them.

use super::state::history;
use crate::api::history::list_series;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::metric::Series;

/// File systems of the chosen hosts.
#[derive(Clone, Copy)]
pub struct Mounts {
    pub known: RwSignal<Vec<Series>>,
    pub busy: RwSignal<bool>,
}

/// Asks once `wanted` is true, and again when other hosts are chosen.
pub fn use_mounts(wanted: RwSignal<bool>) -> Mounts {
    let history = history();
    let mounts = Mounts { known: RwSignal::new(Vec::new()), busy: RwSignal::new(false) };
    let hosts = Memo::new(move |_| history.view.with(|view| view.hosts.clone()));
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let hosts = hosts.get();
        let Some(range) = history.range.get_untracked().filter(|_| wanted.get() && !hosts.is_empty()) else { return };
        turn.update_value(|turn| *turn += 1);
        let asked = turn.get_value();
        mounts.busy.set(true);
        spawn_local(async move {
            let mut known: Vec<Series> = Vec::new();
            for id in hosts {
                // Without an answer the other metrics can still be chosen.
                for info in list_series(id, range.from_ms, range.to_ms).await.unwrap_or_default() {
                    let series = info.name.parse().ok().filter(|series| !matches!(series, Series::Metric(_)) && !known.contains(series));
                    known.extend(series);
                }
            }
            if turn.try_get_value() == Some(asked) {
                known.sort();
                mounts.known.set(known);
                mounts.busy.set(false);
            }
        });
    });
    mounts
}
