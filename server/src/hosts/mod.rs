//! The inventory: what is known of each host, and its life from the form to the deletion.

mod batch;
mod jobs;
mod lifecycle;
mod many;
mod sealed;
mod validate;
mod work;

pub use batch::CheckedLine;
pub use lifecycle::{HostError, Hosts, Parts, card_of};
pub use sealed::seal_token;
pub use validate::{ValidHost, ValidLogin, validate_host, validate_local};

use protocol::host::HostId;
use protocol::live::HostCard;
use protocol::snapshot::Facts;

/// What the pipeline must know of a host.
#[derive(Clone, Debug)]
pub struct Entry {
    pub card: HostCard,
    pub phase: Phase,
}

/// Where a host is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// An agent is being put on it.
    Installing,
    /// That failed; there is no agent.
    Failed,
    /// Not collected because somebody said so.
    Paused,
    /// Its host key has changed; waits for an administrator.
    Blocked,
    /// It is read.
    Collecting,
}

/// Facts that differ from the last ones.
#[derive(Clone, Debug)]
pub struct FactsSeen {
    pub host_id: HostId,
    pub facts: Facts,
}
