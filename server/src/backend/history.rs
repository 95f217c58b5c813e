//! Stored values, for the page.

use super::{require, store_failed};
use crate::clock::now_ms;
use crate::export::{self, Export, Format, Part};
use crate::store::{
    Answer, Ask, AskError, HostEventRow, Line, MOST_LINES, MOST_POINTS, Retention, SampleRow, Stat, Store, StoreHealth, TIERS, TierSize,
    WINDOW_MS,
};
use app::backend::{Caller, HistoryBackend};
use app::error::{ApiError, Field, FieldError, FieldReason};
use app::forms::StorageForm;
use app::views::{
    self, About, HistoryAnswer, HistoryLine, HistoryMark, HistoryMarks, HistoryQuestion, HistoryTotal, HostChange, HostEvent, ProcessUse,
    Recording, Role, SeriesInfo, Storage, StorageTier, Trend, TrendPoint,
};
use async_trait::async_trait;
use protocol::host::HostId;
use protocol::live::{SourceEvent, StatusEvent};
use protocol::metric::{Metric, Series};
use tokio::sync::mpsc;

const HOUR_MS: i64 = 3_600_000;
/// Width of a row of the process history in milliseconds.
const MINUTE_MS: i64 = 60_000;

/// Events that are answered at most.
const MOST_EVENTS: u32 = 500;
/// Recordings that are answered at most.
const MOST_RECORDINGS: usize = 100;
/// Programs that are answered at most.
const MOST_PROCESSES: usize = 20;

/// What the numbers of the storage form may be.
const DAYS: (i64, i64) = (1, 3_650);
const PROCESS_DAYS: (i64, i64) = (1, 90);
const PROCESS_MIB: (i64, i64) = (16, 65_536);
const BUDGET_MIB: (i64, i64) = (64, 10_485_760);

/// Stored values, for the page.
pub struct HistoryRoom {
    pub store: Store,
    pub health: StoreHealth,
}

/// A file that is being written.
pub struct Download {
    pub file_name: String,
    pub content_type: &'static str,
    pub parts: mpsc::Receiver<Part>,
}

impl HistoryRoom {
    /// Begins a file of stored values; `step_ms` names a tier.
    ///
    /// # Errors
    /// As for `query_history`; [`ApiError::Invalid`] with [`Field::Points`] for a step that is no tier's.
    #[allow(clippy::too_many_arguments)]
    pub async fn download(
        &self,
        caller: &Caller,
        hosts: Vec<HostId>,
        series: Vec<String>,
        (from_ms, to_ms): (i64, i64),
        step_ms: Option<i64>,
        format: &str,
        gzip: bool,
    ) -> Result<Download, ApiError> {
        require(caller, Role::Viewer)?;
        let ask = ask_of(HistoryQuestion { hosts, series, from_ms, to_ms, points: 1 })?;
        let format = if format == "jsonl" { Format::JsonLines } else { Format::Csv };
        let tier = match step_ms {
            None => self.store.finest_tier(&ask.hosts, from_ms, to_ms).await.map_err(store_failed)?,
            Some(step_ms) => TIERS.iter().find(|tier| tier.step_ms == step_ms).ok_or_else(|| {
                ApiError::field(Field::Points, FieldReason::NotInRange { least: TIERS[0].step_ms, most: TIERS[TIERS.len() - 1].step_ms })
            })?,
        };
        let known = self.store.list_hosts().await.map_err(store_failed)?;
        let name = |id: &HostId| known.iter().find(|host| host.id == *id).map(|host| (*id, crate::hosts::card_of(host).name));
        let hosts = ask.hosts.iter().filter_map(name).collect();
        let file_name = format!("tactus-{from_ms}-{to_ms}.{}{}", format.ending(), if gzip { ".gz" } else { "" });
        let content_type = if gzip { "application/gzip" } else { format.content_type() };
        let export = Export { hosts, series: ask.series, from_ms, to_ms, tier, format, gzip };
        Ok(Download { file_name, content_type, parts: export::start(self.store.clone(), export) })
    }
}

