//! `/proc/[pid]/stat` of all processes, and the ten greediest.

use procfs_core::FromRead;
use procfs_core::process::Stat;
use protocol::snapshot::{Process, TopProcesses};

/// How many processes each list has.
const LISTED: usize = 10;

/// Counters of one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessCounters {
    pub pid: i32,
    /// Number of the process that started it.
    pub parent: i32,
    pub name: String,
    /// Start after boot in ticks: tells a process from a later one with the same number.
    pub started_at_ticks: u64,
    /// User and system time in ticks.
    pub cpu_ticks: u64,
    pub resident_pages: u64,
    pub threads: u32,
}

/// Reads one text; `None` for garbage.
pub fn parse_process(text: &[u8]) -> Option<ProcessCounters> {
    // The parser slices around the brackets of the name, so they must be where they belong.
    let open = text.iter().position(|&byte| byte == b'(')?;
    let close = text.iter().rposition(|&byte| byte == b')')?;
    let digits = open.checked_sub(1).map(|blank| &text[..blank])?;
    let well_formed = text[open - 1] == b' ' && digits.iter().all(u8::is_ascii_digit) && close > open && text.get(close + 1) == Some(&b' ');
    if !well_formed || !text[close..].is_ascii() || text.get(close + 2).is_none_or(u8::is_ascii_whitespace) {
        return None;
    }
    let stat = Stat::from_read(text).ok()?;
    Some(ProcessCounters {
        pid: stat.pid,
        parent: stat.ppid,
        name: stat.comm,
        started_at_ticks: stat.starttime,
        cpu_ticks: stat.utime.saturating_add(stat.stime),
        resident_pages: stat.rss,
        threads: u32::try_from(stat.num_threads).unwrap_or(0),
    })
}

/// The greediest of `now` by share of a core since `previous`, `elapsed_s` seconds ago, and by memory. Both lists must be sorted by
/// process number. Processes that started since are counted from their start; without `previous` no share is known.
pub fn top_processes(
    previous: &[ProcessCounters],
    now: &[ProcessCounters],
    elapsed_s: Option<f64>,
    ticks_per_s: u64,
    page_bytes: u64,
) -> TopProcesses {
    let elapsed_ticks = elapsed_s.filter(|&elapsed_s| elapsed_s > 0.0).map(|elapsed_s| elapsed_s * ticks_per_s as f64);
    let percent = |process: &ProcessCounters| {
        let Some(elapsed_ticks) = elapsed_ticks else { return 0.0 };
        let before = previous.binary_search_by_key(&process.pid, |before| before.pid).ok().map(|index| &previous[index]);
        let before = before.filter(|before| before.started_at_ticks == process.started_at_ticks).map_or(0, |before| before.cpu_ticks);
        (process.cpu_ticks.saturating_sub(before) as f64 / elapsed_ticks * 100.0) as f32
    };
    let mut all: Vec<(f32, &ProcessCounters)> = now.iter().map(|process| (percent(process), process)).collect();
    let shown = |(cpu_percent, process): &(f32, &ProcessCounters)| Process {
        pid: process.pid,
        name: process.name.clone(),
        cpu_percent: *cpu_percent,
        memory_bytes: process.resident_pages.saturating_mul(page_bytes),
        threads: process.threads,
    };
    // The number breaks ties, so that equal processes keep their places.
    all.sort_by(|(left, one), (right, other)| right.total_cmp(left).then(one.pid.cmp(&other.pid)));
    let busy = all.iter().take_while(|(percent, _)| *percent > 0.0);
    let by_cpu = busy.take(LISTED).map(shown).collect();
    all.sort_by(|(_, one), (_, other)| other.resident_pages.cmp(&one.resident_pages).then(one.pid.cmp(&other.pid)));
    let resident = all.iter().take_while(|(_, process)| process.resident_pages > 0);
    TopProcesses { by_cpu, by_memory: resident.take(LISTED).map(shown).collect() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const TAIL: &str = "S 1 2 3 0 -1 4194304 100 200 0 0 70 30 5 6 20 0 4 0 12345 100000000 2500 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 \
        17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    #[test]
    fn reads_real_texts_with_odd_names() {
        for (name, shown) in [("bash", "bash"), ("Web Content", "Web Content"), (") S 1 (", ") S 1 ("), ("", ""), ("日本", "日本")] {
            let process = parse_process(format!("77 ({name}) {TAIL}").as_bytes()).unwrap();
            let expected = ProcessCounters {
                pid: 77,
                parent: 1,
                name: shown.into(),
                started_at_ticks: 12_345,
                cpu_ticks: 100,
                resident_pages: 2_500,
                threads: 4,
            };
            assert_eq!(process, expected);
        }
        let mut text = b"77 (a\xffb) ".to_vec();
        text.extend(TAIL.as_bytes());
        assert_eq!(parse_process(&text).unwrap().name, "a\u{fffd}b");
    }

    #[test]
    fn garbage_is_skipped() {
        for text in [
            "",
            "(",
            ")",
            "()",
            " ()",
            "1 ()",
            "1 () ",
            "1 ()S",
            ")( ",
            "1 )(",
            "(a) S",
            "1(a) S 1",
            "é (a) S 1",
            "1 (a) é",
            "1 (a)  ",
            "1 (a) S 1 2",
        ] {
            assert_eq!(parse_process(text.as_bytes()), None, "{text}");
        }
        // Every prefix of a real text, cut anywhere.
        let whole = format!("77 (日) {TAIL}");
        for length in 0..whole.len() - 40 {
            let _ = parse_process(&whole.as_bytes()[..length]);
        }
    }

    fn process(pid: i32, started_at_ticks: u64, cpu_ticks: u64, resident_pages: u64) -> ProcessCounters {
        ProcessCounters { pid, parent: 1, name: format!("p{pid}"), started_at_ticks, cpu_ticks, resident_pages, threads: 1 }
    }

    #[test]
    fn ranks_by_share_of_a_core_and_by_memory() {
        let before = [process(1, 5, 1_000, 10), process(2, 5, 500, 90), process(3, 5, 900, 0)];
        // 2 works, 3 is another process now, 4 is new.
        let now = [process(1, 5, 1_000, 10), process(2, 5, 700, 90), process(3, 800, 50, 0), process(4, 900, 20, 30)];
        let top = top_processes(&before, &now, Some(2.0), 100, 4_096);
        let by_cpu: Vec<_> = top.by_cpu.iter().map(|process| (process.pid, process.cpu_percent)).collect();
        assert_eq!(by_cpu, [(2, 100.0), (3, 25.0), (4, 10.0)]);
        let by_memory: Vec<_> = top.by_memory.iter().map(|process| (process.pid, process.memory_bytes)).collect();
        assert_eq!(by_memory, [(2, 90 * 4_096), (4, 30 * 4_096), (1, 10 * 4_096)]);
    }

    #[test]
    fn without_an_earlier_list_no_share_is_known() {
        let many: Vec<_> = (1..30).map(|pid| process(pid, 5, 100, pid as u64)).collect();
        for elapsed_s in [None, Some(0.0), Some(f64::NAN)] {
            let top = top_processes(&[], &many, elapsed_s, 100, 4_096);
            assert_eq!((top.by_cpu.len(), top.by_memory.len()), (0, 10));
        }
        assert_eq!(top_processes(&[], &many, Some(1.0), 100, 4_096).by_cpu.len(), 10);
    }
}
