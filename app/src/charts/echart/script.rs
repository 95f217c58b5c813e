//! Loads ECharts when the first chart needs it: pages without charts never do.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::OnceCell;
use wasm_bindgen::JsCast;
use web_sys::HtmlScriptElement;

/// Where the centre serves the bundle that `app/js` builds.
const ADDRESS: &str = "/vendor/echarts.js";

/// Wait before another try, in milliseconds: a centre that restarts is back soon.
const AGAIN_AFTER_MS: u32 = 5_000;

thread_local! {
    static READY: OnceCell<ArcRwSignal<bool>> = const { OnceCell::new() };
}

/// Whether the script has been loaded. The first caller starts loading it.
pub fn script_ready() -> ArcRwSignal<bool> {
    READY.with(|ready| {
        ready
            .get_or_init(|| {
                let signal = ArcRwSignal::new(false);
                load(signal.clone());
                signal
            })
            .clone()
    })
}

fn load(ready: ArcRwSignal<bool>) {
    let Some((script, head)) = new_script().zip(document().head()) else { return };
    script.set_src(ADDRESS);
    let loaded = ready.clone();
    EventListener::once(&script, "load", move |_| loaded.set(true)).forget();
    let failed = script.clone();
    EventListener::once(&script, "error", move |_| {
        failed.remove();
        Timeout::new(AGAIN_AFTER_MS, move || load(ready)).forget();
    })
    .forget();
    // It fails only for a node that is no element.
    let _ = head.append_child(&script);
}

fn new_script() -> Option<HtmlScriptElement> {
    document().create_element("script").ok()?.dyn_into().ok()
}
