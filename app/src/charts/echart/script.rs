//! Loads ECharts when the first chart needs it: pages without charts never do.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::OnceCell;
use wasm_bindgen::JsCast;
use web_sys::HtmlScriptElement;

/// One of the bundles that `app/js` builds.
#[derive(Clone, Copy)]
pub enum Script {
    /// Draws on a canvas: what every chart needs.
    Charts,
    /// Writes an SVG: only needed when somebody saves one.
    Svg,
}

impl Script {
    fn address(self) -> &'static str {
        match self {
            Self::Charts => "/vendor/echarts.js",
            Self::Svg => "/vendor/echarts-svg.js",
        }
    }
}

/// Wait before another try, in milliseconds: a centre that restarts is back soon.
const AGAIN_AFTER_MS: u32 = 5_000;

thread_local! {
    static READY: [OnceCell<ArcRwSignal<bool>>; 2] = const { [OnceCell::new(), OnceCell::new()] };
}

/// Whether the script has been loaded. The first caller starts loading it.
pub fn script_ready(script: Script) -> ArcRwSignal<bool> {
    READY.with(|ready| {
        ready[script as usize]
            .get_or_init(|| {
                let signal = ArcRwSignal::new(false);
                load(script, signal.clone());
                signal
            })
            .clone()
    })
}

fn load(script: Script, ready: ArcRwSignal<bool>) {
    let Some((element, head)) = new_script().zip(document().head()) else { return };
    element.set_src(script.address());
    let loaded = ready.clone();
    EventListener::once(&element, "load", move |_| loaded.set(true)).forget();
    let failed = element.clone();
    EventListener::once(&element, "error", move |_| {
        failed.remove();
        Timeout::new(AGAIN_AFTER_MS, move || load(script, ready)).forget();
    })
    .forget();
    // It fails only for a node that is no element.
    let _ = head.append_child(&element);
}

fn new_script() -> Option<HtmlScriptElement> {
    document().create_element("script").ok()?.dyn_into().ok()
}
