//! A dialog above the page.

use crate::browser;
use crate::i18n::{text, use_i18n};
use leptos::html;
use leptos::prelude::*;

/// Shows its children above the page while `open`. They are made anew each time it opens, so that no entry survives.
#[component]
pub fn Dialog(
    open: Signal<bool>,
    /// Called when somebody closes it with Escape.
    on_close: Callback<()>,
    /// Id of its heading.
    labelled_by: &'static str,
    /// Narrower, for a question.
    #[prop(into)]
    small: Signal<bool>,
    /// Wider, for a table.
    #[prop(into)]
    wide: Signal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || match (node.get(), open.get()) {
        (Some(dialog), true) => browser::show_dialog(&dialog),
        (Some(dialog), false) => browser::close_dialog(&dialog),
        (None, _) => {}
    });
    view! {
        <dialog node_ref=node class="dialog" class:dialog-small=small class:dialog-wide=wide aria-labelledby=labelled_by on:close=move |_| on_close.run(())>
            <Show when=move || open.get()>{children()}</Show>
        </dialog>
    }
}

/// Heading of a dialog, with the button that closes it.
#[component]
pub fn DialogHead(id: &'static str, on_close: Callback<()>, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <header class="dialog-head">
            <h2 id=id>{children()}</h2>
            <button
                type="button"
                class="button button-quiet dialog-close"
                aria-label=text!(i18n, common.dialog.close)
                data-testid="dialog-close"
                on:click=move |_| on_close.run(())
            >
                "×"
            </button>
        </header>
    }
}
