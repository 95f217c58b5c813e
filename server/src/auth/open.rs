//! Sessions with open live sockets: how long they live, and how their sockets learn that they ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// One session with at least one open socket.
struct OpenSession {
    created_at_ms: i64,
    touched_at_ms: i64,
    sockets: usize,
    ended: CancellationToken,
}

/// All sessions with open sockets. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct OpenSessions(Arc<Mutex<HashMap<i64, OpenSession>>>);

/// Stands for one open socket. While it lives, its session does not become idle.
pub struct SocketLease {
    sessions: OpenSessions,
    session_id: i64,
    ended: CancellationToken,
}

impl SocketLease {
    /// Cancelled when the session ends or the centre stops, and never otherwise.
    pub fn ended(&self) -> &CancellationToken {
        &self.ended
    }
}

impl Drop for SocketLease {
    fn drop(&mut self) {
        let mut open = self.sessions.lock();
        if let Some(session) = open.get_mut(&self.session_id) {
            session.sockets -= 1;
            if session.sockets == 0 {
                open.remove(&self.session_id);
            }
        }
    }
}

impl OpenSessions {
    /// Counts one more open socket of a session.
    pub(super) fn open(&self, session_id: i64, created_at_ms: i64, stop: &CancellationToken, now_ms: i64) -> SocketLease {
        let mut open = self.lock();
        let session = open.entry(session_id).or_insert_with(|| OpenSession {
            created_at_ms,
            touched_at_ms: now_ms,
            sockets: 0,
            ended: stop.child_token(),
        });
        session.sockets += 1;
        SocketLease { sessions: self.clone(), session_id, ended: session.ended.clone() }
    }

    /// Tells the sockets of a session that it ended. Their leases stay counted until they are dropped.
    pub(super) fn end(&self, session_id: i64) {
        if let Some(session) = self.lock().get(&session_id) {
            session.ended.cancel();
        }
    }

    /// Sessions that were created at or before this time.
    pub(super) fn created_until(&self, created_until_ms: i64) -> Vec<i64> {
        let open = self.lock();
        open.iter()
            .filter(|(_, session)| session.created_at_ms <= created_until_ms && !session.ended.is_cancelled())
            .map(|(id, _)| *id)
            .collect()
    }

    /// Sessions whose use was not noted since `interval_ms`; from now on it counts as noted.
    pub(super) fn take_due(&self, now_ms: i64, interval_ms: i64) -> Vec<i64> {
        let mut open = self.lock();
        let due = open.iter_mut().filter(|(_, session)| now_ms - session.touched_at_ms >= interval_ms && !session.ended.is_cancelled());
        due.map(|(id, session)| {
            session.touched_at_ms = now_ms;
            *id
        })
        .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, OpenSession>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
