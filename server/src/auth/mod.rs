//! Who is at the page: passwords, the set-up token, sessions, the brake on guessing. Knows no HTTP beyond the text of a cookie.

mod accounts;
pub mod cookie;
mod error;
mod open;
pub mod password;
mod setup;
pub mod throttle;
mod token;

pub use accounts::{ABSOLUTE_LIMIT_MS, Accounts, IDLE_LIMIT_MS, LONGEST_NAME};
pub use error::AuthError;
pub use open::SocketLease;