#[async_trait]
impl HistoryBackend for HistoryRoom {
    async fn last_hour(&self, caller: &Caller, id: HostId) -> Result<Trend, ApiError> {
        require(caller, Role::Viewer)?;
        let now = now_ms();
        let rows = self.store.rows(id, now - HOUR_MS, now).await.map_err(store_failed)?;
        Ok(Trend { host_id: id, step_ms: WINDOW_MS, points: rows.iter().map(point).collect() })
    }

    async fn host_events(&self, caller: &Caller, id: HostId, limit: u32) -> Result<Vec<HostEvent>, ApiError> {
        require(caller, Role::Viewer)?;
        let rows = self.store.list_events(id, limit.min(MOST_EVENTS)).await.map_err(store_failed)?;
        Ok(rows.into_iter().map(event).collect())
    }

    async fn about(&self, caller: &Caller) -> Result<About, ApiError> {
        require(caller, Role::Viewer)?;
        Ok(About { version: env!("CARGO_PKG_VERSION").into(), data_bytes: self.store.size_bytes() })
    }

    async fn query_history(&self, caller: &Caller, question: HistoryQuestion) -> Result<HistoryAnswer, ApiError> {
        require(caller, Role::Viewer)?;
        let Answer { tier_step_ms, step_ms, first_ms, lines } = self.store.history(&ask_of(question)?).await.map_err(store_failed)?;
        Ok(HistoryAnswer { tier_step_ms, step_ms, first_ms, lines: lines.into_iter().map(line).collect() })
    }

