//! The greediest programs of simulated hosts, minute by minute: a few that are always there, and some that come and go.

use protocol::host::HostId;
use rand::RngExt;
use rand::rngs::SmallRng;
use tactus::store::{ProcessMinute, ProgramUse};

/// Programs of a minute; the agents tell ten processes by CPU and ten by memory, many of them the same.
const TOLD: usize = 12;
const NAMES: [&str; 24] = [
    "systemd",
    "sshd",
    "tactus-agent",
    "postgres",
    "nginx",
    "redis-server",
    "node",
    "java",
    "python3",
    "dockerd",
    "containerd",
    "kubelet",
    "rsyslogd",
    "cron",
    "journald",
    "mysqld",
    "php-fpm",
    "rustc",
    "cargo",
    "cc1plus",
    "git",
    "tar",
    "gzip",
    "apt",
];
const MINUTE_MS: i64 = 60_000;

/// Minutes of a host from `from_ms` to before `to_ms`.
pub fn minutes(random: &mut SmallRng, host_id: HostId, from_ms: i64, to_ms: i64) -> Vec<ProcessMinute> {
    let first = (from_ms + MINUTE_MS - 1).div_euclid(MINUTE_MS) * MINUTE_MS;
    let minute = |at_ms| {
        let program = |place: usize| {
            // The first half is always there; the others are whoever is running.
            let number = if place < TOLD / 2 { place + host_id as usize } else { random.random_range(0..NAMES.len()) };
            let cpu_percent = random.random_range(0.0..1.0f32).powi(6) * 150.0;
            let memory_bytes = (20 << 20) * (1 + number as u64) + random.random_range(0..4_096) * 4_096;
            let most_cpu_percent = cpu_percent * random.random_range(1.0..3.0);
            ProgramUse { name: NAMES[number % NAMES.len()].into(), cpu_percent, most_cpu_percent, memory_bytes }
        };
        let mut programs: Vec<ProgramUse> = (0..TOLD).map(program).collect();
        programs.sort_by(|left, right| left.name.cmp(&right.name));
        programs.dedup_by(|left, right| left.name == right.name);
        ProcessMinute { host_id, at_ms, programs }
    };
    (first..to_ms).step_by(MINUTE_MS as usize).map(minute).collect()
}
