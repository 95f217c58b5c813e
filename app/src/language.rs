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
/// leptos_i18n's context brings an effect that also runs on the centre, on any thread and after the answer was sent or broken off:
/// it reads a signal that is gone by then, and panics. A page made once needs no effects, so their owner is put to sleep.
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

#[cfg(all(test, feature = "ssr"))]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use leptos::prelude::Owner;
    use leptos::task::Executor;
    use std::cell::Cell;

    thread_local! {
        static PANICS: Cell<u32> = const { Cell::new(0) };
    }

    /// Ends a request before the effects that it left behind had their turn; gives the panics on this thread.
    fn panics_after(request: impl FnOnce()) -> u32 {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.set(PANICS.get() + 1);
            before(info);
        }));
        PANICS.set(0);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let _ = Executor::init_tokio();
            let owner = Owner::new();
            owner.with(request);
            drop(owner);
            // On one thread what was spawned runs when this task steps back.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        });
        PANICS.get()
    }

    #[test]
    fn nothing_of_a_request_that_is_over_reads_its_language() {
        assert_eq!(panics_after(provide_language_of_the_request), 0);
    }

    /// Shows that the test above can fail, and when the workaround may go.
    #[test]
    fn the_library_alone_does() {
        let library_alone = || {
            leptos_i18n::context::init_i18n_context::<Locale>();
        };
        assert_ne!(panics_after(library_alone), 0);
    }
}
