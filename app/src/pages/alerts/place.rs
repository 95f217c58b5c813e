//! What the page shows, as its address says it. Pure.

use protocol::alert::{Alert, AlertId, AlertKind, RuleScope};
use protocol::host::{HostId, Level};
use std::fmt::Write;

/// Path of the page.
const PATH: &str = "/alerts";

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Parts of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Records,
    Rules,
    Maintenance,
    Notify,
}

impl Tab {
    /// All, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Records, Self::Rules, Self::Maintenance, Self::Notify];

    /// Its word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Rules => "rules",
            Self::Maintenance => "maintenance",
            Self::Notify => "notify",
        }
    }
}

/// Of which time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Time {
    /// The last days.
    Days(u32),
    /// From a moment to before another: UTC, milliseconds.
    Fixed { from_ms: i64, to_ms: i64 },
    #[default]
    Ever,
}

/// The numbers of days that are offered.
pub const DAYS: [u32; 4] = [1, 7, 30, 90];

/// Which records are shown. Empty lists and `None` do not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this one.
    pub id: Option<AlertId>,
    pub hosts: Vec<HostId>,
    pub kinds: Vec<AlertKind>,
    /// By the worst level that it had.
    pub level: Option<Level>,
    pub open: Option<bool>,
    pub time: Time,
}

impl Filter {
    /// First and last moment.
    pub fn range(&self, now_ms: i64) -> (Option<i64>, Option<i64>) {
        match self.time {
            Time::Days(days) => (Some(now_ms - i64::from(days) * DAY_MS), None),
            Time::Fixed { from_ms, to_ms } => (Some(from_ms), Some(to_ms)),
            Time::Ever => (None, None),
        }
    }

    /// Whether an alert is to be shown; what the centre answers, it has looked at itself.
    pub fn fits(&self, alert: &Alert, now_ms: i64) -> bool {
        let (from_ms, to_ms) = self.range(now_ms);
        let is_late_enough = from_ms.is_none_or(|from_ms| alert.ended.is_none_or(|(at_ms, _)| at_ms >= from_ms));
        self.id.is_none_or(|id| alert.id == id)
            && (self.hosts.is_empty() || self.hosts.contains(&alert.host_id))
            && (self.kinds.is_empty() || self.kinds.contains(&alert.kind))
            && self.level.is_none_or(|level| alert.worst == level)
            && self.open.is_none_or(|open| alert.is_open() == open)
            && is_late_enough
            && to_ms.is_none_or(|to_ms| alert.fired_at_ms < to_ms)
    }
}

/// Everything that the address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub tab: Tab,
    pub filter: Filter,
    /// Whose rules are shown.
    pub scope: RuleScope,
}

/// Reads an address by its parameters; tells whether a part of it made no sense and was left out.
pub fn read(parameter: impl Fn(&str) -> Option<String>) -> (Place, bool) {
    let (mut place, mut wrong) = (Place::default(), false);
    if let Some(word) = parameter("tab") {
        place.tab = found(Tab::ALL.into_iter().find(|tab| tab.word() == word), &mut wrong).unwrap_or_default();
    }
    if let Some(text) = parameter("id") {
        place.filter.id = found(text.parse().ok(), &mut wrong);
    }
    if let Some(text) = parameter("hosts") {
        place.filter.hosts = text.split(',').filter_map(|part| found(part.parse().ok(), &mut wrong)).collect();
    }
    if let Some(text) = parameter("kinds") {
        place.filter.kinds = text.split(',').filter_map(|part| found(part.parse().ok(), &mut wrong)).collect();
    }
    if let Some(word) = parameter("level") {
        place.filter.level = found([Level::Warning, Level::Critical].into_iter().find(|level| level_word(*level) == word), &mut wrong);
    }
    if let Some(word) = parameter("state") {
        place.filter.open = found([true, false].into_iter().find(|open| state_word(*open) == word), &mut wrong);
    }
    match (parameter("days"), parameter("from"), parameter("to")) {
        (None, None, None) => {}
        (Some(days), None, None) => {
            let days = found(days.parse().ok().filter(|days| (1..=3_650).contains(days)), &mut wrong);
            place.filter.time = days.map_or(Time::Ever, Time::Days);
        }
        (None, Some(from), Some(to)) => {
            let moments = from.parse::<i64>().ok().zip(to.parse::<i64>().ok()).filter(|(from_ms, to_ms)| (0..*to_ms).contains(from_ms));
            place.filter.time = found(moments, &mut wrong).map_or(Time::Ever, |(from_ms, to_ms)| Time::Fixed { from_ms, to_ms });
        }
        _ => wrong = true,
    }
    if let Some(text) = parameter("scope") {
        place.scope = found(read_scope(&text), &mut wrong).unwrap_or_default();
    }
    (place, wrong)
}

