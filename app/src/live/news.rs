//! What is new on a board of alerts, found by comparing it with the one before. Pure.

use protocol::alert::{Alert, AlertBoard, AlertId, Ending, MOST_ON_BOARD};
use protocol::host::Level;
use std::collections::HashMap;

/// How old a change may be that the first board of a page tells as new, in milliseconds.
const STILL_NEW_MS: i64 = 10_000;

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is new.
    Fired,
    /// From warning to critical.
    Raised,
    /// From critical to warning: nobody needs to be called for it.
    Lowered,
    /// It has ended.
    Ended(Ending),
}

/// One thing that is new.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    pub turn: Turn,
    pub alert: Alert,
}

/// What `new` says that `old` did not, oldest first. The first board of a page is compared with nothing: only its latest changes are new.
/// After a lost connection it tells all that was missed.
pub fn news_of(old: Option<&AlertBoard>, new: &AlertBoard) -> Vec<News> {
    let mut news = match old {
        Some(old) => since(old, new),
        None => latest(new),
    };
    news.sort_by_key(|news| (moment(&news.alert), news.alert.id));
    news
}

fn latest(board: &AlertBoard) -> Vec<News> {
    let is_new = |at_ms: i64| at_ms >= board.at_ms - STILL_NEW_MS;
    let open = board.open.iter().filter(|alert| is_new(alert.fired_at_ms)).map(|alert| (Turn::Fired, alert));
    let ended = board.ended.iter().filter_map(|alert| {
        let (at_ms, ending) = alert.ended?;
        is_new(at_ms).then_some((Turn::Ended(ending), alert))
    });
    open.chain(ended).map(|(turn, alert)| News { turn, alert: alert.clone() }).collect()
}

fn since(old: &AlertBoard, new: &AlertBoard) -> Vec<News> {
    let known: HashMap<AlertId, Level> = old.open.iter().map(|alert| (alert.id, alert.level)).collect();
    let newest = old.open.iter().chain(&old.ended).map(|alert| alert.id).max().unwrap_or(0);
    // An alert for which the old board had no place is not new.
    let was_whole = old.open.len() < MOST_ON_BOARD;
    let open = new.open.iter().filter_map(|alert| {
        let turn = match known.get(&alert.id) {
            Some(level) if alert.level > *level => Turn::Raised,
            Some(level) if alert.level < *level => Turn::Lowered,
            Some(_) => return None,
            None if was_whole || alert.id > newest => Turn::Fired,
            None => return None,
        };
        Some((turn, alert))
    });
    let ended = new.ended.iter().filter_map(|alert| {
        let (_, ending) = alert.ended?;
        let is_new = known.contains_key(&alert.id) || alert.id > newest;
        is_new.then_some((Turn::Ended(ending), alert))
    });
    open.chain(ended).map(|(turn, alert)| News { turn, alert: alert.clone() }).collect()
}

/// When the last change of an alert was: UTC, milliseconds.
pub fn moment(alert: &Alert) -> i64 {
    alert.ended.map_or(alert.changed_at_ms, |(at_ms, _)| at_ms)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use protocol::alert::AlertKind;

    /// An alert that has been open since `at_ms`.
    pub fn alert(id: AlertId, level: Level, at_ms: i64) -> Alert {
        Alert {
            id,
            host_id: 3,
            host_name: "web".into(),
            group: String::new(),
            kind: AlertKind::Memory,
            target: String::new(),
            level,
            worst: level,
            no_data: false,
            value: Some(91.0),
            bound: Some(85.0),
            fired_at_ms: at_ms,
            changed_at_ms: at_ms,
            ended: None,
            acknowledged: None,
            resolved_by_hand: None,
            snoozed_until_ms: None,
        }
    }

    /// The same, ended.
    pub fn ended(id: AlertId, at_ms: i64, ending: Ending) -> Alert {
        Alert { ended: Some((at_ms, ending)), ..alert(id, Level::Warning, at_ms - 1_000) }
    }

    fn board(at_ms: i64, open: Vec<Alert>, ended: Vec<Alert>) -> AlertBoard {
        AlertBoard { at_ms, open, ended, ..AlertBoard::default() }
    }

    fn turns(old: Option<&AlertBoard>, new: &AlertBoard) -> Vec<(AlertId, Turn)> {
        news_of(old, new).into_iter().map(|news| (news.alert.id, news.turn)).collect()
    }

    #[test]
    fn the_first_board_tells_its_latest_changes_only() {
        let open = vec![alert(1, Level::Critical, 10_000), alert(3, Level::Warning, 95_000)];
        let gone = vec![ended(2, 92_000, Ending::Recovered), ended(0, 50_000, Ending::Recovered)];
        assert_eq!(turns(None, &board(100_000, open, gone)), [(2, Turn::Ended(Ending::Recovered)), (3, Turn::Fired)]);
    }

    #[test]
    fn later_boards_tell_what_has_changed_and_what_was_missed() {
        let old = board(5_000, vec![alert(1, Level::Warning, 0), alert(2, Level::Critical, 0), alert(3, Level::Warning, 0)], vec![]);
        let open = vec![alert(1, Level::Critical, 6_000), alert(2, Level::Warning, 7_000), alert(6, Level::Warning, 9_000)];
        let gone = vec![ended(3, 8_000, Ending::ByHand), ended(5, 8_500, Ending::Recovered), ended(0, 1_000, Ending::Recovered)];
        let new = board(9_000, open, gone);
        let expected = [
            (1, Turn::Raised),
            (2, Turn::Lowered),
            (3, Turn::Ended(Ending::ByHand)),
            (5, Turn::Ended(Ending::Recovered)),
            (6, Turn::Fired),
        ];
        assert_eq!(turns(Some(&old), &new), expected);
        assert_eq!(turns(Some(&new), &new), []);
    }

    #[test]
    fn an_alert_that_had_no_place_on_the_board_is_not_new() {
        let full: Vec<Alert> = (10..10 + MOST_ON_BOARD as i64).map(|id| alert(id, Level::Critical, 0)).collect();
        let mut shifted = full.clone();
        shifted.pop();
        shifted.push(alert(4, Level::Warning, 0));
        assert_eq!(turns(Some(&board(1, full, vec![])), &board(2, shifted, vec![])), []);
    }
}
