//! When a message is tried again, and when no more.

use super::senders::SendError;
use crate::store::{MessageRow, Outcome};
use protocol::notify::DeliveryState;
use std::time::Duration;

/// A message that has not arrived by then is given up.
pub const GIVE_UP_MS: i64 = 24 * 3_600_000;
const FIRST_MS: i64 = 1_000;
const LONGEST_MS: i64 = 15 * 60_000;
/// A provider that wants to be left alone for longer is asked again after this time all the same.
const LONGEST_ASKED: Duration = Duration::from_secs(3_600);

/// How a message stands after an attempt. `parts` is how many requests it needs, `random` a number from 0 to 1.
///
/// Waiting doubles from try to try and is drawn at random up to there ("full jitter",
/// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter>), at least one second. A recipient that is refused for good
/// does not keep the message from those behind it.
pub fn outcome(row: &MessageRow, parts: u32, result: &Result<String, SendError>, now_ms: i64, random: f64) -> Outcome {
    let next_part = |failed: u32| {
        let (part, failed_parts) = (row.part + 1, row.failed_parts + failed);
        let state = match (part < parts, failed_parts) {
            (true, _) => DeliveryState::Waiting,
            (false, 0) => DeliveryState::Delivered,
            (false, _) => DeliveryState::Dead,
        };
        Outcome { state, next_at_ms: now_ms, attempts: 0, part, failed_parts }
    };
    let retry_after = match result {
        Ok(_) => return next_part(0),
        Err(SendError::Permanent(_)) => return next_part(1),
        Err(SendError::Temporary { retry_after, .. }) => retry_after.unwrap_or_default().min(LONGEST_ASKED),
    };
    let attempts = row.attempts.saturating_add(1);
    let ceiling_ms = FIRST_MS.saturating_mul(1 << attempts.min(20)).min(LONGEST_MS);
    let drawn_ms = ((ceiling_ms as f64 * random) as i64).max(FIRST_MS);
    let last_ms = row.since_ms + GIVE_UP_MS;
    if now_ms >= last_ms {
        return next_part(1);
    }
    // The last try is at the very end of its time.
    let next_at_ms = (now_ms + drawn_ms.max(i64::try_from(retry_after.as_millis()).unwrap_or(LONGEST_MS))).min(last_ms);
    Outcome { state: DeliveryState::Waiting, next_at_ms, attempts, part: row.part, failed_parts: row.failed_parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(attempts: u32, part: u32, failed_parts: u32) -> MessageRow {
        let (idempotency_key, message) = Default::default();
        MessageRow { id: 1, idempotency_key, notifier_id: 1, message, since_ms: 0, next_at_ms: 0, attempts, part, failed_parts }
    }

    fn later(seconds: Option<u64>) -> Result<String, SendError> {
        Err(SendError::Temporary { reason: "x".into(), retry_after: seconds.map(Duration::from_secs) })
    }

    #[test]
    fn waiting_doubles_up_to_a_quarter_of_an_hour_and_honours_the_provider() {
        for (attempts, asked, random, waited_ms) in [
            (0, None, 1.0, 2_000),
            (0, None, 0.0, 1_000),
            (3, None, 1.0, 16_000),
            (3, None, 0.5, 8_000),
            (30, None, 1.0, 900_000),
            (0, Some(120), 0.0, 120_000),
            (0, Some(1_000_000), 0.0, 3_600_000),
            (3, Some(1), 1.0, 16_000),
        ] {
            let found = outcome(&row(attempts, 0, 0), 1, &later(asked), 5_000, random);
            let expected =
                Outcome { state: DeliveryState::Waiting, next_at_ms: 5_000 + waited_ms, attempts: attempts + 1, part: 0, failed_parts: 0 };
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn parts_follow_each_other_whatever_becomes_of_one() {
        let gone = || Err(SendError::Permanent("no such mailbox".into()));
        let ok = || Ok("250".to_owned());
        for (part, failed, result, state, failed_after) in [
            (0, 0, ok(), DeliveryState::Waiting, 0),
            (0, 0, gone(), DeliveryState::Waiting, 1),
            (1, 0, ok(), DeliveryState::Delivered, 0),
            (1, 1, ok(), DeliveryState::Dead, 1),
            (1, 0, gone(), DeliveryState::Dead, 1),
        ] {
            let found = outcome(&row(4, part, failed), 2, &result, 9, 0.5);
            assert_eq!(found, Outcome { state, next_at_ms: 9, attempts: 0, part: part + 1, failed_parts: failed_after });
        }
    }

    #[test]
    fn after_a_day_it_is_given_up() {
        let found = |now_ms| outcome(&row(9, 0, 0), 1, &later(None), now_ms, 1.0);
        let last = found(GIVE_UP_MS - 1);
        assert_eq!((last.state, last.next_at_ms), (DeliveryState::Waiting, GIVE_UP_MS));
        assert_eq!(found(GIVE_UP_MS).state, DeliveryState::Dead);
    }
}
