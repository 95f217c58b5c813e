//! Texts without values in views and attributes.
//!
//! `t!` and closures around `t_string!` are each a type of their own, and a view is compiled once more for each type in it: with eight hundred
//! texts that was a third of the program and of the time that it took to compile. These are all of one type.

use crate::i18n::Locale;
use leptos_i18n::I18nContext;

/// Reads a text in the page's language, and again whenever that changes. Use [`text!`], which finds the text by its key.
pub fn text_of(i18n: I18nContext<Locale>, read: fn(Locale) -> &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || read(i18n.get_locale())
}

/// `text!(i18n, hosts.add.title)`: what `move || t_string!(i18n, hosts.add.title)` gives. For texts without values.
macro_rules! text {
    ($i18n:expr, $($key:tt)+) => {
        $crate::i18n::text_of($i18n, |locale| $crate::i18n::td_string!(locale, $($key)+))
    };
}

pub(crate) use text;
