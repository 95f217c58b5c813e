//! What is wrong with the host now.

use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use crate::texts::{alert_mark, alert_state_text, alert_text, lasted_ms};
use crate::{browser, moment};
use leptos::prelude::*;
use leptos_router::components::A;
use protocol::alert::{Alert, AlertId};
use protocol::host::HostId;

/// Its open alerts, the worst first; nothing while there are none.
#[component]
pub fn OpenAlerts(id: HostId) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let open = Memo::new(move |_| feed.open_of(id));
    let ids = Memo::new(move |_| open.with(|open| open.iter().map(|alert| alert.id).collect::<Vec<_>>()));
    view! {
        <Show when=move || !ids.with(Vec::is_empty)>
            <section class="panel detail-alerts" data-testid="detail-alerts">
                <h2>{text!(i18n, alerts.host.title)}</h2>
                <ul><For each=move || ids.get() key=|&id| id let:id><Line id open/></For></ul>
            </section>
        </Show>
    }
}

#[component]
fn Line(id: AlertId, open: Memo<Vec<Alert>>) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let alert = Memo::new(move |_| open.with(|open| open.iter().find(|alert| alert.id == id).cloned()));
    let minute_ms = Memo::new(move |_| feed.at_ms.get().map(|at_ms| at_ms / 60_000 * 60_000));
    let read = move |part: fn(&Alert) -> &'static str| move || alert.with(|alert| alert.as_ref().map(part));
    let text = move || alert.with(|alert| alert.as_ref().map(|alert| alert_text(i18n.get_locale(), alert)));
    let time = |at_ms: i64| moment::text(at_ms, browser::offset_minutes(at_ms));
    let note = move || {
        let now_ms = minute_ms.get().unwrap_or_default();
        alert.with(|alert| {
            let alert = alert.as_ref()?;
            let lasted = format::ago(lasted_ms(alert, now_ms), i18n.get_locale());
            Some(format!("{} · {lasted}", alert_state_text(i18n.get_locale(), alert, now_ms, time)))
        })
    };
    view! {
        <li class="detail-alert" data-testid="detail-alert" data-level=read(|alert| alert_mark(alert).1)>
            <span class="alert-level" data-level=read(|alert| alert_mark(alert).1) aria-hidden="true">{read(|alert| alert_mark(alert).0)}</span>
            <A href=format!("/alerts?id={id}")>{text}</A>
            <span class="secondary">{note}</span>
        </li>
    }
}
