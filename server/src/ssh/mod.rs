//! SSH to a host: russh wrapped once. Host keys are checked before any secret is sent, commands are constants, every step has a
//! deadline.

mod channel;
mod connect;
mod error;
mod greeting;
mod key;
mod login;
mod reach;
mod run;
mod script;
mod sftp;
mod target;

pub use channel::{Bytes, RunningScript};
pub use connect::{HostKey, Session, Unproven, exchange_keys};
pub use error::SshError;
pub use key::{NewKey, PreparedCredential, new_key, prepare};
pub use reach::{Reached, reach};
pub use run::{Limits, Output};
pub(crate) use script::loader;
pub use script::{AS_LOGIN_USER, framed};
pub use sftp::Sftp;
pub use target::{Credential, Deadlines, Target};
