//! `/proc/meminfo`.
//!
//! Parsed here and not by procfs-core, which wants some twenty lines that containers leave out, panics on names that are not ASCII
//! and multiplies without a check: a container that reports 16 EB would end the agent.

use protocol::snapshot::Memory;

/// Lines of the text in their order: name and bytes (or a plain number where the text has no unit).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryInfo {
    pub lines: Vec<(String, u64)>,
}

/// The kernel has about sixty lines.
const MAX_LINES: usize = 200;

impl MemoryInfo {
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let lines = text.lines().take(MAX_LINES).filter_map(|line| {
            let (name, rest) = line.split_once(':')?;
            let mut words = rest.split_ascii_whitespace();
            let value: u64 = words.next()?.parse().ok()?;
            Some((name.to_owned(), if words.next() == Some("kB") { value.saturating_mul(1_024) } else { value }))
        });
        let info = Self { lines: lines.collect() };
        info.get("MemTotal").is_some().then_some(info)
    }

    /// Value of a line.
    pub fn get(&self, name: &str) -> Option<u64> {
        self.lines.iter().find(|(other, _)| other == name).map(|(_, value)| *value)
    }

    /// What a snapshot shows. Containers report more available or free than there is in all (LXC): never more than the total.
    pub(crate) fn memory(&self) -> Option<Memory> {
        let total = self.get("MemTotal").filter(|&total| total > 0)?;
        let part = |name| self.get(name).unwrap_or(0).min(total);
        let cached = part("Cached").saturating_add(part("SReclaimable")).min(total);
        let (free, buffers) = (part("MemFree"), part("Buffers"));
        let swap_total = self.get("SwapTotal").unwrap_or(0);
        Some(Memory {
            total,
            // Kernels before 3.14 do not say it; this is what they could reclaim.
            available: self.get("MemAvailable").unwrap_or_else(|| free.saturating_add(buffers).saturating_add(cached)).min(total),
            free,
            buffers,
            cached,
            swap_total,
            swap_used: swap_total.saturating_sub(self.get("SwapFree").unwrap_or(swap_total)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u64 = 1_024;

    fn memory(text: &str) -> Option<Memory> {
        MemoryInfo::parse(text.as_bytes()).and_then(|info| info.memory())
    }

    #[test]
    fn reads_a_real_text() {
        let text = "MemTotal:       24684084 kB\nMemFree:        10000000 kB\nMemAvailable:   20000000 kB\nBuffers:          100000 kB\n\
            Cached:          5000000 kB\nSwapCached:            0 kB\nSwapTotal:       2000000 kB\nSwapFree:        1500000 kB\n\
            SReclaimable:     300000 kB\nHugePages_Total:       7\nHugepagesize:       2048 kB\n";
        let expected = Memory {
            total: 24_684_084 * KIB,
            available: 20_000_000 * KIB,
            free: 10_000_000 * KIB,
            buffers: 100_000 * KIB,
            cached: 5_300_000 * KIB,
            swap_total: 2_000_000 * KIB,
            swap_used: 500_000 * KIB,
        };
        assert_eq!(memory(text), Some(expected));
        assert_eq!(MemoryInfo::parse(text.as_bytes()).and_then(|info| info.get("HugePages_Total")), Some(7));
    }

    #[test]
    fn impossible_values_are_bounded() {
        let total = "MemTotal: 100 kB\n";
        for (text, available, used) in [
            // LXC: more available than there is.
            (format!("{total}MemAvailable: 300 kB\n"), 100, 0),
            // 16 EB.
            (format!("{total}MemAvailable: 18446744073709551615 kB\nCached: 18446744073709551615 kB\n"), 100, 0),
            // An old kernel without MemAvailable.
            (format!("{total}MemFree: 30 kB\nBuffers: 10 kB\nCached: 20 kB\n"), 60, 40),
            (format!("{total}MemFree: 90 kB\nBuffers: 90 kB\nCached: 90 kB\n"), 100, 0),
            (total.into(), 0, 100),
        ] {
            let memory = memory(&text).unwrap_or_default();
            assert_eq!((memory.available, memory.used()), (available * KIB, used * KIB), "{text}");
        }
        let swap = memory(&format!("{total}SwapTotal: 10 kB\nSwapFree: 90 kB\n")).unwrap_or_default();
        assert_eq!(swap.swap_used, 0);
    }

    #[test]
    fn garbage_is_a_gap() {
        for text in ["", "MemTotal", "MemTotal:", "MemTotal: x kB", "MemTotal: -1 kB", "MemTotal: 0 kB", "Größe: 1 kB", "é 1 kB"] {
            assert_eq!(memory(text), None, "{text}");
        }
        assert_eq!(MemoryInfo::parse(b"MemTotal: 1 kB\n\xff\xfe"), None);
    }
}
