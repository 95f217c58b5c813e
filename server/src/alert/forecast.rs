//! When file systems will be full, by the trend of the last day.

use super::values::Forecasts;
use crate::clock::now_ms;
use crate::store::{Ask, Store, StoreError};
use protocol::host::HostId;
use protocol::metric::Series;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const HOUR_MS: i64 = 3_600_000;
/// What is looked back on, and at how many points.
const RANGE_MS: i64 = 24 * HOUR_MS;
const POINTS: u32 = 96;
/// With less data than this nothing is said.
const LEAST_DATA_MS: i64 = 6 * HOUR_MS;
/// A trend is found between points that are at least so far apart: closer ones tell of single files.
const LEAST_BASE_MS: i64 = HOUR_MS;
/// Longer gaps cut a line: what was freed or filled while nobody looked (a restart that empties /tmp) is no trend.
const LONGEST_GAP_MS: i64 = HOUR_MS;
/// A forecast beyond this says nothing.
const FARTHEST_H: f64 = 24.0 * 365.0;
/// How often forecasts are made; they change slowly.
const EVERY: Duration = Duration::from_secs(600);
/// The first ones come when hosts have been seen.
const FIRST_AFTER: Duration = Duration::from_secs(60);

/// Hours until a share of 100 %, from points of (UTC milliseconds, per cent), oldest first; `None`: it does not fill up, or not enough is
/// known. The median of the slopes between all pairs of points of a line (Theil 1950, Sen 1968): up to a quarter of the points may be
/// wrong. Three quarters of the slopes must point upwards, so that what comes and goes (logs, backups) is no trend.
pub fn hours_until_full(points: &[(i64, f64)]) -> Option<f64> {
    let lines: Vec<&[(i64, f64)]> = points.chunk_by(|left, right| right.0 - left.0 <= LONGEST_GAP_MS).collect();
    let covered: i64 = lines.iter().filter_map(|line| Some(line.last()?.0 - line.first()?.0)).sum();
    if covered < LEAST_DATA_MS {
        return None;
    }
    let mut slopes = Vec::new();
    for line in lines {
        for (index, from) in line.iter().enumerate() {
            let far = line[index + 1..].iter().filter(|to| to.0 - from.0 >= LEAST_BASE_MS);
            slopes.extend(far.map(|to| (to.1 - from.1) / ((to.0 - from.0) as f64 / HOUR_MS as f64)));
        }
    }
    if slopes.is_empty() {
        return None;
    }
    slopes.sort_by(f64::total_cmp);
    let (quarter, median) = (slopes[slopes.len() / 4], slopes[slopes.len() / 2]);
    let (_, last) = points.last()?;
    let hours = (100.0 - last).max(0.0) / median;
    (quarter > 0.0 && hours <= FARTHEST_H).then_some(hours)
}

/// Makes forecasts for all hosts until `stop`.
pub async fn make_forecasts(store: Store, told: watch::Sender<Arc<Forecasts>>, stop: CancellationToken) {
    let mut wait = FIRST_AFTER;
    while stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_some() {
        wait = EVERY;
        match forecasts(&store, now_ms()).await {
            Ok(found) => drop(told.send_replace(Arc::new(found))),
            Err(error) => tracing::warn!(%error, "no forecast of file systems"),
        }
    }
}

/// Forecasts for all file systems that fill up, by what is stored up to `now_ms`.
///
/// # Errors
/// The database fails.
pub async fn forecasts(store: &Store, now_ms: i64) -> Result<Forecasts, StoreError> {
    let mut found = Forecasts::new();
    for host in store.list_hosts().await? {
        for (mount, hours) in forecasts_of_host(store, host.id, now_ms).await? {
            found.entry(host.id).or_default().insert(mount, hours);
        }
    }
    Ok(found)
}

async fn forecasts_of_host(store: &Store, id: HostId, now_ms: i64) -> Result<Vec<(String, f64)>, StoreError> {
    let from_ms = now_ms - RANGE_MS;
    let names = store.series_names(id, from_ms, now_ms).await?;
    let series: Vec<Series> = names.iter().filter_map(|name| name.parse().ok()).filter(|one| matches!(one, Series::Mount(_))).collect();
    if series.is_empty() {
        return Ok(Vec::new());
    }
    let answer = store.history(&Ask { hosts: vec![id], series, from_ms, to_ms: now_ms, points: POINTS }).await?;
    let (first_ms, step_ms) = (answer.first_ms, answer.step_ms);
    let forecast = |line: crate::store::Line| {
        let Series::Mount(mount) = line.series else { return None };
        let points = (0..).zip(&line.points).filter_map(|(index, stat)| Some((first_ms + index * step_ms, stat.as_ref()?.mean)));
        Some((mount, hours_until_full(&points.collect::<Vec<_>>())?))
    };
    Ok(answer.lines.into_iter().filter_map(forecast).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A point each quarter of an hour.
    fn line(points: i64, share: impl Fn(f64) -> f64) -> Vec<(i64, f64)> {
        (0..points).map(|index| (index * HOUR_MS / 4, share(index as f64 / 4.0))).collect()
    }

    #[test]
    fn a_steady_growth_is_told_and_noise_does_not_matter() {
        let noisy = |hour: f64| 50.0 + hour + if (hour * 4.0) as i64 % 5 == 0 { 0.4 } else { 0.0 };
        let hours = hours_until_full(&line(97, noisy)).unwrap();
        assert!((hours - 26.0).abs() < 1.0, "{hours}");
        assert_eq!(hours_until_full(&line(97, |hour| 99.9 + hour)), Some(0.0));
    }

    #[test]
    fn what_does_not_fill_up_has_none() {
        assert_eq!(hours_until_full(&[]), None);
        assert_eq!(hours_until_full(&line(24, |hour| 50.0 + hour)), None, "less than six hours");
        assert_eq!(hours_until_full(&line(97, |_| 50.0)), None);
        assert_eq!(hours_until_full(&line(97, |hour| 50.0 - hour)), None);
        assert_eq!(hours_until_full(&line(97, |hour| 50.0 + 10.0 * (hour / 2.0).sin())), None, "comes and goes");
        assert_eq!(hours_until_full(&line(97, |hour| if hour < 12.0 { 50.0 } else { 70.0 })), None, "one large file");
        assert_eq!(hours_until_full(&line(97, |hour| 50.0 + hour * 0.0001)), None, "in years");
    }

    #[test]
    fn gaps_and_restarts_are_no_trend() {
        let cut = |points: Vec<(i64, f64)>| points.into_iter().filter(|(at, _)| !(10..14).contains(&(at / HOUR_MS))).collect::<Vec<_>>();
        assert_eq!(hours_until_full(&cut(line(97, |hour| if hour < 12.0 { 20.0 } else { 80.0 }))), None);
        let restarted = cut(line(97, |hour| if hour < 12.0 { 60.0 + hour } else { 20.0 + hour }));
        let hours = hours_until_full(&restarted).unwrap();
        assert!((hours - 56.0).abs() < 1.0, "{hours}");
    }
}
