//! The greediest programs of each host and minute: names once, numbers packed.

use crate::store::{Store, StoreError};
use archive::{MINUTE_MS, start_of};
use protocol::host::HostId;
use sqlx::{Row, SqliteConnection};
use std::collections::HashMap;

/// Programs of a host in one minute.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessMinute {
    pub host_id: HostId,
    /// Start of the minute: UTC, milliseconds.
    pub at_ms: i64,
    pub programs: Vec<ProgramUse>,
}

/// What all processes of one name used together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgramUse {
    pub name: String,
    /// Mean of the minute in per cent of one core.
    pub cpu_percent: f32,
    /// Highest reading of the minute.
    pub most_cpu_percent: f32,
    /// Highest reading of the minute.
    pub memory_bytes: u64,
}

/// What one program used over many minutes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgramTotal {
    pub name: String,
    /// In which it was among the greediest.
    pub minutes: u32,
    /// Mean over those minutes in per cent of one core.
    pub cpu_percent: f32,
    pub most_cpu_percent: f32,
    pub most_memory_bytes: u64,
}

/// Longest name that is kept, in bytes: the kernel's are shorter.
const LONGEST_NAME: usize = 64;
/// Per cents are kept in tenths, memory in KiB.
const PARTS_OF_PERCENT: f32 = 10.0;
const MEMORY_UNIT: u64 = 1_024;
/// Bytes of a row beside its data, about.
const ROW_BYTES: u64 = 14;

impl Store {
    /// The programs of a host that used most CPU between two moments, greediest first, at most `limit`.
    ///
    /// # Errors
    /// The database fails or is damaged.
    pub async fn processes(&self, host_id: HostId, from_ms: i64, to_ms: i64, limit: usize) -> Result<Vec<ProgramTotal>, StoreError> {
        let mut connection = self.reader().acquire().await?;
        let ends = sqlx::query("SELECT min(at_ms), max(at_ms) FROM process_minutes").fetch_one(&mut *connection).await?;
        let (Some(oldest), Some(newest)) = (ends.get::<Option<i64>, _>(0), ends.get::<Option<i64>, _>(1)) else { return Ok(Vec::new()) };
        // One look-up for each minute: those of a host do not lie together.
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(
            "WITH RECURSIVE times (at_ms) AS (SELECT ?2 WHERE ?2 < ?3 UNION ALL SELECT at_ms + ?4 FROM times WHERE at_ms + ?4 < ?3)
             SELECT data FROM times CROSS JOIN process_minutes AS minute ON minute.at_ms = times.at_ms AND minute.host_id = ?1",
        )
        .bind(host_id)
        .bind(start_of(from_ms.max(oldest), MINUTE_MS))
        .bind(to_ms.min(newest.saturating_add(1)))
        .bind(MINUTE_MS)
        .fetch_all(&mut *connection)
        .await?;
        let mut sums: HashMap<u64, (f64, ProgramTotal)> = HashMap::new();
        for data in &rows {
            for (id, program) in decode(data)? {
                let (sum, total) = sums.entry(id).or_default();
                *sum += f64::from(program.cpu_percent);
                total.minutes += 1;
                total.most_cpu_percent = total.most_cpu_percent.max(program.most_cpu_percent);
                total.most_memory_bytes = total.most_memory_bytes.max(program.memory_bytes);
            }
        }
        let mut greediest: Vec<(u64, f64, ProgramTotal)> = sums.into_iter().map(|(id, (sum, total))| (id, sum, total)).collect();
        greediest.sort_by(|(one, left, _), (two, right, _)| right.total_cmp(left).then(one.cmp(two)));
        greediest.truncate(limit);
        let mut totals = Vec::with_capacity(greediest.len());
        for (id, sum, total) in greediest {
            let name =
                sqlx::query_scalar("SELECT name FROM process_names WHERE id = ?").bind(id as i64).fetch_one(&mut *connection).await?;
            totals.push(ProgramTotal { name, cpu_percent: (sum / f64::from(total.minutes.max(1))) as f32, ..total });
        }
        Ok(totals)
    }

