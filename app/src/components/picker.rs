//! A box that opens to choose several things.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Node;

/// Shows what is chosen, and opens a panel with the children. Escape and the loss of the focus close it.
#[component]
pub fn Picker(
    #[prop(into)] label: Signal<String>,
    /// What is chosen.
    #[prop(into)]
    summary: Signal<String>,
    test_id: &'static str,
    /// Set to true when it is opened for the first time.
    #[prop(optional)]
    opened: Option<RwSignal<bool>>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let left = move |event: FocusEvent| {
        let target = event.related_target();
        let to = target.as_ref().and_then(|target| target.dyn_ref::<Node>());
        if node.get_untracked().is_some_and(|details| !details.contains(to)) {
            close();
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close();
        }
    };
    let toggled = move |_| {
        if let Some(opened) = opened.filter(|opened| !opened.get_untracked()) {
            opened.set(true);
        }
    };
    view! {
        <div class="picker">
            <span class="picker-label" aria-hidden="true">{label}</span>
            <details class="picker-box" node_ref=node on:focusout=left on:keydown=pressed on:toggle=toggled>
                <summary class="control picker-summary" data-testid=test_id aria-label=move || format!("{}: {}", label.get(), summary.get())>
                    <span class="picker-text">{summary}</span>
                </summary>
                <div class="picker-panel panel" tabindex="-1">{children()}</div>
            </details>
        </div>
    }
}

/// One thing that can be ticked.
#[component]
pub fn PickerItem(
    #[prop(into)] text: Signal<String>,
    #[prop(into)] chosen: Signal<bool>,
    /// Whether it cannot be changed now.
    #[prop(into)]
    locked: Signal<bool>,
    choose: Callback<bool>,
    test_id: String,
) -> impl IntoView {
    view! {
        <label class="picker-item">
            <input
                type="checkbox"
                data-testid=test_id
                prop:checked=chosen
                disabled=locked
                on:change:target=move |event| choose.run(event.target().checked())
            />
            <span>{text}</span>
        </label>
    }
}
