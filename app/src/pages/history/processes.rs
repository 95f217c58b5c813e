//! Which programs used the processor in a range.

use super::charts::range_text;
use super::state::history;
use crate::api::history::process_history;
use crate::components::ErrorNotice;
use crate::error::ApiError;
use crate::format;
use crate::i18n::{t_string, text, use_i18n};
use crate::views::ProcessUse;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button that asks for the shown range, and the list of what was asked for last.
#[component]
pub fn ProcessPanel() -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let found = RwSignal::new(None::<Result<Vec<ProcessUse>, ApiError>>);
    Effect::new(move |_| {
        let asked = history.processes.get();
        found.set(None);
        let Some((id, range)) = asked else { return };
        spawn_local(async move {
            let answer = process_history(id, range.from_ms, range.to_ms).await;
            // Another question may have been asked meanwhile, or the page be gone.
            if history.processes.try_get_untracked() == Some(asked) {
                found.set(Some(answer));
            }
        });
    });
    let title = move || {
        let (id, range) = history.processes.get()?;
        Some(t_string!(i18n, history.processes.of, host = history.host_name(id), range = range_text(range)))
    };
    let body = move || match (history.processes.get(), found.get()) {
        (None, _) => view! { <p class="secondary">{text!(i18n, history.processes.hint)}</p> }.into_any(),
        (Some(_), None) => view! { <p class="secondary" role="status">{text!(i18n, history.tool.loading)}</p> }.into_any(),
        (Some(_), Some(Err(error))) => view! { <ErrorNotice error/> }.into_any(),
        (Some(_), Some(Ok(list))) if list.is_empty() => view! { <p class="secondary">{text!(i18n, history.processes.none)}</p> }.into_any(),
        (Some(_), Some(Ok(list))) => view! { <ProcessTable list/> }.into_any(),
    };
    view! {
        <section class="panel history-side" data-testid="history-processes">
            <div class="history-side-head">
                <h2>{text!(i18n, history.processes.title)}</h2>
                <button type="button" class="button button-small" data-testid="history-processes-ask" on:click=move |_| history.ask_processes(None)>
                    {text!(i18n, history.tool.processes)}
                </button>
            </div>
            <p class="secondary" role="status">{title}</p>
            {body}
        </section>
    }
}

#[component]
fn ProcessTable(list: Vec<ProcessUse>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |process: ProcessUse| {
        view! {
            <tr>
                <td data-label=text!(i18n, history.processes.name)><b class="mono">{process.name}</b></td>
                <td class="number" data-label=text!(i18n, history.processes.cpu_mean)>{format::percent_text(Some(process.cpu_percent))}</td>
                <td class="number" data-label=text!(i18n, history.processes.cpu_most)>
                    {format::percent_text(Some(process.most_cpu_percent))}
                </td>
                <td class="number" data-label=text!(i18n, history.processes.memory)>{format::bytes(Some(process.most_memory_bytes))}</td>
                <td class="number" data-label=text!(i18n, history.processes.minutes)>{process.minutes}</td>
            </tr>
        }
    };
    view! {
        <div class="table-wrap">
            <table class="table live-table">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, history.processes.name)}</th>
                        <th scope="col" class="number">{text!(i18n, history.processes.cpu_mean)}</th>
                        <th scope="col" class="number">{text!(i18n, history.processes.cpu_most)}</th>
                        <th scope="col" class="number">{text!(i18n, history.processes.memory)}</th>
                        <th scope="col" class="number">{text!(i18n, history.processes.minutes)}</th>
                    </tr>
                </thead>
                <tbody>{list.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="field-hint">{text!(i18n, history.processes.core)}</p>
    }
}