    /// About how many bytes the process history has, and the start of its oldest minute.
    ///
    /// # Errors
    /// The database fails.
    pub async fn process_size(&self) -> Result<(u64, Option<i64>), StoreError> {
        let query = "SELECT min(at_ms), max(at_ms) FROM process_minutes";
        let ends = sqlx::query(query).fetch_one(self.reader()).await?;
        let (Some(oldest), Some(newest)) = (ends.get::<Option<i64>, _>(0), ends.get::<Option<i64>, _>(1)) else { return Ok((0, None)) };
        // Counting all would read all; the last hour stands for them.
        let from = newest - 59 * MINUTE_MS;
        let last = sqlx::query("SELECT count(*), coalesce(sum(length(data)), 0) FROM process_minutes WHERE at_ms >= ?").bind(from);
        let last = last.fetch_one(self.reader()).await?;
        let bytes = last.get::<i64, _>(0) as u64 * ROW_BYTES + last.get::<i64, _>(1) as u64;
        let minutes = ((newest - oldest) / MINUTE_MS + 1) as u64;
        Ok((bytes * minutes / minutes.min(60), Some(oldest)))
    }

    /// Deletes at most ten minutes older than `before_ms`, oldest first; says whether there were any.
    ///
    /// # Errors
    /// The database fails.
    pub(super) async fn prune_processes(&self, before_ms: i64) -> Result<bool, StoreError> {
        let oldest: Option<i64> = sqlx::query_scalar("SELECT min(at_ms) FROM process_minutes").fetch_one(self.reader()).await?;
        let Some(oldest) = oldest.filter(|oldest| *oldest < before_ms) else { return Ok(false) };
        sqlx::query("DELETE FROM process_minutes WHERE at_ms < ?")
            .bind(before_ms.min(oldest + 10 * MINUTE_MS))
            .execute(self.writer())
            .await?;
        Ok(true)
    }
}

