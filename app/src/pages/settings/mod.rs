//! `/settings`: what the centre does for all.

mod predict;
mod storage;
mod table;

use crate::api::history::{get_about, get_storage};
use crate::components::{AppFrame, DataView, LazyBody, PageTitle};
use crate::fetched::fetched;
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::views::About;
use leptos::prelude::*;
use storage::StorageForm;

/// How the history is stored, and what this centre is. It is loaded when it is opened.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle page=text!(i18n, settings.title)/>
        <AppFrame>
            <div class="page-head"><h1>{text!(i18n, settings.title)}</h1></div>
            <LazyBody load=|| Box::pin(settings_body())/>
        </AppFrame>
    }
}

#[lazy]
fn settings_body() -> AnyView {
    view! { <Body/> }.into_any()
}

#[component]
fn Body() -> impl IntoView {
    let i18n = use_i18n();
    let storage = fetched(|| (), |()| get_storage());
    let about = fetched(|| (), |()| get_about());
    let facts = move |about: About| {
        view! {
            <dl class="detail-facts">
                <dt>{text!(i18n, settings.about.version)}</dt><dd>{about.version}</dd>
                <dt>{text!(i18n, settings.about.data)}</dt><dd>{format::bytes(Some(about.data_bytes))}</dd>
            </dl>
        }
    };
    view! {
        <section class="panel settings-panel" data-testid="settings-storage">
            <h2>{text!(i18n, settings.storage.title)}</h2>
            <DataView resource=storage let:data><StorageForm storage=data/></DataView>
        </section>
        <section class="panel settings-panel" data-testid="settings-about">
            <h2>{text!(i18n, settings.about.title)}</h2>
            <DataView resource=about children=facts/>
        </section>
    }
}