fn found<T>(part: Option<T>, wrong: &mut bool) -> Option<T> {
    *wrong |= part.is_none();
    part
}

/// The address of a place.
pub fn written(place: &Place) -> String {
    let Place { tab, filter, scope } = place;
    let mut parts: Vec<String> = Vec::new();
    if *tab != Tab::Records {
        parts.push(format!("tab={}", tab.word()));
    }
    if *scope != RuleScope::Default {
        parts.push(format!("scope={}", encoded(&scope_text(scope))));
    }
    if let Some(id) = filter.id {
        parts.push(format!("id={id}"));
    }
    if !filter.hosts.is_empty() {
        parts.push(format!("hosts={}", filter.hosts.iter().map(HostId::to_string).collect::<Vec<_>>().join(",")));
    }
    if !filter.kinds.is_empty() {
        parts.push(format!("kinds={}", filter.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(",")));
    }
    parts.extend(filter.level.map(|level| format!("level={}", level_word(level))));
    parts.extend(filter.open.map(|open| format!("state={}", state_word(open))));
    match filter.time {
        Time::Days(days) => parts.push(format!("days={days}")),
        Time::Fixed { from_ms, to_ms } => parts.push(format!("from={from_ms}&to={to_ms}")),
        Time::Ever => {}
    }
    if parts.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", parts.join("&")) }
}

/// Word of a level in addresses and attributes.
pub fn level_word(level: Level) -> &'static str {
    match level {
        Level::Calm => "calm",
        Level::Warning => "warning",
        Level::Critical => "critical",
    }
}

fn state_word(open: bool) -> &'static str {
    if open { "open" } else { "ended" }
}

/// A scope as a text: `default`, `group:web`, `tag:db`, `host:3`.
pub fn scope_text(scope: &RuleScope) -> String {
    match scope {
        RuleScope::Default => "default".into(),
        RuleScope::Group(name) => format!("group:{name}"),
        RuleScope::Tag(name) => format!("tag:{name}"),
        RuleScope::Host(id) => format!("host:{id}"),
    }
}

/// Reads what [`scope_text`] writes.
pub fn read_scope(text: &str) -> Option<RuleScope> {
    match text.split_once(':') {
        None => (text == "default").then_some(RuleScope::Default),
        Some((_, "")) => None,
        Some(("group", name)) => Some(RuleScope::Group(name.into())),
        Some(("tag", name)) => Some(RuleScope::Tag(name.into())),
        Some(("host", id)) => id.parse().ok().map(RuleScope::Host),
        _ => None,
    }
}

/// As part of an address; what the router would decode twice is masked first. <https://www.rfc-editor.org/rfc/rfc3986#section-3.4>
fn encoded(text: &str) -> String {
    let mut address = String::new();
    for byte in text.replace('%', "%25").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' => address.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(address, "%{byte:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(address: &str) -> impl Fn(&str) -> Option<String> {
        let (_, query) = address.split_once('?').unwrap_or_default();
        let pairs: Vec<(String, String)> =
            query.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        move |wanted| pairs.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.clone())
    }

    #[test]
    fn a_place_survives_its_address() {
        let filter = Filter {
            id: Some(7),
            hosts: vec![1, 20],
            kinds: vec![AlertKind::Cpu, AlertKind::DiskForecast],
            level: Some(Level::Critical),
            open: Some(false),
            time: Time::Days(7),
        };
        let fixed = Filter { time: Time::Fixed { from_ms: 5, to_ms: 9 }, ..Filter::default() };
        for place in [
            Place::default(),
            Place { filter, ..Place::default() },
            Place { filter: fixed, ..Place::default() },
            Place { tab: Tab::Rules, scope: RuleScope::Tag("db-1".into()), ..Place::default() },
            Place { tab: Tab::Maintenance, scope: RuleScope::Host(3), ..Place::default() },
            Place { tab: Tab::Notify, ..Place::default() },
        ] {
            let address = written(&place);
            assert_eq!(read(parameters(&address)), (place, false), "{address}");
        }
        assert_eq!(written(&Place::default()), "/alerts");
        assert_eq!(encoded("group:北 %"), "group:%E5%8C%97%20%2525");
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for query in [
            "tab=x",
            "id=x",
            "hosts=",
            "kinds=cpu,y",
            "level=calm",
            "state=x",
            "days=0",
            "from=9&to=5",
            "from=1",
            "scope=tag:",
            "scope=x:y",
        ] {
            let (place, wrong) = read(parameters(&format!("/alerts?{query}")));
            assert!(wrong, "{query}");
            assert!(place.filter.kinds.len() <= 1 && place.filter.time == Time::Ever && place.tab == Tab::Records, "{query}");
        }
    }
}
