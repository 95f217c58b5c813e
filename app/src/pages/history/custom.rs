//! A range that somebody types: what can be wrong with it. Pure.

use super::range::{LONGEST_MS, Range};
use crate::error::FieldReason;
use crate::moment;

/// What is wrong with each of the two fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomErrors {
    pub from: Option<FieldReason>,
    pub to: Option<FieldReason>,
}

/// Reads both fields. `offset_at` tells the minutes east of UTC at a moment. An end after now ends now.
pub fn read_custom(from: &str, to: &str, now_ms: i64, offset_at: impl Fn(i64) -> i32) -> Result<Range, CustomErrors> {
    let (begin, end) = (moment::read_field(from, &offset_at), moment::read_field(to, &offset_at));
    let not_a_time = |read: Option<i64>| read.is_none().then_some(FieldReason::NotATime);
    let wrong = |from, to| Err(CustomErrors { from, to });
    match (begin, end) {
        (Some(from_ms), _) if from_ms > now_ms => wrong(Some(FieldReason::FutureRange), not_a_time(end)),
        (Some(from_ms), Some(to_ms)) if to_ms <= from_ms => wrong(None, Some(FieldReason::EmptyRange)),
        (Some(from_ms), Some(to_ms)) if to_ms.min(now_ms) - from_ms > LONGEST_MS => wrong(Some(FieldReason::LongRange), None),
        (Some(from_ms), Some(to_ms)) => Ok(Range { from_ms, to_ms: to_ms.min(now_ms).max(from_ms + 1) }),
        _ => wrong(not_a_time(begin), not_a_time(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_its_own_sentence() {
        let now_ms = 1_795_420_328_000; // 2026-11-23 07:52:08 UTC
        let errors = |from, to| Err(CustomErrors { from, to });
        for (from, to, expected) in [
            ("2026-11-23T06:00", "2026-11-23T07:00:30", Ok(Range { from_ms: 1_795_413_600_000, to_ms: 1_795_417_230_000 })),
            ("2026-11-23T06:00", "2027-01-01T00:00", Ok(Range { from_ms: 1_795_413_600_000, to_ms: now_ms })),
            ("", "2026-11-23T07:00", errors(Some(FieldReason::NotATime), None)),
            ("2026-11-23T06:00", "tomorrow", errors(None, Some(FieldReason::NotATime))),
            ("", "", errors(Some(FieldReason::NotATime), Some(FieldReason::NotATime))),
            ("2026-11-23T06:00", "2026-11-23T06:00", errors(None, Some(FieldReason::EmptyRange))),
            ("2026-11-23T06:00", "2026-11-23T05:00", errors(None, Some(FieldReason::EmptyRange))),
            ("2026-11-24T06:00", "2026-11-25T06:00", errors(Some(FieldReason::FutureRange), None)),
            ("2026-11-24T06:00", "", errors(Some(FieldReason::FutureRange), Some(FieldReason::NotATime))),
            ("2021-11-01T06:00", "2026-11-23T06:00", errors(Some(FieldReason::LongRange), None)),
        ] {
            assert_eq!(read_custom(from, to, now_ms, |_| 0), expected, "{from} {to}");
        }
    }
}
