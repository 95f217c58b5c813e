//! What the user may do.

use super::CurrentUserContext;
use crate::views::Role;
use leptos::prelude::*;

/// Whether somebody with at least this role is logged in; false until that is known.
pub fn use_may(role: Role) -> ReadSignal<bool> {
    let CurrentUserContext(user) = expect_context();
    let (may, set_may) = signal(false);
    // In an effect, because the centre renders before it has asked.
    Effect::new(move |_| set_may.set(user.get().is_some_and(|user| user.is_ok_and(|user| user.role >= role))));
    may
}
