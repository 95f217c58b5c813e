//! What another process uses, and the arithmetic of measurements.

use anyhow::Context;

/// Use of one process so far.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// User and system time in seconds.
    pub cpu_s: f64,
    /// Resident memory in MiB.
    pub rss_mib: f64,
    pub threads: u32,
}

impl Usage {
    /// Reads `/proc/<pid>`.
    ///
    /// # Errors
    /// The process has ended.
    pub fn of(pid: u32) -> anyhow::Result<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The name in brackets may hold blanks; what follows does not.
        let fields: Vec<&str> = stat.rsplit_once(')').context("malformed stat")?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).context("malformed stat");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().next())
                .and_then(|value| value.parse::<f64>().ok())
                .with_context(|| name.to_owned())
        };
        Ok(Self {
            // Linux counts in hundredths of a second on every architecture that it reports them for (USER_HZ).
            cpu_s: (number(11)? + number(12)?) / 100.0,
            rss_mib: line("VmRSS:")? / 1_024.0,
            threads: line("Threads:")? as u32,
        })
    }
}

/// The value below which `share` (0 to 1) of the values lie; zero without values. Sorts them.
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = ((values.len() as f64 * share).ceil() as usize).clamp(1, values.len().max(1)) - 1;
    values.get(index).copied().unwrap_or(0.0)
}
