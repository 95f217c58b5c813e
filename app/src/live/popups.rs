//! Which pop-ups are shown, and how long. Pure.

use super::news::{News, Turn};
use protocol::alert::{Alert, AlertBoard, AlertId, Ending};
use protocol::host::Level;

/// How many are shown at once; the others are a number.
pub const SHOWN: usize = 4;

/// How long a pop-up stays, in milliseconds. A critical one stays until it is closed or its alert has ended.
const RESOLVED_STAYS_MS: i64 = 8_000;
const WARNING_STAYS_MS: i64 = 20_000;

/// Pop-ups that are kept at most: a storm is told by a number.
const KEPT: usize = 100;

/// A pop-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Popup {
    /// Unique on this page, rising.
    pub number: u64,
    pub turn: Turn,
    pub alert: Alert,
    /// When it closes by itself, by this browser's clock.
    due_ms: Option<i64>,
}

impl Popup {
    /// Word for `data-level` attributes.
    pub fn word(&self) -> &'static str {
        match (self.turn, self.alert.level) {
            (Turn::Ended(_), _) => "resolved",
            (_, Level::Critical) => "critical",
            _ => "warning",
        }
    }

    /// Whether it tells that an alert is critical now.
    pub fn is_critical(&self) -> bool {
        self.word() == "critical"
    }
}

/// All pop-ups, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Popups {
    all: Vec<Popup>,
    last: u64,
}

impl Popups {
    /// Takes in what is new; `now_ms` is this browser's clock. An alert has one pop-up at most: the latest.
    pub fn take(&mut self, news: Vec<News>, now_ms: i64) {
        for News { turn, alert } in news {
            let was_shown = self.all.iter().any(|popup| popup.alert.id == alert.id);
            self.all.retain(|popup| popup.alert.id != alert.id);
            // What is lowered needs nobody's eyes, unless a red pop-up has to become yellow; what was withdrawn just vanishes.
            let is_told = match turn {
                Turn::Fired | Turn::Raised => !alert.is_snoozed(alert.changed_at_ms),
                Turn::Lowered => was_shown,
                Turn::Ended(ending) => ending != Ending::Withdrawn,
            };
            if is_told {
                self.last += 1;
                let due_ms = stay_of(turn, alert.level).map(|stay_ms| now_ms + stay_ms);
                self.all.insert(0, Popup { number: self.last, turn, alert, due_ms });
            }
        }
        self.all.truncate(KEPT);
    }

    /// Takes away pop-ups of alerts that are neither open nor told as ended any more. A board without room for all keeps them.
    pub fn forget_gone(&mut self, board: &AlertBoard) {
        let told = (board.warning + board.critical) as usize;
        if told > board.open.len() {
            return;
        }
        let is_open = |id: AlertId| board.open.iter().any(|alert| alert.id == id);
        self.all.retain(|popup| matches!(popup.turn, Turn::Ended(_)) || is_open(popup.alert.id));
    }

    /// Takes away what is due.
    pub fn expire(&mut self, now_ms: i64) {
        self.all.retain(|popup| popup.due_ms.is_none_or(|due_ms| now_ms < due_ms));
    }

    /// Gives those that are about to close a little more time: somebody was reading.
    pub fn prolong(&mut self, until_ms: i64) {
        for popup in &mut self.all {
            popup.due_ms = popup.due_ms.map(|due_ms| due_ms.max(until_ms));
        }
    }

    /// Closes one.
    pub fn close(&mut self, number: u64) {
        self.all.retain(|popup| popup.number != number);
    }

    /// Closes all.
    pub fn close_all(&mut self) {
        self.all.clear();
    }

    /// Those that are shown, newest first.
    pub fn shown(&self) -> &[Popup] {
        &self.all[..self.all.len().min(SHOWN)]
    }

    /// How many there are besides those.
    pub fn more(&self) -> usize {
        self.all.len().saturating_sub(SHOWN)
    }

    /// The newest one.
    pub fn newest(&self) -> Option<&Popup> {
        self.all.first()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

fn stay_of(turn: Turn, level: Level) -> Option<i64> {
    match (turn, level) {
        (Turn::Ended(_), _) => Some(RESOLVED_STAYS_MS),
        (_, Level::Critical) => None,
        _ => Some(WARNING_STAYS_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::super::news::tests::{alert, ended};
    use super::*;

    fn fired(id: AlertId, level: Level) -> News {
        News { turn: Turn::Fired, alert: alert(id, level, 0) }
    }

    fn words(popups: &Popups) -> Vec<(AlertId, &'static str)> {
        popups.shown().iter().map(|popup| (popup.alert.id, popup.word())).collect()
    }

    #[test]
    fn a_critical_one_stays_until_its_alert_has_ended() {
        let mut popups = Popups::default();
        popups.take(vec![fired(1, Level::Critical), fired(2, Level::Warning)], 0);
        assert_eq!(words(&popups), [(2, "warning"), (1, "critical")]);
        popups.expire(19_999);
        assert_eq!(popups.shown().len(), 2);
        popups.expire(20_000);
        assert_eq!(words(&popups), [(1, "critical")]);
        popups.take(vec![News { turn: Turn::Ended(Ending::Recovered), alert: ended(1, 30_000, Ending::Recovered) }], 30_000);
        assert_eq!(words(&popups), [(1, "resolved")]);
        popups.prolong(40_000);
        popups.expire(39_000);
        assert_eq!(words(&popups), [(1, "resolved")]);
        popups.expire(40_000);
        assert!(popups.is_empty());
    }

    #[test]
    fn an_alert_has_one_pop_up() {
        let mut popups = Popups::default();
        popups.take(vec![fired(1, Level::Warning), fired(2, Level::Warning)], 0);
        popups.take(vec![News { turn: Turn::Raised, alert: alert(1, Level::Critical, 5) }], 5);
        assert_eq!(words(&popups), [(1, "critical"), (2, "warning")]);
        popups.take(vec![News { turn: Turn::Ended(Ending::Withdrawn), alert: ended(1, 9, Ending::Withdrawn) }], 9);
        assert_eq!(words(&popups), [(2, "warning")]);
        popups.take(vec![News { turn: Turn::Lowered, alert: alert(7, Level::Warning, 9) }], 9);
        assert_eq!(words(&popups), [(2, "warning")]);
    }

    #[test]
    fn a_storm_is_a_number_and_what_is_snoozed_is_silent() {
        let mut popups = Popups::default();
        popups.take((1..=9).map(|id| fired(id, Level::Critical)).collect(), 0);
        assert_eq!((popups.shown().len(), popups.more(), popups.newest().map(|popup| popup.alert.id)), (4, 5, Some(9)));
        popups.close(popups.shown()[0].number);
        assert_eq!(words(&popups)[0], (8, "critical"));
        let mut snoozed = fired(20, Level::Critical);
        snoozed.alert.snoozed_until_ms = Some(60_000);
        popups.take(vec![snoozed], 0);
        assert_eq!(words(&popups)[0], (8, "critical"));
        let open = vec![alert(3, Level::Critical, 0)];
        popups.forget_gone(&AlertBoard { critical: 1, open, ..AlertBoard::default() });
        assert_eq!(words(&popups), [(3, "critical")]);
        popups.close_all();
        assert!(popups.is_empty());
    }
}
