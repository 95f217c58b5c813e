//! What a browser's tab says.

use crate::i18n::{t_string, use_i18n};
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_meta::Title;

/// The document's title: the page's name and the program's.
///
/// On the centre the name is read at once. leptos_meta reads a title when the page has been made, after a pause in which the thread may have
/// begun another one: it would look for this page's signals among that one's.
#[component]
pub fn PageTitle(#[prop(into)] page: TextProp) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || t_string!(i18n, common.page_title, page = page.get());
    let text = if cfg!(feature = "ssr") { TextProp::from(untrack(title)) } else { TextProp::from(title) };
    view! { <Title text/> }
}
