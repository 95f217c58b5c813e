//! A host's state as mark, colour and word.

use crate::i18n::use_i18n;
use crate::texts::status_name;
use leptos::prelude::*;
use protocol::host::HostStatus;

/// Mark and word; the colour never stands alone.
#[component]
pub fn StatusMark(
    /// The state to show.
    #[prop(into)]
    status: Signal<HostStatus>,
) -> impl IntoView {
    let i18n = use_i18n();
    let class = move || match status.get() {
        HostStatus::Initializing => "status status-starting",
        HostStatus::Online => "status status-ok",
        HostStatus::Degraded => "status status-warning",
        HostStatus::Offline | HostStatus::Paused => "status status-offline",
        HostStatus::Blocked => "status status-critical",
    };
    let mark = move || match status.get() {
        HostStatus::Initializing => "○",
        HostStatus::Online => "✓",
        HostStatus::Degraded => "◆",
        HostStatus::Offline => "●",
        HostStatus::Paused => "‖",
        HostStatus::Blocked => "▲",
    };
    view! {
        <span class=class>
            <span class="status-mark" aria-hidden="true">{mark}</span>
            <span class="status-name">{move || status_name(i18n.get_locale(), status.get())}</span>
        </span>
    }
}
