//! Parts of forms: fields with label, hint and error.

mod errors;
mod field_frame;
mod names;
mod password_field;
mod secret_text;
mod text_field;

pub use errors::FormErrors;
pub use names::field_word;
pub use password_field::PasswordField;
pub use secret_text::SecretText;
pub use text_field::TextField;

use leptos::prelude::*;

/// False in the page as the centre renders it, true as soon as the page's own code is at work. Forms stay locked until then:
/// the browser itself would send them somewhere else. Buttons too: nobody would hear them.
pub fn use_hydrated() -> ReadSignal<bool> {
    let (hydrated, set_hydrated) = signal(false);
    Effect::new(move || set_hydrated.set(true));
    hydrated
}
