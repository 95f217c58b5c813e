//! `/proc/stat`: what the processors did since boot, and the shares of time between two beats.

use procfs_core::{CpuTime, ExplicitSystemInfo, FromBufReadSI, KernelStats};
use protocol::snapshot::Cpu;

/// Time of one processor, or of all, since boot in each mode; in ticks of 10 ms. Guest time is a part of user time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jiffies {
    pub user: u64,
    pub nice: u64,
    pub system: u64,
    pub idle: u64,
    pub iowait: u64,
    pub irq: u64,
    pub softirq: u64,
    pub steal: u64,
}

/// All of `/proc/stat` that is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CpuCounters {
    pub total: Jiffies,
    /// Number and time of each processor that is on, in the order of the text.
    pub cores: Vec<(u32, Jiffies)>,
    /// Start of the kernel: UTC, seconds.
    pub booted_at_s: u64,
    pub context_switches: u64,
    /// Processes started since boot.
    pub forks: u64,
    pub interrupts: Option<u64>,
    pub running: Option<u32>,
    pub blocked: Option<u32>,
}

/// A processor number beyond this is garbage, and would make a vector of that length.
pub(crate) const MAX_CORES: u32 = 8_192;

impl CpuCounters {
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        // Only the ticks are used as they are, so the other values do not matter.
        let system = ExplicitSystemInfo { boot_time_secs: 0, ticks_per_second: 100, page_size: 4_096, is_little_endian: true };
        let stats = KernelStats::from_buf_read(text, &system).ok()?;
        let text = std::str::from_utf8(text).ok()?;
        // The parser drops the numbers, but a processor that is off has no line.
        let numbers = text.lines().filter_map(|line| line.strip_prefix("cpu")).filter(|rest| !rest.starts_with(' '));
        let numbers = numbers.map(|rest| rest.split_ascii_whitespace().next().and_then(|digits| digits.parse::<u32>().ok()));
        let cores = numbers.zip(&stats.cpu_time).filter_map(|(number, time)| Some((number.filter(|&n| n < MAX_CORES)?, time.into())));
        Some(Self {
            total: (&stats.total).into(),
            cores: cores.collect(),
            booted_at_s: stats.btime,
            context_switches: stats.ctxt,
            forks: stats.processes,
            interrupts: text.lines().find_map(|line| line.strip_prefix("intr ")?.split_ascii_whitespace().next()?.parse().ok()),
            running: stats.procs_running,
            blocked: stats.procs_blocked,
        })
    }

    /// Shares of time since `previous`; `None` when the counters have restarted or did not move.
    pub(crate) fn since(&self, previous: &Self) -> Option<Cpu> {
        let shares = Shares::between(&previous.total, &self.total)?;
        let length = self.cores.iter().chain(&previous.cores).map(|(number, _)| *number as usize + 1).max().unwrap_or(0);
        let mut cores_percent = vec![None; length];
        for (number, now) in &self.cores {
            let before = previous.cores.iter().find(|(other, _)| other == number);
            let shares = before.and_then(|(_, before)| Shares::between(before, now));
            cores_percent[*number as usize] = shares.map(|shares| shares.busy());
        }
        Some(Cpu {
            total_percent: shares.busy(),
            user_percent: shares.percent(shares.user),
            system_percent: shares.percent(shares.system),
            iowait_percent: shares.percent(shares.iowait),
            steal_percent: shares.percent(shares.steal),
            cores_percent,
        })
    }
}

impl Jiffies {
    /// Sum of two processors.
    pub(crate) fn plus(self, other: &Self) -> Self {
        Self {
            user: self.user.saturating_add(other.user),
            nice: self.nice.saturating_add(other.nice),
            system: self.system.saturating_add(other.system),
            idle: self.idle.saturating_add(other.idle),
            iowait: self.iowait.saturating_add(other.iowait),
            irq: self.irq.saturating_add(other.irq),
            softirq: self.softirq.saturating_add(other.softirq),
            steal: self.steal.saturating_add(other.steal),
        }
    }
}

impl From<&CpuTime> for Jiffies {
    fn from(time: &CpuTime) -> Self {
        Self {
            user: time.user,
            nice: time.nice,
            system: time.system,
            idle: time.idle,
            iowait: time.iowait.unwrap_or(0),
            irq: time.irq.unwrap_or(0),
            softirq: time.softirq.unwrap_or(0),
            steal: time.steal.unwrap_or(0),
        }
    }
}

/// Ticks between two readings.
struct Shares {
    user: u64,
    system: u64,
    iowait: u64,
    steal: u64,
    all: u64,
    busy: u64,
}

impl Shares {
    fn between(previous: &Jiffies, now: &Jiffies) -> Option<Self> {
        let user = now.user.checked_sub(previous.user)?.checked_add(now.nice.checked_sub(previous.nice)?)?;
        let kernel = now.system.checked_sub(previous.system)?;
        let interrupts = now.irq.checked_sub(previous.irq)?.checked_add(now.softirq.checked_sub(previous.softirq)?)?;
        let system = kernel.checked_add(interrupts)?;
        // The kernel estimates these three; they may go backwards a little, which is no restart (proc(5) on iowait).
        let steal = now.steal.saturating_sub(previous.steal);
        let iowait = now.iowait.saturating_sub(previous.iowait);
        let idle = now.idle.saturating_sub(previous.idle);
        let busy = user.checked_add(system)?.checked_add(steal)?;
        let all = busy.checked_add(iowait)?.checked_add(idle)?;
        (all > 0).then_some(Self { user, system, iowait, steal, all, busy })
    }

