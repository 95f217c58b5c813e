//! How a host is read, as a badge.

use crate::i18n::{text, use_i18n};
use crate::texts::source_name;
use leptos::prelude::*;
use protocol::host::Source;

/// A small badge; nothing while no source is in use.
#[component]
pub fn SourceBadge(
    /// How the host is read now.
    #[prop(into)]
    source: Signal<Option<Source>>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        source.get().map(|source| {
            view! {
                <span class="badge" title=text!(i18n, common.source.title)>{move || source_name(i18n.get_locale(), source)}</span>
            }
        })
    }
}
