//! Which language the page speaks: the cookie's, or else the one the browser asks for.

use crate::i18n::Locale;
use leptos_i18n::context::CookieOptions;

/// Under this name the browser remembers the language.
pub const LANGUAGE_COOKIE: &str = "tactus_language";

/// How long the browser remembers the language: a year, in milliseconds.
const LANGUAGE_KEPT_MS: i64 = 365 * 24 * 60 * 60 * 1000;

/// How the browser keeps the language.
pub fn language_cookie() -> CookieOptions<Locale> {
    CookieOptions::<Locale>::default().max_age(LANGUAGE_KEPT_MS).path("/")
}

/// Provides the language of one request on the centre; the provider among the page's components takes it over.
///
/// leptos_i18n's context brings an effect that also runs on the centre, on any thread, and perhaps just when the answer has been sent or broken
/// off: it reads a signal that is gone by then, and panics. A page made once needs no effects, so their owner is put to sleep; one that has begun
/// on another thread within these microseconds ends long before the request does.
#[cfg(feature = "ssr")]
pub fn provide_language_of_the_request() {
    use leptos::prelude::{Owner, on_cleanup, provide_context};
    use leptos_i18n::context::{I18nContextOptions, init_i18n_context_with_options};

    let Some(request) = Owner::current() else { return };
    let language = request.child();
    let options = I18nContextOptions::<Locale>::default().cookie_name(LANGUAGE_COOKIE).cookie_options(language_cookie());
    let context = language.with(|| init_i18n_context_with_options(options));
    language.pause();
    provide_context(context);
    // The signals live as long as their owner, and it as long as the request.
    on_cleanup(move || drop(language));
}
