//! A host's trouble as a mark: colour never stands alone.

use crate::i18n::{t_string, use_i18n};
use crate::live::worst_level;
use leptos::prelude::*;
use protocol::host::{HostStatus, Level, Levels};

/// Word for `data-level` attributes: what a host's card is coloured by.
pub fn level_word(status: HostStatus, levels: Levels) -> &'static str {
    match (status, worst_level(levels)) {
        (HostStatus::Blocked, _) => "critical",
        (HostStatus::Offline | HostStatus::Paused, _) => "offline",
        (HostStatus::Initializing, _) => "waiting",
        (_, Level::Critical) => "critical",
        (_, Level::Warning) => "warning",
        (_, Level::Calm) => "calm",
    }
}

/// Word for one figure.
pub fn figure_word(level: Level) -> &'static str {
    match level {
        Level::Critical => "critical",
        Level::Warning => "warning",
        Level::Calm => "calm",
    }
}

/// The mark of a level word; nothing while all is calm.
#[component]
pub fn LevelMark(
    /// One of the words of [`level_word`].
    #[prop(into)]
    level: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let mark = move || match level.get() {
        "critical" => "▲",
        "warning" => "◆",
        "offline" => "●",
        "waiting" => "○",
        _ => "",
    };
    let title = move || match level.get() {
        "critical" => t_string!(i18n, live.level.critical),
        "warning" => t_string!(i18n, live.level.warning),
        "offline" => t_string!(i18n, live.level.offline),
        "waiting" => t_string!(i18n, common.status.initializing),
        _ => "",
    };
    view! { <span class="level-mark" data-level=level title=title>{mark}</span> }
}

/// The mark of one figure that is over its threshold; nothing while it is calm.
#[component]
pub fn FigureMark(
    /// One of the words of [`figure_word`].
    #[prop(into)]
    level: Signal<&'static str>,
) -> impl IntoView {
    let mark = move || match level.get() {
        "critical" => "▲",
        "warning" => "◆",
        _ => "",
    };
    view! { <span class="figure-mark" aria-hidden="true">{mark}</span> }
}
