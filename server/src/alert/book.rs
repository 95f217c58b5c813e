//! Which rule holds for which host, and where it comes from.

use super::maintenance::Window;
use crate::store::{BehindRow, RuleRow};
use protocol::alert::{AlertKind, RuleScope, RuleSettings, Watched};
use protocol::host::{HostId, Thresholds};
use protocol::live::HostCard;
use std::collections::HashMap;

/// All rules, maintenance windows and dependencies of one moment.
#[derive(Clone, Debug, Default)]
pub struct RuleBook {
    pub rules: Vec<RuleRow>,
    pub windows: Vec<Window>,
    behind: HashMap<HostId, HostId>,
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody has set anything.
    BuiltIn,
    /// The thresholds in the host's own form.
    HostForm,
    Rule {
        id: i64,
        scope: RuleScope,
    },
}

/// What holds for a host.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub kind: AlertKind,
    /// Mount point; empty: all that have no rule of their own.
    pub target: String,
    pub settings: RuleSettings,
    pub from: Origin,
}

/// How special a rule is: the smaller, the more.
fn rank(origin: &Origin) -> (u8, &str) {
    match origin {
        Origin::Rule { scope: RuleScope::Host(_), .. } => (0, ""),
        Origin::HostForm => (1, ""),
        Origin::Rule { scope: RuleScope::Tag(tag), .. } => (2, tag),
        Origin::Rule { scope: RuleScope::Group(_), .. } => (3, ""),
        Origin::Rule { scope: RuleScope::Default, .. } => (4, ""),
        Origin::BuiltIn => (5, ""),
    }
}

/// Whether a scope contains a host.
pub fn contains(scope: &RuleScope, card: &HostCard) -> bool {
    match scope {
        RuleScope::Default => true,
        RuleScope::Group(group) => card.group == *group,
        RuleScope::Tag(tag) => card.tags.contains(tag),
        RuleScope::Host(id) => card.id == *id,
    }
}

impl RuleBook {
    /// A book of what is stored.
    pub fn new(rules: Vec<RuleRow>, windows: Vec<Window>, behind: Vec<BehindRow>) -> Self {
        Self { rules, windows, behind: behind.into_iter().collect() }
    }

    /// What holds for a host: for each kind one rule for everything, and for file systems those of single mount points that differ from
    /// it, the more special first.
    pub fn held(&self, card: &HostCard) -> Vec<Held> {
        AlertKind::ALL.iter().flat_map(|kind| self.held_of_kind(*kind, card)).collect()
    }

    fn held_of_kind(&self, kind: AlertKind, card: &HostCard) -> Vec<Held> {
        let held = |target: &str, settings, from| Held { kind, target: target.to_owned(), settings, from };
        let mut found = vec![held("", kind.usual_settings(), Origin::BuiltIn)];
        if let Some(warning) = own_threshold(kind, &card.thresholds) {
            let settings = RuleSettings { warning: Some(warning), critical: kind.critical_of(warning), ..kind.usual_settings() };
            found.push(held("", settings, Origin::HostForm));
        }
        let rules = self.rules.iter().filter(|rule| rule.kind == kind && contains(&rule.scope, card));
        let from = |rule: &RuleRow| Origin::Rule { id: rule.id, scope: rule.scope.clone() };
        found.extend(rules.map(|rule| held(&rule.target, rule.settings.clone(), from(rule))));
        // Within a scope the rule of one mount point goes before that of all.
        found.sort_by(|left, right| (rank(&left.from), left.target.is_empty()).cmp(&(rank(&right.from), right.target.is_empty())));
        // Nothing is asked after the first rule that holds for everything.
        let general = found.iter().position(|held| held.target.is_empty()).map_or(0, |index| index + 1);
        found.truncate(general);
        if kind.watched() != Watched::Mount {
            found.retain(|held| held.target.is_empty());
        }
        found
    }

    /// The hosts through which a host is reached, the nearest first.
    pub fn ways_to(&self, id: HostId) -> Vec<HostId> {
        let mut ways = Vec::new();
        let mut at = id;
        while let Some(&next) = self.behind.get(&at).filter(|next| **next != id && !ways.contains(*next)) {
            ways.push(next);
            at = next;
        }
        ways
    }

    /// The warning thresholds by which a host is judged, for the lines in charts; where there is none, those of its form.
    pub fn thresholds(&self, card: &HostCard) -> Thresholds {
        let warning = |kind, form: f32| {
            let held = self.held_of_kind(kind, card);
            let settings = held.last().map(|held| &held.settings).filter(|settings| settings.enabled);
            settings.and_then(|settings| settings.warning.or(settings.critical)).map_or(form, |bound| bound as f32)
        };
        Thresholds {
            cpu_percent: warning(AlertKind::Cpu, card.thresholds.cpu_percent),
            memory_percent: warning(AlertKind::Memory, card.thresholds.memory_percent),
            disk_percent: warning(AlertKind::Disk, card.thresholds.disk_percent),
        }
    }
}

