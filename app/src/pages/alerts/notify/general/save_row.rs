//! The end of a form that stands in the page.

use crate::i18n::{t_string, text, use_i18n};
use leptos::prelude::*;

/// The button and whether it has worked, or why there is no button.
#[component]
pub fn SaveRow(
    saved: RwSignal<bool>,
    #[prop(into)] may: Signal<bool>,
    #[prop(into)] busy: Signal<bool>,
    test_id: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || if busy.get() { t_string!(i18n, common.dialog.saving) } else { t_string!(i18n, common.dialog.save) };
    view! {
        <div class="settings-save">
            <Show when=move || may.get() fallback=move || view! { <p class="secondary">{text!(i18n, notify.notifier.read_only)}</p> }>
                <button type="submit" class="button button-main" data-testid=test_id>{label}</button>
            </Show>
            <span role="status" data-testid=format!("{test_id}d")>
                {move || saved.get().then(|| view! { <span class="settings-saved">"✓ "{text!(i18n, notify.general.saved)}</span> })}
            </span>
        </div>
    }
}