/// Writes minutes; those that are there already are replaced, those of deleted hosts are dropped.
pub(super) async fn insert(connection: &mut SqliteConnection, minutes: &[ProcessMinute]) -> Result<(), StoreError> {
    // Hosts run the same programs: each name is looked up once.
    let mut ids: HashMap<&str, u64> = HashMap::new();
    for minute in minutes {
        let mut programs = Vec::with_capacity(minute.programs.len());
        for program in &minute.programs {
            let name = &program.name[..program.name.floor_char_boundary(LONGEST_NAME)];
            let id = match ids.get(name) {
                Some(id) => *id,
                None => *ids.entry(name).or_insert(name_id(connection, name).await?),
            };
            programs.push((id, program));
        }
        sqlx::query("INSERT OR REPLACE INTO process_minutes SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM hosts WHERE id = ?2)")
            .bind(minute.at_ms)
            .bind(minute.host_id)
            .bind(encode(&programs))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn name_id(connection: &mut SqliteConnection, name: &str) -> Result<u64, StoreError> {
    let known: Option<i64> =
        sqlx::query_scalar("SELECT id FROM process_names WHERE name = ?").bind(name).fetch_optional(&mut *connection).await?;
    if let Some(id) = known {
        return Ok(id as u64);
    }
    let made = sqlx::query("INSERT INTO process_names (name) VALUES (?)").bind(name).execute(connection).await?;
    Ok(made.last_insert_rowid() as u64)
}

/// For each program the number of its name, mean and highest CPU in tenths of a per cent, memory in KiB: LEB128 each
/// (<https://en.wikipedia.org/wiki/LEB128>).
fn encode(programs: &[(u64, &ProgramUse)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(programs.len() * 9);
    let tenths = |percent: f32| (percent.max(0.0) * PARTS_OF_PERCENT).round() as u64;
    for (id, program) in programs {
        let numbers = [*id, tenths(program.cpu_percent), tenths(program.most_cpu_percent), program.memory_bytes / MEMORY_UNIT];
        for mut number in numbers {
            while number >= 0x80 {
                bytes.push(number as u8 | 0x80);
                number >>= 7;
            }
            bytes.push(number as u8);
        }
    }
    bytes
}

const MALFORMED: StoreError = StoreError::Malformed { what: "process minute" };

/// The programs of [`encode`]'s bytes, with the numbers of their names instead of the names.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<(u64, ProgramUse)>, StoreError> {
    let mut numbers = Vec::with_capacity(bytes.len() / 2);
    let (mut number, mut shift) = (0_u64, 0);
    for byte in bytes {
        number |= u64::from(byte & 0x7f).checked_shl(shift).ok_or(MALFORMED)?;
        shift += 7;
        if byte & 0x80 == 0 {
            numbers.push(number);
            (number, shift) = (0, 0);
        }
    }
    let (programs, rest) = numbers.as_chunks::<4>();
    if shift != 0 || !rest.is_empty() {
        return Err(MALFORMED);
    }
    let percent = |tenths: u64| tenths as f32 / PARTS_OF_PERCENT;
    let program = |&[id, cpu, most, memory]: &[u64; 4]| {
        let memory_bytes = memory.saturating_mul(MEMORY_UNIT);
        (id, ProgramUse { name: String::new(), cpu_percent: percent(cpu), most_cpu_percent: percent(most), memory_bytes })
    };
    Ok(programs.iter().map(program).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::Batch;

    fn program(name: &str, cpu_percent: f32, memory_bytes: u64) -> ProgramUse {
        ProgramUse { name: name.into(), cpu_percent, most_cpu_percent: cpu_percent * 2.0, memory_bytes }
    }

    #[test]
    fn programs_come_back_from_their_bytes() {
        let uses = [program("", 0.1, 0), program("", 1_599.9, 700 << 30)];
        let bytes = encode(&[(1, &uses[0]), (300, &uses[1])]);
        assert_eq!(decode(&bytes).unwrap(), [(1, uses[0].clone()), (300, uses[1].clone())]);
        assert_eq!(decode(&[]).unwrap(), []);
        for end in 1..bytes.len() {
            // Whatever is cut off, nothing panics.
            let _ = decode(&bytes[..end]);
        }
        assert!(decode(&[0xff; 40]).is_err());
    }

    #[tokio::test]
    async fn the_greediest_of_a_range_come_first_and_old_minutes_go() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        store.ensure_local_host(1, 0).await.unwrap();
        let minute = |host_id, number: i64, programs: &[ProgramUse]| ProcessMinute {
            host_id,
            at_ms: number * MINUTE_MS,
            programs: programs.to_vec(),
        };
        let processes = vec![
            minute(1, 0, &[program("idle", 1.0, 5 << 20)]),
            minute(1, 1, &[program("idle", 1.0, 6 << 20), program("编译器", 90.0, 1 << 30)]),
            minute(1, 2, &[program("idle", 3.0, 4 << 20)]),
            minute(9, 1, &[program("of a deleted host", 90.0, 1)]),
        ];
        store.insert_batch(&Batch { processes, ..Batch::default() }).await.unwrap();
        let totals = store.processes(1, 0, 3 * MINUTE_MS, 10).await.unwrap();
        let idle =
            ProgramTotal { name: "idle".into(), minutes: 3, cpu_percent: 5.0 / 3.0, most_cpu_percent: 6.0, most_memory_bytes: 6 << 20 };
        assert_eq!((totals[0].name.as_str(), totals[0].most_cpu_percent, totals[0].minutes), ("编译器", 180.0, 1));
        assert_eq!(totals[1..], [idle]);
        assert_eq!(store.processes(1, 0, 3 * MINUTE_MS, 1).await.unwrap().len(), 1);
        assert_eq!(
            store.processes(1, MINUTE_MS + 5_000, 2 * MINUTE_MS, 10).await.unwrap()[0].name,
            "编译器",
            "a minute that was begun counts"
        );
        assert!(store.processes(9, 0, 3 * MINUTE_MS, 10).await.unwrap().is_empty());
        assert_eq!(store.process_size().await.unwrap().1, Some(0));
        assert!(store.prune_processes(2 * MINUTE_MS).await.unwrap());
        assert!(!store.prune_processes(2 * MINUTE_MS).await.unwrap());
        assert_eq!(store.processes(1, 0, 3 * MINUTE_MS, 10).await.unwrap().len(), 1);
    }
}
