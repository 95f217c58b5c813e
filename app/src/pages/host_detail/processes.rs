//! The greediest processes.

use super::shown::Shown;
use crate::format;
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use protocol::snapshot::{Process, TopProcesses};

/// Ten processes by CPU or by memory.
#[component]
pub fn ProcessesPanel(shown: Shown, by_memory: bool) -> impl IntoView {
    let i18n = use_i18n();
    let title = if by_memory { text!(i18n, live.detail.by_memory).into_any() } else { text!(i18n, live.detail.by_cpu).into_any() };
    let count = Memo::new(move |_| shown.read(|snapshot| Some(list(snapshot.processes.as_ref()?, by_memory).len())).unwrap_or_default());
    view! {
        <section class="panel detail-panel detail-half">
            <h2>{title}</h2>
            <div class="table-wrap">
                <table class="table live-table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(i18n, live.detail.process)}</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.pid)}</th>
                            <th scope="col" class="number">{text!(i18n, live.metric.cpu)}</th>
                            <th scope="col" class="number">{text!(i18n, live.metric.memory)}</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.threads)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || 0..count.get() key=|&place| place let:place><ProcessRow place shown by_memory/></For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn list(processes: &TopProcesses, by_memory: bool) -> &[Process] {
    if by_memory { &processes.by_memory } else { &processes.by_cpu }
}

/// The process at one place.
#[component]
fn ProcessRow(place: usize, shown: Shown, by_memory: bool) -> impl IntoView {
    let i18n = use_i18n();
    let process = Memo::new(move |_| shown.read(|snapshot| list(snapshot.processes.as_ref()?, by_memory).get(place).cloned()));
    let number = move |part: fn(&Process) -> String| move || process.with(|process| process.as_ref().map(part));
    view! {
        <tr>
            <td data-label=text!(i18n, live.detail.process)><b class="mono">{number(|process| process.name.clone())}</b></td>
            <td data-label=text!(i18n, live.detail.pid) class="number">{number(|process| process.pid.to_string())}</td>
            <td data-label=text!(i18n, live.metric.cpu) class="number">
                {move || format::percent_text(process.with(|process| process.as_ref().map(|process| process.cpu_percent)))}
            </td>
            <td data-label=text!(i18n, live.metric.memory) class="number">
                {move || format::bytes(process.with(|process| process.as_ref().map(|process| process.memory_bytes)))}
            </td>
            <td data-label=text!(i18n, live.detail.threads) class="number">{number(|process| process.threads.to_string())}</td>
        </tr>
    }
}
