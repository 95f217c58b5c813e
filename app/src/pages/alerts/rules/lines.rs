//! What holds for a scope, kind by kind. Pure.

use crate::views::{HeldRule, RuleOrigin, RuleView};
use protocol::alert::{AlertKind, RuleScope, RuleSettings, Watched};
use serde::{Deserialize, Serialize};

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleLine {
    pub kind: AlertKind,
    /// Mount point; empty: all that have no rule of their own.
    pub target: String,
    pub settings: RuleSettings,
    pub from: RuleOrigin,
    /// The rule that is set for this very scope.
    pub own: Option<i64>,
}

impl RuleLine {
    /// Whether there are values of each file system.
    pub fn is_of_mounts(&self) -> bool {
        self.kind.watched() == Watched::Mount
    }
}

/// The lines of a host, as the centre tells what holds.
pub fn lines_of_host(scope: &RuleScope, held: Vec<HeldRule>) -> Vec<RuleLine> {
    let line = |HeldRule { kind, target, settings, from }| {
        let own = match &from {
            RuleOrigin::Rule { id, scope: set_for } if set_for == scope => Some(*id),
            _ => None,
        };
        RuleLine { kind, target, settings, from, own }
    };
    held.into_iter().map(line).filter(|line| !line.kind.is_centres()).collect()
}

/// The lines of all hosts, a group or a tag: what is set there, else what is set for all, else what is built in.
pub fn lines_of_many(scope: &RuleScope, rules: &[RuleView]) -> Vec<RuleLine> {
    let is_shown = |kind: &AlertKind| *scope == RuleScope::Default || !kind.is_centres();
    AlertKind::ALL.iter().copied().filter(is_shown).flat_map(|kind| lines_of_kind(kind, scope, rules)).collect()
}

fn lines_of_kind(kind: AlertKind, scope: &RuleScope, rules: &[RuleView]) -> Vec<RuleLine> {
    let line = |rule: &RuleView| RuleLine {
        kind,
        target: rule.target.clone(),
        settings: rule.settings.clone(),
        from: RuleOrigin::Rule { id: rule.id, scope: rule.scope.clone() },
        own: (rule.scope == *scope).then_some(rule.id),
    };
    let of = |wanted: &RuleScope| rules.iter().filter(|rule| rule.kind == kind && rule.scope == *wanted).collect::<Vec<_>>();
    let (own, of_all) = (of(scope), of(&RuleScope::Default));
    let general = own.iter().chain(&of_all).find(|rule| rule.target.is_empty()).map(|rule| line(rule));
    let built_in = || RuleLine { kind, target: String::new(), settings: kind.usual_settings(), from: RuleOrigin::BuiltIn, own: None };
    let mut single: Vec<RuleLine> = own.iter().filter(|rule| !rule.target.is_empty()).map(|rule| line(rule)).collect();
    single.sort_by(|one, two| one.target.cmp(&two.target));
    let mut lines = vec![general.unwrap_or_else(built_in)];
    lines.append(&mut single);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: i64, scope: RuleScope, kind: AlertKind, target: &str) -> RuleView {
        let settings = RuleSettings { warning: Some(id as f64), ..kind.usual_settings() };
        RuleView { id, scope, kind, target: target.into(), settings, updated_by: "ann".into(), updated_at_ms: 0 }
    }

    #[test]
    fn what_is_set_wins_over_what_is_inherited() {
        let web = RuleScope::Group("web".into());
        let rules = [
            rule(1, RuleScope::Default, AlertKind::Cpu, ""),
            rule(2, web.clone(), AlertKind::Disk, "/data"),
            rule(3, web.clone(), AlertKind::Memory, ""),
        ];
        let lines = lines_of_many(&web, &rules);
        let of = |kind| {
            lines
                .iter()
                .filter(|line| line.kind == kind)
                .map(|line| (line.target.as_str(), line.own, line.settings.warning))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(AlertKind::Cpu), [("", None, Some(1.0))]);
        assert_eq!(of(AlertKind::Memory), [("", Some(3), Some(3.0))]);
        assert_eq!(of(AlertKind::Disk), [("", None, Some(90.0)), ("/data", Some(2), Some(2.0))]);
        assert_eq!((of(AlertKind::CentreStore), lines_of_many(&RuleScope::Default, &rules).len()), (vec![], AlertKind::ALL.len()));
    }

    #[test]
    fn only_rules_of_the_host_itself_are_its_own() {
        let held = |id, scope| HeldRule {
            kind: AlertKind::Cpu,
            target: String::new(),
            settings: AlertKind::Cpu.usual_settings(),
            from: RuleOrigin::Rule { id, scope },
        };
        let own = |scope| lines_of_host(&RuleScope::Host(3), vec![held(7, scope)])[0].own;
        assert_eq!((own(RuleScope::Host(3)), own(RuleScope::Default)), (Some(7), None));
    }
}
