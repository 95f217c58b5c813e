//! Moving through time by buttons, the resolution that is shown, and what can be taken away.

use super::address::download;
use super::charts::Charts;
use super::state::history;
use crate::charts::{save_png, save_svg};
use crate::i18n::{t_string, text, use_i18n};
use crate::moment;
use leptos::prelude::*;

/// Zoom of one press.
const ZOOM: f64 = 0.5;
/// Share of the range by which one press moves.
const STEP: f64 = 0.5;

/// The row above the charts.
#[component]
pub fn Tools(charts: Charts) -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let can_return = Memo::new(move |_| history.trail.with(|trail| !trail.is_empty()));
    let step_ms = Memo::new(move |_| history.loading.now.with(|loaded| loaded.as_ref().map(|loaded| loaded.answer.step_ms)));
    let resolution = move || step_ms.get().map_or_else(|| "–".to_owned(), |step_ms| moment::step_text(step_ms, i18n.get_locale()));
    let busy = history.loading.busy;
    view! {
        <div class="history-tools" role="group" aria-label=text!(i18n, history.tool.view)>
            <span class="history-tool-group">
                <Tool sign="←" test_id="history-pan-earlier" press=move || history.pan(-STEP, false)>{text!(i18n, history.tool.earlier)}</Tool>
                <Tool sign="→" test_id="history-pan-later" press=move || history.pan(STEP, false)>{text!(i18n, history.tool.later)}</Tool>
                <Tool sign="+" test_id="history-zoom-in" press=move || history.zoom(ZOOM, None, false)>{text!(i18n, history.tool.zoom_in)}</Tool>
                <Tool sign="−" test_id="history-zoom-out" press=move || history.zoom(1.0 / ZOOM, None, false)>{text!(i18n, history.tool.zoom_out)}</Tool>
            </span>
            <span class="history-tool-group">
                <button type="button" class="button button-small" data-testid="history-back" disabled=move || !can_return.get()
                    on:click=move |_| history.step_back()>{text!(i18n, history.tool.back)}</button>
                <button type="button" class="button button-small" data-testid="history-reset" disabled=move || !can_return.get()
                    on:click=move |_| history.reset()>{text!(i18n, history.tool.reset)}</button>
            </span>
            <span class="history-resolution">
                <span class="secondary">{text!(i18n, history.tool.resolution)}</span>
                <b data-testid="history-resolution" data-step-ms=move || step_ms.get().map(|step_ms| step_ms.to_string())>{resolution}</b>
            </span>
            <span class="history-busy" role="status" data-testid="history-busy" data-busy=move || busy.get().to_string()>
                {move || busy.get().then(|| t_string!(i18n, history.tool.loading))}
            </span>
            <SaveLinks charts/>
        </div>
    }
}

/// A button with a sign and a name for who cannot see it.
#[component]
fn Tool(sign: &'static str, test_id: &'static str, press: impl Fn() + Send + Sync + 'static, children: Children) -> impl IntoView {
    view! {
        <button type="button" class="button button-small history-tool" data-testid=test_id on:click=move |_| press()>
            <span class="history-tool-sign" aria-hidden="true">{sign}</span>
            <span class="history-tool-name">{children()}</span>
        </button>
    }
}

/// Data as a file, the charts as a picture.
#[component]
fn SaveLinks(charts: Charts) -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let address = move |format: &'static str| {
        let tier_ms = history.loading.now.with(|loaded| loaded.as_ref().map(|loaded| loaded.answer.tier_step_ms));
        history.range.get().map(|range| history.view.with(|view| download(view, range, format, tier_ms)))
    };
    let text = move || charts.picture_text(i18n.get_locale());
    let name = |kind: &str| format!("tactus-history.{kind}");
    view! {
        <span class="history-tool-group history-save" role="group" aria-label=text!(i18n, history.tool.save)>
            <span class="secondary">{text!(i18n, history.tool.save)}</span>
            <a class="button button-small" download="" rel="external" data-testid="history-download-csv" href=move || address("csv")>
                {text!(i18n, history.tool.csv)}
            </a>
            <a class="button button-small" download="" rel="external" data-testid="history-download-jsonl" href=move || address("jsonl")>
                {text!(i18n, history.tool.jsonl)}
            </a>
            <button type="button" class="button button-small" data-testid="history-download-png"
                on:click=move |_| save_png(&charts.handles(), &text(), &name("png"))>{text!(i18n, history.tool.png)}</button>
            <button type="button" class="button button-small" data-testid="history-download-svg"
                on:click=move |_| save_svg(charts.handles(), text(), name("svg"))>{text!(i18n, history.tool.svg)}</button>
        </span>
    }
}
