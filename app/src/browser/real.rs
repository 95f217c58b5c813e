//! The browser's side.

use crate::components::field_word;
use crate::error::Field;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Date};
use leptos::ev::SubmitEvent;
use leptos::prelude::{document, request_animation_frame, window};
use leptos::task::spawn_local;
use leptos::web_sys::HtmlDialogElement;
use protocol::secret::Secret;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Event, FormData, HtmlAnchorElement, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, Url,
};

/// How long a file that was made by the page is kept for the browser to read, in milliseconds.
const FILE_KEPT_MS: u32 = 60_000;

/// What stands in a form's fields. Read from the page itself, because password managers fill fields
/// without telling anybody.
pub struct FormValues(Option<FormData>);

impl FormValues {
    /// Text of a field; empty when there is no such field.
    pub fn text(&self, field: Field) -> String {
        self.0.as_ref().and_then(|data| data.get(field_word(field)).as_string()).unwrap_or_default()
    }

    /// Text of a secret field.
    pub fn secret(&self, field: Field) -> Secret {
        Secret::new(self.text(field))
    }
}

/// The fields of the form that is being submitted.
pub fn values_of(event: &SubmitEvent) -> FormValues {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    FormValues(form.and_then(|form| FormData::new_with_form(&form).ok()))
}

/// The fields of the form with this id, whoever changes them.
pub fn values_in(form_id: &str) -> FormValues {
    let form = document().get_element_by_id(form_id).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    FormValues(form.and_then(|form| FormData::new_with_form(&form).ok()))
}

/// Minutes that this browser's time zone is east of UTC at a moment.
pub fn offset_minutes(at_ms: i64) -> i32 {
    -(Date::new(&JsValue::from_f64(at_ms as f64)).get_timezone_offset() as i32)
}

/// Offers a file of the page's own making, as a download.
pub fn save_file(name: &str, content: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(content) else { return };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser reads it after the click.
    Timeout::new(FILE_KEPT_MS, move || drop(Url::revoke_object_url(&address))).forget();
}

/// Offers a text as a file.
pub fn save_text(name: &str, kind: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    if let Ok(content) = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options) {
        save_file(name, &content);
    }
}

/// Puts the text of the chosen file into a field of many lines.
pub fn read_file(event: &Event, field: Field) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
    let area = document().get_element_by_id(&format!("field-{}", field_word(field)));
    let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
    let reading = JsFuture::from(file.text());
    spawn_local(async move {
        // A file that cannot be read leaves the field as it is.
        if let Some(text) = reading.await.ok().and_then(|text| text.as_string()) {
            area.set_value(&text);
        }
    });
}

/// Leaves this page for `path` by a full load.
pub fn load_page(path: &str) {
    // A failure means that the browser is leaving already.
    let _ = window().location().set_href(path);
}

/// Puts the focus on the first wrong field of the form with this id, once the page shows the errors.
pub fn focus_first_invalid(form_id: &'static str) {
    request_animation_frame(move || {
        let selector = format!("#{form_id} [aria-invalid='true']");
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Puts the focus on the first element that fits, once the page has changed; nothing where there is none.
pub fn focus_first(selector: &str) {
    let selector = selector.to_owned();
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// This browser's clock: UTC, milliseconds.
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// IANA name of this browser's time zone, such as `Asia/Shanghai`.
pub fn time_zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::new(&Array::new(), &js_sys::Object::new()).resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into()).ok().and_then(|zone| zone.as_string());
    zone.unwrap_or_else(|| "UTC".into())
}

/// What this browser keeps under a name.
pub fn remembered(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Keeps a text under a name. A browser that forbids storage forgets it; nothing else is lost.
pub fn remember(key: &str, text: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, text);
    }
}

/// Opens a dialog above the page.
pub fn show_dialog(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        // It fails only for a dialog that is not in the document, which then is about to vanish.
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog.
pub fn close_dialog(dialog: &HtmlDialogElement) {
    dialog.close();
}
