//! Processors: the total in its parts, and each core.

use super::shown::Shown;
use crate::components::Bar;
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;
use protocol::host::HostId;
use protocol::snapshot::Cpu;

/// The panel of the processors.
#[component]
pub fn CpuPanel(id: HostId, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let card = use_live_feed().card(id);
    let part = move |read: fn(&Cpu) -> f32| move || shown.read(|snapshot| snapshot.cpu.as_ref().map(read));
    let cores = Memo::new(move |_| shown.read(|snapshot| Some(snapshot.cpu.as_ref()?.cores_percent.len())).unwrap_or_default());
    let load = move || {
        let load = shown.read(|snapshot| snapshot.load);
        load.map_or_else(|| format::GAP.to_owned(), |load| format!("{:.2} / {:.2} / {:.2}", load.one, load.five, load.fifteen))
    };
    let threshold = Signal::derive(move || Some(card.with(|card| card.thresholds.cpu_percent)));
    view! {
        <section class="panel detail-panel" data-testid="detail-cpu-panel">
            <h2>{text!(i18n, live.metric.cpu)}</h2>
            <Bar value=Signal::derive(part(|cpu| cpu.total_percent)) colour="cpu" threshold/>
            <dl class="detail-parts">
                <Part value=part(|cpu| cpu.total_percent)>{text!(i18n, live.detail.total)}</Part>
                <Part value=part(|cpu| cpu.user_percent)>{text!(i18n, live.detail.user)}</Part>
                <Part value=part(|cpu| cpu.system_percent)>{text!(i18n, live.detail.kernel_time)}</Part>
                <Part value=part(|cpu| cpu.iowait_percent)>{text!(i18n, live.detail.iowait)}</Part>
                <Part value=part(|cpu| cpu.steal_percent)>{text!(i18n, live.detail.steal)}</Part>
            </dl>
            <p class="detail-line"><span class="secondary">{text!(i18n, live.detail.load)}</span><b>{load}</b></p>
            <ol class="detail-cores">
                <For each=move || 0..cores.get() key=|&core| core let:core><Core core shown/></For>
            </ol>
        </section>
    }
}

/// One part of the total.
#[component]
fn Part(value: impl Fn() -> Option<f32> + Send + 'static, children: Children) -> impl IntoView {
    view! { <div><dt>{children()}</dt><dd>{move || format::percent_text(value())}</dd></div> }
}

/// One core.
#[component]
fn Core(core: usize, shown: Shown) -> impl IntoView {
    let value = Signal::derive(move || shown.read(|snapshot| snapshot.cpu.as_ref()?.cores_percent.get(core).copied().flatten()));
    view! {
        <li class="detail-core">
            <span class="secondary">{core}</span>
            <Bar value colour="cpu"/>
            <span class="detail-core-value">{move || format::whole(value.get())}</span>
        </li>
    }
}
