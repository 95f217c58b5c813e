//! What was done to a host so far, and how it is undone.

use super::enter::reenter;
use super::remote::Remote;
use crate::ssh::Target;

/// What there is to take off the host if the action ends now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placed {
    #[default]
    Nothing,
    Uploads,
    /// The changing script has been sent; nobody knows how far it came.
    Service,
}

/// An installation or upgrade under way. It outlives the work on it, so that what was done can be undone.
#[derive(Default)]
pub struct Visit {
    pub remote: Option<Remote>,
    pub uploads: String,
    pub placed: Placed,
}

impl Visit {
    /// Says whether nothing is left, as far as could be verified.
    pub async fn roll_back(&mut self, target: &Target) -> bool {
        if self.placed == Placed::Nothing {
            return true;
        }
        let Some(remote) = &self.remote else { return true };
        if !remote.session.is_closed()
            && let Some(cleaned) = self.try_roll_back(remote).await
        {
            return cleaned;
        }
        match reenter(target, &remote.session.key.fingerprint).await {
            Ok(mut again) => {
                // Says how root's rights are to be had on this connection.
                if again.look(target).await.is_err() {
                    return false;
                }
                let cleaned = self.try_roll_back(&again).await.unwrap_or(false);
                self.remote = Some(again);
                cleaned
            }
            Err(_) => false,
        }
    }

    /// `None` when the connection failed.
    async fn try_roll_back(&self, remote: &Remote) -> Option<bool> {
        match self.placed {
            Placed::Nothing => Some(true),
            Placed::Uploads => remote.discard(&self.uploads).await.ok(),
            Placed::Service => remote.undo(&self.uploads).await.ok(),
        }
    }

    pub async fn leave(self) {
        if let Some(remote) = self.remote {
            remote.session.close().await;
        }
    }
}
