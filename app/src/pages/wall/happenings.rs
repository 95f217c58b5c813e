//! The latest alerts and changes of hosts' states, in one list. Pure.

use crate::i18n::Locale;
use crate::live::{Notice, moment};
use crate::texts::{alert_mark, status_name, turn_text};
use protocol::alert::{Alert, AlertBoard, AlertKind};
use protocol::host::{HostId, HostStatus};

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    pub at_ms: i64,
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// An alert as it stands since then.
    Alert(Box<Alert>),
    Status(HostId, HostStatus),
}

impl Happening {
    /// What a line is known by while the list changes.
    pub fn key(&self) -> (i64, i64, bool) {
        match &self.what {
            What::Alert(alert) => (self.at_ms, alert.id, true),
            What::Status(id, _) => (self.at_ms, *id, false),
        }
    }

    /// Mark and level word.
    pub fn mark(&self) -> (&'static str, &'static str) {
        match &self.what {
            What::Alert(alert) => match alert_mark(alert) {
                (mark, "resolved") => (mark, "ok"),
                known => known,
            },
            What::Status(_, HostStatus::Online) => ("✓", "ok"),
            What::Status(_, HostStatus::Blocked) => ("▲", "critical"),
            What::Status(_, HostStatus::Degraded) => ("◆", "warning"),
            What::Status(_, HostStatus::Initializing) => ("○", "waiting"),
            What::Status(_, HostStatus::Offline | HostStatus::Paused) => ("●", "offline"),
        }
    }

    /// What happened, without the host's name.
    pub fn text(&self, locale: Locale) -> String {
        match &self.what {
            What::Alert(alert) => turn_text(locale, alert),
            What::Status(_, status) => status_name(locale, *status).to_owned(),
        }
    }
}

/// The last `most` of both, newest first.
pub fn latest<'a>(board: Option<&AlertBoard>, notices: impl Iterator<Item = &'a Notice>, most: usize) -> Vec<Happening> {
    let alerts = board.into_iter().flat_map(|board| board.open.iter().chain(&board.ended));
    let of_alert = |alert: &Alert| Happening { at_ms: moment(alert), what: What::Alert(Box::new(alert.clone())) };
    let of_notice = |notice: &Notice| Happening { at_ms: notice.at_ms, what: What::Status(notice.host_id, notice.status) };
    let mut all: Vec<Happening> = notices.map(of_notice).collect();
    // A state that is an alert, too, is told once: by the notice, which comes first, or where there is none by the alert.
    let is_told =
        |alert: &&Alert| !(is_state(alert.kind) && all.iter().any(|one| matches!(one.what, What::Status(id, _) if id == alert.host_id)));
    let alerts: Vec<Happening> = alerts.filter(is_told).map(of_alert).collect();
    all.extend(alerts);
    all.sort_by_key(|one| std::cmp::Reverse(one.at_ms));
    all.truncate(most);
    all
}

fn is_state(kind: AlertKind) -> bool {
    matches!(kind, AlertKind::Offline | AlertKind::Degraded | AlertKind::HostKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::alert::Ending;
    use protocol::host::Level;

    fn alert(id: i64, kind: AlertKind, at_ms: i64, ended: Option<(i64, Ending)>) -> Alert {
        Alert {
            id,
            host_id: 3,
            host_name: "web".into(),
            group: String::new(),
            kind,
            target: String::new(),
            level: Level::Warning,
            worst: Level::Warning,
            no_data: false,
            value: Some(91.4),
            bound: Some(85.0),
            fired_at_ms: at_ms,
            changed_at_ms: at_ms,
            ended,
            acknowledged: None,
            resolved_by_hand: None,
            snoozed_until_ms: None,
        }
    }

    #[test]
    fn alerts_and_states_in_one_list() {
        let open = vec![alert(5, AlertKind::Memory, 50, None), alert(6, AlertKind::Offline, 60, None)];
        let ended = vec![alert(4, AlertKind::Cpu, 10, Some((55, Ending::Recovered)))];
        let board = AlertBoard { open, ended, ..AlertBoard::default() };
        let lines = |notices: &[Notice]| {
            let all = latest(Some(&board), notices.iter(), 6);
            all.into_iter().map(|one| (one.mark().0, one.text(Locale::en), one.text(Locale::zh_CN))).collect::<Vec<_>>()
        };
        let line = |mark, english: &str, chinese: &str| (mark, english.to_owned(), chinese.to_owned());
        let memory = line("◆", "Memory 91.4 % > 85 %", "内存 91.4 % > 85 %");
        let cpu = line("✓", "CPU recovered", "CPU 已恢复");
        assert_eq!(lines(&[]), [line("◆", "Offline", "主机离线"), cpu.clone(), memory.clone()]);
        let notice = Notice { at_ms: 57, host_id: 3, status: HostStatus::Offline };
        assert_eq!(lines(&[notice]), [line("●", "Offline", "离线"), cpu, memory]);
    }
}
