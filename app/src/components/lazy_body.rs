//! The part of a page that is loaded when somebody opens the page.

use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

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
    // The centre drops it on whatever thread, so nothing that belongs to one thread may stand here.
    let brought = Arc::new(Mutex::new(None::<AnyView>));
    let bring = Arc::clone(&brought);
    let ready = RwSignal::new(false);
    Effect::new(move |_| {
        let bring = Arc::clone(&bring);
        // Made as a child of this component, so that it finds the page's contexts and goes with the page.
        spawn_local(ScopedFuture::new(async move {
            let view = load().await;
            // It is put into the page by somebody else, but its parts must find the contexts that it has provided itself.
            let view = OwnedView::new(view).into_any();
            if let Ok(mut place) = bring.lock() {
                *place = Some(view);
            }
            ready.try_set(true);
        }));
    });
    move || {
        ready.track();
        let view = brought.lock().ok().and_then(|mut place| place.take());
        let meanwhile = || view! { <p class="data-loading" hidden=unseen role="status">{text!(i18n, common.data.loading)}</p> }.into_any();
        view.unwrap_or_else(meanwhile)
    }
}
