//! What stands in the form of a route, and the route that it makes.

use crate::browser;
use crate::error::ApiError;
use crate::pages::alerts::maintenance::{clock_text, read_clock};
use crate::pages::alerts::notify::wrong::unreadable;
use crate::pages::alerts::place::level_word;
use leptos::prelude::*;
use protocol::host::Level;
use protocol::notify::{Route, RouteId, RouteMatch, RouteTime};
use std::str::FromStr;

/// The levels that alerts have.
pub const LEVELS: [Level; 2] = [Level::Critical, Level::Warning];

const DAY_MIN: u16 = 24 * 60;

/// Everything that stands in the form.
#[derive(Clone, Copy)]
pub struct Values {
    id: RouteId,
    pub name: RwSignal<String>,
    pub enabled: RwSignal<bool>,
    pub levels: RwSignal<Vec<String>>,
    pub groups: RwSignal<Vec<String>>,
    pub tags: RwSignal<Vec<String>>,
    pub kinds: RwSignal<Vec<String>>,
    pub hosts: RwSignal<Vec<String>>,
    /// Only at a certain time.
    pub timed: RwSignal<bool>,
    pub weekdays: RwSignal<Vec<String>>,
    pub from: RwSignal<String>,
    pub until: RwSignal<String>,
    pub zone: RwSignal<String>,
    pub notifiers: RwSignal<Vec<String>>,
    pub repeat: RwSignal<String>,
    pub escalate: RwSignal<String>,
    pub escalate_to: RwSignal<Vec<String>>,
    pub tell_resolved: RwSignal<bool>,
    pub stop: RwSignal<bool>,
}

/// Things as the words that are ticked.
fn words<T: ToString>(things: &[T]) -> RwSignal<Vec<String>> {
    RwSignal::new(things.iter().map(ToString::to_string).collect())
}

/// The things whose words are ticked.
fn ticked<T: FromStr>(words: RwSignal<Vec<String>>) -> Vec<T> {
    words.with_untracked(|words| words.iter().filter_map(|word| word.parse().ok()).collect())
}

/// A number that may be missing.
fn number(text: RwSignal<String>) -> Result<Option<u32>, ()> {
    let text = text.get_untracked();
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(drop),
    }
}

fn number_text(number: Option<u32>) -> RwSignal<String> {
    RwSignal::new(number.map(|number| number.to_string()).unwrap_or_default())
}

impl Values {
    /// Of a route that is there, or of a new one.
    pub fn of(route: &Route) -> Self {
        let matches = &route.matches;
        let usual = RouteTime { zone: browser::time_zone(), weekdays: Vec::new(), from_min: 9 * 60, to_min: 18 * 60 };
        let time = matches.time.as_ref().unwrap_or(&usual);
        let levels: Vec<&str> = matches.levels.iter().map(|level| level_word(*level)).collect();
        Self {
            id: route.id,
            name: RwSignal::new(route.name.clone()),
            enabled: RwSignal::new(route.enabled),
            levels: words(&levels),
            groups: words(&matches.groups),
            tags: words(&matches.tags),
            kinds: words(&matches.kinds),
            hosts: words(&matches.hosts),
            timed: RwSignal::new(matches.time.is_some()),
            weekdays: words(&time.weekdays),
            from: RwSignal::new(clock_text(time.from_min)),
            // The end of a day is the beginning of the next one, and fields of clocks know only that.
            until: RwSignal::new(clock_text(time.to_min % DAY_MIN)),
            zone: RwSignal::new(time.zone.clone()),
            notifiers: words(&route.notifiers),
            repeat: number_text(route.repeat_every_min),
            escalate: number_text(route.escalate_after_min),
            escalate_to: words(&route.escalate_to),
            tell_resolved: RwSignal::new(route.tell_resolved),
            stop: RwSignal::new(route.stop),
        }
    }

    /// The route that stands there.
    ///
    /// # Errors
    /// Fields that cannot be read. What else may be wrong the centre says.
    pub fn route(self) -> Result<Route, ApiError> {
        let mut wrong = Vec::new();
        let mut minutes = |text, field| {
            number(text).unwrap_or_else(|()| {
                wrong.push(unreadable(field));
                None
            })
        };
        let repeat_every_min = minutes(self.repeat, "repeat_every_min");
        let escalate_after_min = minutes(self.escalate, "escalate_after_min");
        let mut clock = |text: RwSignal<String>, field| {
            text.with_untracked(|text| read_clock(text)).unwrap_or_else(|| {
                wrong.push(unreadable(field));
                0
            })
        };
        let time = self.timed.get_untracked().then(|| {
            let mut weekdays: Vec<u8> = ticked(self.weekdays);
            weekdays.sort_unstable();
            let (from_min, to_min) = (clock(self.from, "from_min"), clock(self.until, "to_min"));
            RouteTime { zone: self.zone.get_untracked().trim().to_owned(), weekdays, from_min, to_min }
        });
        if !wrong.is_empty() {
            return Err(ApiError::WrongFields(wrong));
        }
        let levels = self
            .levels
            .with_untracked(|words| LEVELS.into_iter().filter(|level| words.iter().any(|word| word == level_word(*level))).collect());
        let (groups, tags) = (self.groups.get_untracked(), self.tags.get_untracked());
        Ok(Route {
            id: self.id,
            name: self.name.get_untracked().trim().to_owned(),
            enabled: self.enabled.get_untracked(),
            matches: RouteMatch { levels, groups, tags, kinds: ticked(self.kinds), hosts: ticked(self.hosts), time },
            notifiers: ticked(self.notifiers),
            repeat_every_min,
            escalate_after_min,
            escalate_to: ticked(self.escalate_to),
            tell_resolved: self.tell_resolved.get_untracked(),
            stop: self.stop.get_untracked(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::alert::AlertKind;

    #[test]
    fn a_route_survives_its_form() {
        let owner = Owner::new();
        owner.set();
        let time = RouteTime { zone: "Asia/Shanghai".into(), weekdays: vec![1, 7], from_min: 1_320, to_min: 360 };
        let matches = RouteMatch {
            levels: vec![Level::Critical],
            groups: vec!["web, db".into()],
            tags: vec!["prod".into()],
            kinds: vec![AlertKind::DiskForecast],
            hosts: vec![3],
            time: Some(time),
        };
        let route = Route {
            id: 5,
            name: "night".into(),
            enabled: true,
            matches,
            notifiers: vec![2],
            repeat_every_min: Some(30),
            escalate_after_min: Some(15),
            escalate_to: vec![4],
            tell_resolved: true,
            stop: true,
        };
        assert_eq!(Values::of(&route).route(), Ok(route));
        assert_eq!(Values::of(&Route::default()).route(), Ok(Route::default()));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let owner = Owner::new();
        owner.set();
        let values = Values::of(&Route::default());
        values.repeat.set("soon".into());
        values.timed.set(true);
        values.until.set(String::new());
        let wrong = Err(ApiError::WrongFields(vec![unreadable("repeat_every_min"), unreadable("to_min")]));
        assert_eq!(values.route(), wrong);
    }
}
