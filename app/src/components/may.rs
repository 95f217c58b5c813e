//! What the user may do.

use super::CurrentUserContext;
use crate::views::Role;
use leptos::prelude::*;

/// Whether somebody with at least this role is logged in. To be used in the browser only: the centre has not asked yet when it renders.
pub fn use_may(role: Role) -> Signal<bool> {
    let CurrentUserContext(user) = expect_context();
    Signal::derive(move || user.get().is_some_and(|user| user.is_ok_and(|user| user.role >= role)))
}
