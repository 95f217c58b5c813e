//! The part of a page that is loaded when somebody opens the page.

use crate::i18n::{t, use_i18n};
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;

/// A function marked as `lazy`, in a box.
pub type LazyView = Pin<Box<dyn Future<Output = AnyView>>>;

/// Shows that something is being loaded, then what `load` brings. The centre does not call it: what is behind it lives in the browser only.
#[component]
pub fn LazyBody(
    load: fn() -> LazyView,
    /// Says nothing meanwhile: what comes is not to be seen at once.
    #[prop(optional)]
    unseen: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let brought = StoredValue::new_local(None::<AnyView>);
    let ready = RwSignal::new(false);
    Effect::new(move |_| {
        // Made as a child of this component, so that it finds the page's contexts and goes with the page.
        spawn_local(ScopedFuture::new(async move {
            let view = load().await;
            brought.try_set_value(Some(view));
            ready.try_set(true);
        }));
    });
    move || {
        ready.track();
        let view = brought.try_update_value(Option::take).flatten();
        let meanwhile = || view! { <p class="data-loading" hidden=unseen role="status">{t!(i18n, common.data.loading)}</p> }.into_any();
        view.unwrap_or_else(meanwhile)
    }
}
