//! The brake on guessing: so many wrong tries a minute, for each account and for each address. Memory is bounded.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tries that may fail within [`WINDOW_MS`].
pub const TRIES: usize = 10;

/// Length of the sliding window, in milliseconds.
pub const WINDOW_MS: i64 = 60_000;

/// Keys that are remembered at most; the one whose last try is oldest makes room.
pub const KEYS: usize = 4_096;

/// Counts the tries of the last minute for each key. A try is counted when it starts, so that parallel ones count too, and forgiven when it
/// succeeds.
pub struct Throttle<K>(Mutex<HashMap<K, Vec<i64>>>);

impl<K> Default for Throttle<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    /// Counts one try.
    ///
    /// # Errors
    /// How many whole seconds to wait (at least one) if there were too many.
    pub fn begin(&self, key: &K, now_ms: i64) -> Result<(), u64> {
        let mut tries = self.tries();
        if !tries.contains_key(key) && tries.len() >= KEYS {
            make_room(&mut tries, now_ms);
        }
        let recent = tries.entry(key.clone()).or_default();
        // Times of the future are left from before the clock was set back; they must not lock anybody out.
        recent.retain(|at_ms| (now_ms - WINDOW_MS + 1..=now_ms).contains(at_ms));
        if let Some(oldest) = recent.first().filter(|_| recent.len() >= TRIES) {
            let wait_ms = oldest + WINDOW_MS - now_ms;
            return Err(u64::try_from(wait_ms).unwrap_or(0).div_ceil(1_000).max(1));
        }
        recent.push(now_ms);
        Ok(())
    }

    /// Forgets one try that began at `at_ms`: it succeeded.
    pub fn forgive(&self, key: &K, at_ms: i64) {
        let mut tries = self.tries();
        let Some(recent) = tries.get_mut(key) else { return };
        if let Some(index) = recent.iter().position(|at| *at == at_ms) {
            recent.remove(index);
        }
        if recent.is_empty() {
            tries.remove(key);
        }
    }

    fn tries(&self) -> MutexGuard<'_, HashMap<K, Vec<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room<K: Hash + Eq + Clone>(tries: &mut HashMap<K, Vec<i64>>, now_ms: i64) {
    tries.retain(|_, recent| recent.last().is_some_and(|at_ms| now_ms - at_ms < WINDOW_MS));
    if tries.len() >= KEYS {
        let oldest = tries.iter().min_by_key(|(_, recent)| recent.last().copied()).map(|(key, _)| key.clone());
        oldest.map(|key| tries.remove(&key));
    }
}

/// What counts as one address: an IPv4 address, or an IPv6 network of 64 bits, because one customer gets that many.
pub fn peer_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_a_minute_then_one_for_each_that_leaves_the_window() {
        let throttle = Throttle::default();
        for at_ms in 0..10 {
            assert_eq!(throttle.begin(&"ann", at_ms * 1_000), Ok(()));
        }
        assert_eq!(throttle.begin(&"ann", 9_001), Err(51));
        assert_eq!(throttle.begin(&"bob", 9_001), Ok(()), "keys are apart");
        assert_eq!(throttle.begin(&"ann", 59_999), Err(1));
        assert_eq!(throttle.begin(&"ann", 60_000), Ok(()));
        assert_eq!(throttle.begin(&"ann", 60_001), Err(1));
    }

    #[test]
    fn successes_do_not_count() {
        let throttle = Throttle::default();
        for at_ms in 0..100 {
            assert_eq!(throttle.begin(&1, at_ms), Ok(()));
            throttle.forgive(&1, at_ms);
        }
        assert!(throttle.tries().is_empty());
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let throttle = Throttle::default();
        for _ in 0..TRIES {
            assert_eq!(throttle.begin(&1, 1_000_000), Ok(()));
        }
        assert_eq!(throttle.begin(&1, 1_000_000), Err(60));
        assert_eq!(throttle.begin(&1, 500_000), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for key in 0..3 * KEYS {
            assert_eq!(throttle.begin(&key, key as i64), Ok(()));
        }
        assert_eq!(throttle.tries().len(), KEYS);
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        for (left, right, same) in [
            ("2001:db8::1", "2001:db8::ffff:2", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
            ("::ffff:10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
        ] {
            let keys = [left, right].map(|text| text.parse().map(peer_key));
            assert_eq!(keys[0] == keys[1], same, "{left} {right}");
        }
    }
}