    async fn list_series(&self, caller: &Caller, id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<SeriesInfo>, ApiError> {
        require(caller, Role::Viewer)?;
        let names = self.store.series_names(id, from_ms, to_ms).await.map_err(store_failed)?;
        let info = |name: String| name.parse::<Series>().ok().map(|series| SeriesInfo { name, unit: series.unit() });
        Ok(names.into_iter().filter_map(info).collect())
    }

    async fn list_marks(&self, caller: &Caller, hosts: Vec<HostId>, from_ms: i64, to_ms: i64) -> Result<HistoryMarks, ApiError> {
        require(caller, Role::Viewer)?;
        if hosts.len() > MOST_LINES {
            return Err(ApiError::field(Field::Series, FieldReason::NotSoManyLines { most: MOST_LINES }));
        }
        let mut found = HistoryMarks::default();
        for id in hosts {
            let rows = self.store.events_between(id, from_ms, to_ms, MOST_EVENTS).await.map_err(store_failed)?;
            found.marks.extend(rows.into_iter().map(|row| {
                let HostEvent { at_ms, change, reason } = event(row);
                HistoryMark { host_id: id, at_ms, change, reason }
            }));
            let recordings = self.store.recordings(id, from_ms, to_ms).await.map_err(store_failed)?;
            let recording = |one: crate::store::Recorded| Recording { host_id: id, from_ms: one.from_ms, to_ms: one.to_ms };
            found.recordings.extend(recordings.into_iter().map(recording));
        }
        found.marks.sort_by_key(|mark| mark.at_ms);
        found.marks.drain(..found.marks.len().saturating_sub(MOST_EVENTS as usize));
        found.recordings.sort_by_key(|recording| recording.from_ms);
        found.recordings.drain(..found.recordings.len().saturating_sub(MOST_RECORDINGS));
        Ok(found)
    }

    async fn process_history(&self, caller: &Caller, id: HostId, from_ms: i64, to_ms: i64) -> Result<Vec<ProcessUse>, ApiError> {
        require(caller, Role::Viewer)?;
        let totals = self.store.processes(id, from_ms, to_ms, MOST_PROCESSES).await.map_err(store_failed)?;
        let program = |total: crate::store::ProgramTotal| ProcessUse {
            name: total.name,
            minutes: total.minutes,
            cpu_percent: total.cpu_percent,
            most_cpu_percent: total.most_cpu_percent,
            most_memory_bytes: total.most_memory_bytes,
        };
        Ok(totals.into_iter().map(program).collect())
    }

    async fn get_storage(&self, caller: &Caller) -> Result<Storage, ApiError> {
        require(caller, Role::Viewer)?;
        let hosts = self.store.list_hosts().await.map_err(store_failed)?.len() as u32;
        let retention = self.store.retention().await.map_err(store_failed)?;
        let (tiers, processes) = self.store.sizes(u64::from(hosts)).await.map_err(store_failed)?;
        let tier = |step_ms, kept_days, size: TierSize| StorageTier {
            step_ms,
            kept_days,
            bytes: size.bytes,
            oldest_ms: size.oldest_ms,
            bytes_per_day: size.bytes_per_day,
        };
        let kept = TIERS.iter().zip(retention.days).zip(tiers);
        Ok(Storage {
            data_bytes: self.store.size_bytes(),
            tiers: kept.map(|((known, days), size)| tier(known.step_ms, days, size)).collect(),
            processes: tier(MINUTE_MS, retention.process_days, processes),
            process_budget_mib: retention.process_budget_mib,
            budget_mib: retention.budget_mib,
            hosts,
            failing: self.health.is_failing(),
        })
    }

    async fn update_storage(&self, caller: &Caller, form: StorageForm) -> Result<(), ApiError> {
        let session = require(caller, Role::Admin)?;
        let retention = retention_of(&form)?;
        self.store.save_retention(&retention).await.map_err(store_failed)?;
        tracing::info!(user = session.user_name, ?retention, "how long the history is kept was changed");
        Ok(())
    }
}

/// A question in the store's words.
fn ask_of(question: HistoryQuestion) -> Result<Ask, ApiError> {
    let HistoryQuestion { hosts, series, from_ms, to_ms, points } = question;
    let unknown = |name: &str| ApiError::field(Field::Series, FieldReason::UnknownSeries { name: name.chars().take(100).collect() });
    let named = series.iter().map(|name| name.parse().map_err(|_| unknown(name))).collect::<Result<Vec<Series>, _>>()?;
    let ask = Ask { hosts, series: named, from_ms, to_ms, points };
    ask.check(now_ms()).map_err(|error| match error {
        AskError::Empty => ApiError::field(Field::Range, FieldReason::EmptyRange),
        AskError::Future => ApiError::field(Field::Range, FieldReason::FutureRange),
        AskError::TooLong => ApiError::field(Field::Range, FieldReason::LongRange),
        AskError::Lines => ApiError::field(Field::Series, FieldReason::NotSoManyLines { most: MOST_LINES }),
        AskError::Points => ApiError::field(Field::Points, FieldReason::NotInRange { least: 1, most: i64::from(MOST_POINTS) }),
    })?;
    Ok(ask)
}

fn line(line: Line) -> HistoryLine {
    let column = |value: fn(Stat) -> f64| line.points.iter().map(|point| point.map(|stat| value(stat) as f32)).collect();
    HistoryLine {
        host_id: line.host_id,
        series: line.series.to_string(),
        mean: column(|stat| stat.mean),
        least: column(|stat| stat.least),
        most: column(|stat| stat.most),
        total: line.total.map(|stat| HistoryTotal {
            count: u64::from(stat.count),
            mean: stat.mean as f32,
            least: stat.least as f32,
            most: stat.most as f32,
        }),
    }
}

/// What a form says, or every field that is wrong.
fn retention_of(form: &StorageForm) -> Result<Retention, ApiError> {
    let mut wrong = Vec::new();
    let mut number = |field, text: &str, (least, most): (i64, i64)| {
        let found = text.trim().parse().ok().filter(|number| (least..=most).contains(number));
        if found.is_none() {
            let reason = if text.trim().is_empty() { FieldReason::Required } else { FieldReason::NotInRange { least, most } };
            wrong.push(FieldError { field, reason });
        }
        found.unwrap_or(least) as u32
    };
    let retention = Retention {
        days: [
            number(Field::FineDays, &form.fine_days, DAYS),
            number(Field::MediumDays, &form.medium_days, DAYS),
            number(Field::CoarseDays, &form.coarse_days, DAYS),
        ],
        process_days: number(Field::ProcessDays, &form.process_days, PROCESS_DAYS),
        process_budget_mib: number(Field::ProcessBudget, &form.process_budget_mib, PROCESS_MIB),
        budget_mib: Some(&form.budget_mib)
            .filter(|text| !text.trim().is_empty())
            .map(|text| number(Field::StorageBudget, text, BUDGET_MIB)),
    };
    if wrong.is_empty() { Ok(retention) } else { Err(ApiError::Invalid(wrong)) }
}

fn event(row: HostEventRow) -> HostEvent {
    match row {
        HostEventRow::Status(StatusEvent { at_ms, from, to, reason, .. }) => {
            HostEvent { at_ms, change: HostChange::Status { from, to }, reason }
        }
        HostEventRow::Source(SourceEvent { at_ms, from, to, reason, .. }) => {
            HostEvent { at_ms, change: HostChange::Source { from, to }, reason }
        }
    }
}

fn point(row: &SampleRow) -> TrendPoint {
    let stat = |metric: Metric| row.series.iter().find(|(series, _)| *series == Series::Metric(metric)).map(|(_, stat)| *stat);
    let spread = |metric: Metric| {
        stat(metric).map(|stat| views::Spread { mean: stat.mean as f32, least: stat.least as f32, most: stat.most as f32 })
    };
    TrendPoint {
        at_ms: row.at_ms,
        cpu: spread(Metric::Cpu),
        memory: spread(Metric::Memory),
        disk: stat(Metric::Disk).map(|stat| stat.mean as f32),
        in_bytes_per_s: spread(Metric::NetworkIn),
        out_bytes_per_s: spread(Metric::NetworkOut),
        load_one: spread(Metric::Load1),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn form() -> StorageForm {
        StorageForm {
            fine_days: "90".into(),
            medium_days: " 365 ".into(),
            coarse_days: "1825".into(),
            process_days: "7".into(),
            process_budget_mib: "256".into(),
            budget_mib: String::new(),
        }
    }

    #[test]
    fn every_wrong_number_is_named() {
        let expected = Retention { days: [90, 365, 1_825], budget_mib: None, process_days: 7, process_budget_mib: 256 };
        assert_eq!(retention_of(&form()), Ok(expected.clone()));
        assert_eq!(
            retention_of(&StorageForm { budget_mib: "2048".into(), ..form() }),
            Ok(Retention { budget_mib: Some(2_048), ..expected })
        );
        let wrong =
            StorageForm { fine_days: "0".into(), coarse_days: "x".into(), process_days: String::new(), budget_mib: "1".into(), ..form() };
        let ApiError::Invalid(errors) = retention_of(&wrong).unwrap_err() else { panic!("not invalid") };
        let fields: Vec<Field> = errors.iter().map(|error| error.field).collect();
        assert_eq!(fields, [Field::FineDays, Field::CoarseDays, Field::ProcessDays, Field::StorageBudget]);
        assert_eq!(errors[2].reason, FieldReason::Required);
    }

    #[test]
    fn wrong_questions_name_their_field() {
        let question =
            |series: &str, from_ms, to_ms, points| HistoryQuestion { hosts: vec![1], series: vec![series.into()], from_ms, to_ms, points };
        let now = now_ms();
        for (question, field, reason) in [
            (question("cpu", 0, 1, 1), Field::Series, FieldReason::UnknownSeries { name: "cpu".into() }),
            (question("cpu_percent", 5, 5, 1), Field::Range, FieldReason::EmptyRange),
            (question("cpu_percent", now + 100_000, now + 200_000, 1), Field::Range, FieldReason::FutureRange),
            (question("cpu_percent", 0, i64::MAX, 1), Field::Range, FieldReason::LongRange),
            (question("cpu_percent", 0, 5, 0), Field::Points, FieldReason::NotInRange { least: 1, most: 10_000 }),
            (
                HistoryQuestion { hosts: vec![], ..question("cpu_percent", 0, 5, 1) },
                Field::Series,
                FieldReason::NotSoManyLines { most: 200 },
            ),
        ] {
            assert_eq!(ask_of(question).unwrap_err(), ApiError::field(field, reason));
        }
    }
}