/// The threshold of a host's form where it differs from the usual one.
fn own_threshold(kind: AlertKind, thresholds: &Thresholds) -> Option<f64> {
    let usual = Thresholds::default();
    let (own, usual) = match kind {
        AlertKind::Cpu => (thresholds.cpu_percent, usual.cpu_percent),
        AlertKind::Memory => (thresholds.memory_percent, usual.memory_percent),
        AlertKind::Disk => (thresholds.disk_percent, usual.disk_percent),
        _ => return None,
    };
    (own != usual).then(|| f64::from(own))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rule(id: i64, scope: RuleScope, kind: AlertKind, target: &str, warning: f64) -> RuleRow {
        let settings = RuleSettings { warning: Some(warning), ..kind.usual_settings() };
        RuleRow { id, scope, kind, target: target.into(), settings, updated_by: String::new(), updated_at_ms: 0 }
    }

    fn card(id: HostId) -> HostCard {
        HostCard { id, group: "web".into(), tags: vec!["db".into(), "cn".into()], ..HostCard::default() }
    }

    fn warning(book: &RuleBook, card: &HostCard, kind: AlertKind) -> Option<f64> {
        book.held(card).into_iter().rfind(|held| held.kind == kind).unwrap().settings.warning
    }

    #[test]
    fn the_more_special_rule_wins() {
        use RuleScope::{Default as All, Group, Host, Tag};
        let mut rules = Vec::new();
        let mut expect = |rule: Option<RuleRow>, expected: f64| {
            rules.extend(rule);
            rules.reverse();
            let book = RuleBook::new(rules.clone(), Vec::new(), Vec::new());
            assert_eq!(warning(&book, &card(7), AlertKind::Cpu), Some(expected));
        };
        expect(None, 80.0);
        expect(Some(rule(1, All, AlertKind::Cpu, "", 71.0)), 71.0);
        expect(Some(rule(2, Group("db".into()), AlertKind::Cpu, "", 1.0)), 71.0);
        expect(Some(rule(3, Group("web".into()), AlertKind::Cpu, "", 72.0)), 72.0);
        expect(Some(rule(4, Tag("db".into()), AlertKind::Cpu, "", 73.0)), 73.0);
        expect(Some(rule(5, Tag("cn".into()), AlertKind::Cpu, "", 74.0)), 74.0);
        expect(Some(rule(6, Host(8), AlertKind::Cpu, "", 2.0)), 74.0);
        expect(Some(rule(7, Host(7), AlertKind::Cpu, "", 75.0)), 75.0);
        expect(Some(rule(8, Host(7), AlertKind::Memory, "", 3.0)), 75.0);
    }

    #[test]
    fn thresholds_of_the_form_are_the_hosts_own() {
        let rules = vec![rule(1, RuleScope::Tag("db".into()), AlertKind::Memory, "", 50.0)];
        let book = RuleBook::new(rules, Vec::new(), Vec::new());
        let mut host = card(7);
        assert_eq!(warning(&book, &host, AlertKind::Memory), Some(50.0));
        assert_eq!(book.thresholds(&host).memory_percent, 50.0);
        host.thresholds.memory_percent = 60.0;
        assert_eq!(warning(&book, &host, AlertKind::Memory), Some(60.0));
        let held = book.held(&host).into_iter().find(|held| held.kind == AlertKind::Memory).unwrap();
        assert_eq!((held.from, held.settings.critical), (Origin::HostForm, Some(70.0)));
    }

    #[test]
    fn a_mount_point_may_have_a_rule_of_its_own() {
        let rules = vec![
            rule(1, RuleScope::Default, AlertKind::Disk, "/boot", 99.0),
            rule(2, RuleScope::Host(7), AlertKind::Disk, "/data", 70.0),
            rule(3, RuleScope::Default, AlertKind::Disk, "", 80.0),
        ];
        let held = |rules: &[RuleRow], id| -> Vec<(String, Option<f64>)> {
            let all = RuleBook::new(rules.to_vec(), Vec::new(), Vec::new()).held(&card(id));
            all.into_iter().filter(|held| held.kind == AlertKind::Disk).map(|held| (held.target, held.settings.warning)).collect()
        };
        let expected = [("/data".to_owned(), Some(70.0)), ("/boot".to_owned(), Some(99.0)), (String::new(), Some(80.0))];
        assert_eq!(held(&rules, 7), expected);
        assert_eq!(held(&rules, 8), expected[1..]);
        let with_host_rule = [rules, vec![rule(4, RuleScope::Host(7), AlertKind::Disk, "", 60.0)]].concat();
        assert_eq!(
            held(&with_host_rule, 7),
            [("/data".to_owned(), Some(70.0)), (String::new(), Some(60.0))],
            "the host's own hides the default's"
        );
    }

    #[test]
    fn ways_end_even_in_circles() {
        let book = RuleBook::new(Vec::new(), Vec::new(), vec![(1, 2), (2, 3), (4, 5), (5, 6), (6, 5)]);
        assert_eq!(book.ways_to(1), [2, 3]);
        assert_eq!(book.ways_to(3), [0; 0]);
        assert_eq!(book.ways_to(4), [5, 6]);
    }
}
