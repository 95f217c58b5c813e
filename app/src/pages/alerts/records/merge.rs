//! What the centre has answered and what has happened since, in one list. Pure.

use crate::pages::alerts::place::Filter;
use protocol::alert::{Alert, AlertBoard, AlertId};
use std::collections::BTreeMap;

/// The records that are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The worst first, and the newest of these first.
    pub open: Vec<Alert>,
    /// Newest first.
    pub ended: Vec<Alert>,
}

impl Shown {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.ended.is_empty()
    }

    /// One of them.
    pub fn find(&self, id: AlertId) -> Option<&Alert> {
        self.open.iter().chain(&self.ended).find(|alert| alert.id == id)
    }
}

/// Answered records as they are now by the board, with all open alerts that fit: these are shown however old they are.
pub fn merge(answered: &[Alert], board: Option<&AlertBoard>, filter: &Filter, now_ms: i64) -> Shown {
    let mut all: BTreeMap<AlertId, &Alert> = answered.iter().map(|alert| (alert.id, alert)).collect();
    for alert in board.into_iter().flat_map(|board| board.open.iter().chain(&board.ended)) {
        all.insert(alert.id, alert);
    }
    let fitting = all.into_values().rev().filter(|alert| filter.fits(alert, now_ms)).cloned();
    let (mut open, ended): (Vec<Alert>, Vec<Alert>) = fitting.partition(Alert::is_open);
    open.sort_by_key(|alert| std::cmp::Reverse((alert.level, alert.id)));
    Shown { open, ended }
}

/// Alerts that are shown as open, but are on the board neither as open nor as ended: how they ended is to be asked.
pub fn has_lost(shown: &Shown, board: &AlertBoard) -> bool {
    let is_whole = board.open.len() >= (board.warning + board.critical) as usize;
    let is_told = |id: AlertId| board.open.iter().chain(&board.ended).any(|alert| alert.id == id);
    is_whole && shown.open.iter().any(|alert| !is_told(alert.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::alert::{AlertKind, Ending};
    use protocol::host::Level;

    fn alert(id: AlertId, level: Level, ended: Option<i64>) -> Alert {
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
            value: None,
            bound: None,
            fired_at_ms: 1_000,
            changed_at_ms: 1_000,
            ended: ended.map(|at_ms| (at_ms, Ending::Recovered)),
            acknowledged: None,
            resolved_by_hand: None,
            snoozed_until_ms: None,
        }
    }

    fn ids(alerts: &[Alert]) -> Vec<AlertId> {
        alerts.iter().map(|alert| alert.id).collect()
    }

    #[test]
    fn the_board_is_newer_than_the_answer() {
        let answered = [alert(3, Level::Warning, None), alert(2, Level::Warning, None), alert(1, Level::Critical, Some(2_000))];
        let open = vec![alert(4, Level::Warning, None), alert(3, Level::Critical, None)];
        let board =
            AlertBoard { open, critical: 1, warning: 1, ended: vec![alert(2, Level::Warning, Some(5_000))], ..AlertBoard::default() };
        let all = merge(&answered, Some(&board), &Filter::default(), 9_000);
        assert_eq!((ids(&all.open), ids(&all.ended)), (vec![3, 4], vec![2, 1]));
        assert!(!has_lost(&all, &board));
        let only_open = Filter { open: Some(true), level: Some(Level::Warning), ..Filter::default() };
        assert_eq!(ids(&merge(&answered, Some(&board), &only_open, 9_000).open), [4]);
        let lost = merge(&answered, None, &Filter::default(), 9_000);
        assert!(has_lost(&lost, &AlertBoard::default()));
    }
}
