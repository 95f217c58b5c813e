//! What happened to the host: changes of its state and of the way in which it is read.

use crate::api::history::host_events;
use crate::components::DataView;
use crate::fetched::fetched;
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use crate::texts::change_text;
use crate::views::HostEvent;
use leptos::prelude::*;
use protocol::host::HostId;

/// Events that are listed.
const LISTED: u32 = 12;
const MINUTE_MS: i64 = 60_000;

/// The panel: what the store knows, and what happens meanwhile.
#[component]
pub fn EventsPanel(id: HostId) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let stored = fetched(|| (), move |()| host_events(id, LISTED));
    let now_ms = Memo::new(move |_| feed.at_ms.get().map(|at_ms| at_ms.div_euclid(MINUTE_MS) * MINUTE_MS));
    let list = move |stored: Vec<HostEvent>| {
        let rows = move || {
            let events = feed.happened.with(|happened| merged(id, happened.iter(), &stored));
            let row = |event: HostEvent| {
                let HostEvent { at_ms, change, reason } = event;
                let age = move || now_ms.get().map(|now_ms| format::ago((now_ms - at_ms).max(0), i18n.get_locale()));
                view! {
                    <li class="detail-event">
                        <span>{move || change_text(i18n.get_locale(), change)}</span>
                        <span class="secondary">{reason}</span>
                        <span class="secondary">{age}</span>
                    </li>
                }
            };
            events.into_iter().map(row).collect_view()
        };
        view! { <ul class="detail-events" data-testid="detail-events">{rows}</ul> }
    };
    view! {
        <section class="panel detail-panel detail-wide">
            <h2>{text!(i18n, live.detail.events)}</h2>
            <DataView resource=stored children=list/>
        </section>
    }
}

/// Newest first; an event that came both ways stands once.
fn merged<'a>(id: HostId, lived: impl Iterator<Item = &'a (HostId, HostEvent)>, stored: &[HostEvent]) -> Vec<HostEvent> {
    let mut events: Vec<HostEvent> = lived.filter(|(host, _)| *host == id).map(|(_, event)| event.clone()).collect();
    for event in stored {
        if !events.contains(event) {
            events.push(event.clone());
        }
    }
    events.truncate(LISTED as usize);
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::HostChange;
    use protocol::host::Source;

    #[test]
    fn an_event_that_is_stored_and_live_stands_once() {
        let event = |at_ms| HostEvent { at_ms, change: HostChange::Source { from: None, to: Source::Ssh }, reason: String::new() };
        let lived = [(3, event(9)), (4, event(8)), (3, event(7))];
        assert_eq!(merged(3, lived.iter(), &[event(7), event(1)]), [event(9), event(7), event(1)]);
    }
}
