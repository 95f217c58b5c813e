//! Stored values as a file of any length: rows are read, written and sent in small parts, so that memory does not grow with the range.

mod csv;
mod json;
mod packing;

use crate::store::{DAY_MS, SampleRow, Stat, Store, StoreError, Tier};
use packing::Packing;
use protocol::host::HostId;
use protocol::metric::{Series, Unit};
use tokio::sync::mpsc;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// Hosts with the names by which they are called.
    pub hosts: Vec<(HostId, String)>,
    pub series: Vec<Series>,
    /// UTC milliseconds, from this moment on.
    pub from_ms: i64,
    /// Up to before this moment.
    pub to_ms: i64,
    pub tier: &'static Tier,
    pub format: Format,
    /// Packed by gzip.
    pub gzip: bool,
}

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table, RFC 4180.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// Ending of a file's name, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// Type of its content.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/x-ndjson",
        }
    }
}

/// One value as it is written.
struct Value<'a> {
    at_ms: i64,
    host_id: HostId,
    host: &'a str,
    series: &'a str,
    unit: Unit,
    stat: Stat,
}

/// Rows that are read at once: a day of the finest tier.
const ROWS_AT_ONCE: i64 = 8_640;
/// Parts that may wait for a slow browser.
const PARTS_KEPT: usize = 4;

/// A part of the file, or why it ends too early.
pub type Part = Result<Vec<u8>, StoreError>;

/// Begins to write the file; it ends when nobody reads any more.
pub fn start(store: Store, export: Export) -> mpsc::Receiver<Part> {
    let (parts, reader) = mpsc::channel(PARTS_KEPT);
    tokio::spawn(async move {
        if let Err(error) = write(&store, &export, &parts).await {
            tracing::warn!(%error, "a download ended too early");
            // Nobody may be there any more.
            let _ = parts.send(Err(error)).await;
        }
    });
    reader
}

async fn write(store: &Store, export: &Export, parts: &mpsc::Sender<Part>) -> Result<(), StoreError> {
    let mut packing = Packing::new(export.gzip);
    if export.format == Format::Csv {
        packing.add(csv::HEADER.as_bytes());
    }
    let names: Vec<String> = export.series.iter().map(Series::to_string).collect();
    // A read transaction lasts for one span only: the log could not begin anew for as long as a slow browser takes.
    let span_ms = (export.tier.step_ms * ROWS_AT_ONCE).max(DAY_MS);
    for (host_id, host) in &export.hosts {
        let mut from_ms = export.from_ms;
        while from_ms < export.to_ms {
            let to_ms = from_ms.saturating_add(span_ms).min(export.to_ms);
            for row in store.tier_rows(export.tier, *host_id, from_ms, to_ms).await? {
                write_row(export, &names, host, &row, &mut packing);
            }
            from_ms = to_ms;
            let part = packing.take();
            if !part.is_empty() && parts.send(Ok(part)).await.is_err() {
                return Ok(());
            }
        }
    }
    // Nobody may be there any more.
    let _ = parts.send(Ok(packing.finish())).await;
    Ok(())
}

fn write_row(export: &Export, names: &[String], host: &str, row: &SampleRow, packing: &mut Packing) {
    for (series, name) in export.series.iter().zip(names) {
        let Ok(place) = row.series.binary_search_by(|(known, _)| known.cmp(series)) else { continue };
        let stat = row.series[place].1;
        let value = Value { at_ms: row.at_ms, host_id: row.host_id, host, series: name, unit: series.unit(), stat };
        match export.format {
            Format::Csv => packing.add(csv::line(&value).as_bytes()),
            Format::JsonLines => packing.add(json::line(&value).as_bytes()),
        }
    }
}

/// A number as short as it can be without losing what is stored.
fn short(value: f64) -> f32 {
    value as f32
}

/// What a unit is called in files.
fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "percent",
        Unit::BytesPerSecond => "bytes_per_s",
        Unit::Celsius => "celsius",
        Unit::Hours => "hours",
        Unit::Milliseconds => "ms",
        Unit::Number => "number",
    }
}
