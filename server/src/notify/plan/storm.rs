//! How much each audience has been told within the last minute.

use protocol::notify::RouteId;
use std::collections::BTreeMap;

const MINUTE_MS: i64 = 60_000;

/// A route's own notifiers, or (`true`) those to whom it escalates.
type Audience = (RouteId, bool);

/// How much each audience has been told lately. Not kept over a restart: at worst there is one message more.
#[derive(Clone, Debug, Default)]
pub struct Recents(BTreeMap<Audience, Recent>);

#[derive(Clone, Debug, Default)]
struct Recent {
    /// Times of messages, each of one alert.
    single_ms: Vec<i64>,
    quiet_until_ms: i64,
}

/// How some alerts are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One message for each.
    Single,
    /// All in one.
    Digest,
    /// A list went out only now: they wait for the next one.
    Later(i64),
}

impl Recents {
    /// How `count` alerts are told to an audience; it is taken for done.
    pub fn take(&mut self, audience: Audience, count: usize, digest_above: u32, now_ms: i64) -> Way {
        let recent = self.0.entry(audience).or_default();
        // A clock that was set back must not make anybody wait for longer than a minute.
        if now_ms < recent.quiet_until_ms && recent.quiet_until_ms - now_ms <= MINUTE_MS {
            return Way::Later(recent.quiet_until_ms);
        }
        recent.single_ms.retain(|at_ms| (0..MINUTE_MS).contains(&(now_ms - at_ms)));
        if recent.single_ms.len() + count <= digest_above as usize {
            recent.single_ms.extend(std::iter::repeat_n(now_ms, count));
            return Way::Single;
        }
        recent.single_ms.clear();
        recent.quiet_until_ms = now_ms + MINUTE_MS;
        if count == 1 { Way::Single } else { Way::Digest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_is_one_list_a_minute() {
        let mut recents = Recents::default();
        let audience = (1, false);
        let mut take = |count, now_ms| recents.take(audience, count, 5, now_ms);
        assert_eq!(take(3, 0), Way::Single);
        assert_eq!(take(2, 10_000), Way::Single);
        assert_eq!(take(4, 61_000), Way::Digest, "two of before are less than a minute old");
        assert_eq!(take(500, 62_000), Way::Later(121_000));
        assert_eq!(take(500, 121_000), Way::Digest);
        assert_eq!(take(5, 200_000), Way::Single);
        assert_eq!(take(1, 200_001), Way::Single);
        assert_eq!(take(1, 200_002), Way::Later(260_001));
        assert_eq!(take(1, -900_000), Way::Single, "the clock was set back");
        assert_eq!(recents.take((1, true), 5, 5, 200_002), Way::Single, "another audience");
    }
}