    fn percent(&self, part: u64) -> f32 {
        (part as f64 * 100.0 / self.all as f64) as f32
    }

    fn busy(&self) -> f32 {
        self.percent(self.busy)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const DEBIAN: &str = "cpu  4705 150 1120 16250 520 0 30 25 200 0\ncpu0 2000 100 600 8000 260 0 20 10 100 0\n\
        cpu3 2705 50 520 8250 260 0 10 15 100 0\nintr 114930548 113199788 3 0 5\nctxt 1990473\nbtime 1062191376\nprocesses 2915\n\
        procs_running 1\nprocs_blocked 0\nsoftirq 183433 0 21755\n";

    #[test]
    fn reads_a_real_text_with_a_processor_that_is_off() {
        let counters = CpuCounters::parse(DEBIAN.as_bytes()).unwrap();
        assert_eq!(counters.total.user, 4_705);
        assert_eq!(counters.cores.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 3]);
        assert_eq!(counters.cores[1].1.idle, 8_250);
        assert_eq!((counters.booted_at_s, counters.forks, counters.interrupts), (1_062_191_376, 2_915, Some(114_930_548)));
        assert_eq!((counters.running, counters.blocked), (Some(1), Some(0)));
    }

    #[test]
    fn garbage_is_a_gap() {
        for text in
            ["", "cpu", "cpu  1 2\n", "cpu  a b c d\n", "cpu  1 2 3 4\ncpuX 1 2 3 4\n", "cpu  1 2 3 -4\nctxt 1\nbtime 1\nprocesses 1\n"]
        {
            assert_eq!(CpuCounters::parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(CpuCounters::parse(b"cpu  1 2 3 4\nctxt 1\nbtime 1\nprocesses \xff\n"), None);
        let huge = CpuCounters::parse(b"cpu  1 2 3 4\ncpu4294967295 1 2 3 4\nctxt 1\nbtime 1\nprocesses 1\n").unwrap();
        assert_eq!(huge.cores, []);
    }

    fn jiffies(user: u64, system: u64, idle: u64, iowait: u64, steal: u64) -> Jiffies {
        Jiffies { user, system, idle, iowait, steal, ..Jiffies::default() }
    }

    #[test]
    fn shares_of_time() {
        let full = u64::MAX;
        // previous, now, (total, user, system, iowait, steal) in per cent
        for (previous, now, expected) in [
            (jiffies(0, 0, 0, 0, 0), jiffies(10, 10, 60, 10, 10), Some([30.0, 10.0, 10.0, 10.0, 10.0])),
            (jiffies(0, 0, 0, 0, 0), jiffies(0, 0, 50, 50, 0), Some([0.0, 0.0, 0.0, 50.0, 0.0])),
            // iowait, idle and steal go backwards: no change, never a giant one.
            (jiffies(0, 0, 0, 100, 0), jiffies(25, 25, 50, 90, 0), Some([50.0, 25.0, 25.0, 0.0, 0.0])),
            (jiffies(0, 0, 100, 0, 9), jiffies(50, 0, 99, 50, 8), Some([50.0, 50.0, 0.0, 50.0, 0.0])),
            // A restart of what only grows, no time, or an overflow: a gap.
            (jiffies(100, 0, 0, 0, 0), jiffies(99, 0, 500, 0, 0), None),
            (jiffies(0, 100, 0, 0, 0), jiffies(9, 99, 500, 0, 0), None),
            (jiffies(1, 1, 1, 1, 1), jiffies(1, 1, 1, 1, 1), None),
            (jiffies(0, 0, 0, 0, 0), jiffies(full, full, 0, 0, 0), None),
        ] {
            let counters = |total| CpuCounters { total, ..CpuCounters::default() };
            let cpu = counters(now).since(&counters(previous));
            let shown = cpu.map(|cpu| [cpu.total_percent, cpu.user_percent, cpu.system_percent, cpu.iowait_percent, cpu.steal_percent]);
            assert_eq!(shown, expected, "{previous:?} {now:?}");
        }
    }

    #[test]
    fn guest_time_counts_once() {
        let text = |user, guest, idle| format!("cpu  {user} 0 0 {idle} 0 0 0 0 {guest} 0\nctxt 1\nbtime 1\nprocesses 1\n");
        let before = CpuCounters::parse(text(0, 0, 0).as_bytes()).unwrap();
        let now = CpuCounters::parse(text(50, 50, 50).as_bytes()).unwrap();
        assert_eq!(now.since(&before).unwrap().total_percent, 50.0);
    }

    #[test]
    fn processors_come_and_go() {
        let counters = |cores: &[(u32, u64)]| CpuCounters {
            total: jiffies(cores.iter().map(|(_, busy)| busy).sum(), 0, 1_000, 0, 0),
            cores: cores.iter().map(|&(number, busy)| (number, jiffies(busy, 0, busy, 0, 0))).collect(),
            ..CpuCounters::default()
        };
        for (before, now, expected) in [
            (&[(0, 10), (1, 10)][..], &[(0, 20), (1, 20)][..], vec![Some(50.0), Some(50.0)]),
            (&[(0, 10), (2, 10)], &[(0, 20), (1, 20)], vec![Some(50.0), None, None]),
            (&[(0, 10)], &[(0, 20), (3, 5)], vec![Some(50.0), None, None, None]),
            (&[(0, 10), (1, 50)], &[(0, 90), (1, 20)], vec![Some(50.0), None]),
        ] {
            assert_eq!(counters(now).since(&counters(before)).unwrap().cores_percent, expected);
        }
    }
}
