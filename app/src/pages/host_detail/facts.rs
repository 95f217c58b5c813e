//! What does not change while the host runs.

use super::shown::Shown;
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;
use protocol::host::HostId;
use protocol::snapshot::Facts;

/// The panel of the static facts.
#[component]
pub fn FactsPanel(id: HostId, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let card = use_live_feed().card(id);
    let fact = move |part: fn(&Facts) -> String| {
        let text = Memo::new(move |_| shown.fact(|facts| Some(part(facts)).filter(|text| !text.is_empty())));
        move || text.get().unwrap_or_else(|| format::GAP.to_owned())
    };
    let tags = move || card.with(|card| if card.tags.is_empty() { format::GAP.to_owned() } else { card.tags.join(", ") });
    view! {
        <section class="panel detail-panel" data-testid="detail-facts">
            <h2>{text!(i18n, live.detail.system)}</h2>
            <dl class="detail-facts">
                <dt>{text!(i18n, live.detail.os)}</dt><dd>{fact(|facts| facts.os.clone())}</dd>
                <dt>{text!(i18n, live.detail.kernel)}</dt><dd>{fact(|facts| facts.kernel.clone())}</dd>
                <dt>{text!(i18n, live.detail.architecture)}</dt><dd>{fact(|facts| facts.architecture.clone())}</dd>
                <dt>{text!(i18n, live.detail.processor)}</dt><dd>{fact(|facts| facts.cpu_model.clone())}</dd>
                <dt>{text!(i18n, live.detail.cores)}</dt><dd>{fact(|facts| facts.cores.to_string())}</dd>
                <dt>{text!(i18n, live.detail.memory_total)}</dt><dd>{fact(|facts| format::bytes(Some(facts.memory_total)))}</dd>
                <dt>{text!(i18n, live.detail.reader)}</dt><dd>{fact(|facts| facts.reader_version.clone())}</dd>
                <dt>{text!(i18n, live.detail.tags)}</dt><dd>{tags}</dd>
            </dl>
        </section>
    }
}
