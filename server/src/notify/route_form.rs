//! Routes as they are filled in.

use jiff::tz::TimeZone;
use protocol::host::Level;
use protocol::notify::{FieldProblem, NotifierId, Route, WrongField};

const MOST_NAME: usize = 60;
/// A week.
const MOST_MINUTES: u32 = 7 * 24 * 60;
const DAY_MIN: u16 = 24 * 60;

/// Checks a route; `notifiers` are those that there are.
///
/// # Errors
/// All fields that are wrong.
pub fn check_route(route: &Route, notifiers: &[NotifierId]) -> Result<(), Vec<WrongField>> {
    let mut wrong = Vec::new();
    let mut check = |is_wrong: bool, field: &str, problem| {
        if is_wrong {
            wrong.push(WrongField { field: field.into(), problem, detail: String::new() });
        }
    };
    let is_unknown = |ids: &[NotifierId]| ids.iter().any(|id| !notifiers.contains(id));
    check(route.name.trim().is_empty(), "name", FieldProblem::Missing);
    check(route.name.chars().count() > MOST_NAME, "name", FieldProblem::TooLong);
    check(is_unknown(&route.notifiers), "notifiers", FieldProblem::Unknown);
    check(is_unknown(&route.escalate_to), "escalate_to", FieldProblem::Unknown);
    // A route without anybody is of use only to keep alerts from those behind it.
    check(route.notifiers.is_empty() && !route.stop, "notifiers", FieldProblem::Missing);
    check(route.escalate_after_min.is_some() && route.escalate_to.is_empty(), "escalate_to", FieldProblem::Missing);
    check(route.escalate_after_min.is_none() && !route.escalate_to.is_empty(), "escalate_after_min", FieldProblem::Missing);
    for (minutes, field) in [(route.repeat_every_min, "repeat_every_min"), (route.escalate_after_min, "escalate_after_min")] {
        check(minutes.is_some_and(|minutes| !(1..=MOST_MINUTES).contains(&minutes)), field, FieldProblem::NoNumber);
    }
    check(route.matches.levels.contains(&Level::Calm), "levels", FieldProblem::NoChoice);
    if let Some(time) = &route.matches.time {
        check(TimeZone::get(&time.zone).is_err(), "zone", FieldProblem::NoZone);
        check(time.weekdays.iter().any(|day| !(1..=7).contains(day)), "weekdays", FieldProblem::NoChoice);
        check(time.from_min >= DAY_MIN, "from_min", FieldProblem::NoNumber);
        check(time.to_min > DAY_MIN, "to_min", FieldProblem::NoNumber);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::notify::{RouteMatch, RouteTime};

    #[test]
    fn every_wrong_field_is_named() {
        let good = Route { name: "night".into(), notifiers: vec![1], ..Route::default() };
        let time = RouteTime { zone: "Mars".into(), weekdays: vec![0], from_min: 1_440, to_min: 1_441 };
        for (route, fields) in [
            (good.clone(), vec![]),
            (Route { notifiers: vec![], stop: true, ..good.clone() }, vec![]),
            (Route { notifiers: vec![], ..good.clone() }, vec!["notifiers"]),
            (Route { name: String::new(), notifiers: vec![1, 7], ..good.clone() }, vec!["name", "notifiers"]),
            (
                Route { repeat_every_min: Some(0), escalate_after_min: Some(20_000), ..good.clone() },
                vec!["escalate_to", "repeat_every_min", "escalate_after_min"],
            ),
            (Route { escalate_to: vec![1], ..good.clone() }, vec!["escalate_after_min"]),
            (
                Route { matches: RouteMatch { time: Some(time), levels: vec![Level::Calm], ..Default::default() }, ..good.clone() },
                vec!["levels", "zone", "weekdays", "from_min", "to_min"],
            ),
        ] {
            let wrong = check_route(&route, &[1, 2]).err().unwrap_or_default();
            assert_eq!(wrong.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>(), fields);
        }
    }
}
