//! Times in which nothing fires.

use super::book::contains;
use crate::store::MaintenanceRow;
use app::views::{MaintenancePlan, MaintenanceTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use protocol::live::HostCard;

const MINUTE_MS: i64 = 60_000;
/// Days back in which a weekly window that runs now may have begun: it lasts a week at most.
const DAYS_BACK: i64 = 7;

/// A maintenance window that can be asked.
#[derive(Clone, Debug)]
pub struct Window {
    pub id: i64,
    pub plan: MaintenancePlan,
    /// UTC where the name is not known any more.
    zone: TimeZone,
}

impl Window {
    /// A window as it is stored; `None` where another version has written what this one does not understand.
    pub fn read(row: &MaintenanceRow) -> Option<Self> {
        Some(Self::new(row.id, serde_json::from_str(&row.plan).ok()?))
    }

    /// A window of a plan.
    pub fn new(id: i64, plan: MaintenancePlan) -> Self {
        let zone = match &plan.time {
            MaintenanceTime::Weekly { time_zone, .. } => TimeZone::get(time_zone).unwrap_or(TimeZone::UTC),
            MaintenanceTime::Once { .. } => TimeZone::UTC,
        };
        Self { id, plan, zone }
    }

    /// Whether it is for this host.
    pub fn is_for(&self, card: &HostCard) -> bool {
        contains(&self.plan.scope, card)
    }

    /// Whether it runs at a moment: UTC, milliseconds.
    pub fn runs(&self, now_ms: i64) -> bool {
        match &self.plan.time {
            MaintenanceTime::Once { from_ms, to_ms } => (*from_ms..*to_ms).contains(&now_ms),
            MaintenanceTime::Weekly { days, start_minute, minutes, .. } => {
                let Ok(now) = Timestamp::from_millisecond(now_ms) else { return false };
                let today = now.to_zoned_datetime(self.zone.clone()).date();
                (0..=DAYS_BACK).any(|back| {
                    let Ok(day) = today.checked_sub(Span::new().days(back)) else { return false };
                    let (hour, minute) = ((start_minute / 60) as i8, (start_minute % 60) as i8);
                    // A time that the clocks skip in spring is the moment after it.
                    let Ok(start) = day.at(hour.min(23), minute, 0, 0).to_zoned_datetime(self.zone.clone()) else { return false };
                    let from_ms = start.timestamp().as_millisecond();
                    days.contains(&(day.weekday().to_monday_one_offset() as u8))
                        && (from_ms..from_ms + i64::from(*minutes) * MINUTE_MS).contains(&now_ms)
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use protocol::alert::RuleScope;

    fn weekly(days: &[u8], start_minute: u16, minutes: u16, zone: &str) -> Window {
        let time = MaintenanceTime::Weekly { days: days.to_vec(), start_minute, minutes, time_zone: zone.into() };
        Window::new(1, MaintenancePlan { scope: RuleScope::Default, time })
    }

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn weekly_windows_follow_the_clocks_of_their_zone() {
        // Sunday 23:30 in Shanghai for two hours: into Monday.
        let shanghai = weekly(&[7], 23 * 60 + 30, 120, "Asia/Shanghai");
        for (moment, expected) in [
            ("2026-11-29T15:29:59Z", false),
            ("2026-11-29T15:30:00Z", true),
            ("2026-11-29T17:29:59Z", true),
            ("2026-11-29T17:30:00Z", false),
            ("2026-11-28T15:30:00Z", false),
        ] {
            assert_eq!(shanghai.runs(at(moment)), expected, "{moment}");
        }
        // In Berlin 03:00 is 02:00 UTC in winter and 01:00 UTC in summer.
        let berlin = weekly(&[1, 2, 3, 4, 5, 6, 7], 180, 30, "Europe/Berlin");
        assert!(berlin.runs(at("2026-01-10T02:10:00Z")) && !berlin.runs(at("2026-01-10T01:10:00Z")));
        assert!(berlin.runs(at("2026-07-10T01:10:00Z")) && !berlin.runs(at("2026-07-10T02:10:00Z")));
        let whole_week = weekly(&[3], 0, 10_080, "UTC");
        assert!((0..14).all(|day| whole_week.runs(at("2026-05-01T12:00:00Z") + day * 86_400_000)));
    }

    #[test]
    fn a_window_of_a_group_is_for_its_hosts_alone() {
        let plan = MaintenancePlan { scope: RuleScope::Group("web".into()), time: MaintenanceTime::Once { from_ms: 5, to_ms: 9 } };
        let window = Window::new(1, plan);
        assert_eq!([4, 5, 8, 9].map(|now| window.runs(now)), [false, true, true, false]);
        assert!(window.is_for(&HostCard { group: "web".into(), ..HostCard::default() }));
        assert!(!window.is_for(&HostCard::default()));
    }
}
