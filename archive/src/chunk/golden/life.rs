//! Two hours of a machine as it lives, from integers alone: what is guessed, told in steps, in whole pages or beside others is in it.

use crate::row::{SampleRow, Stat};
use protocol::host::Source;
use protocol::metric::{Kept, Metric, Series};

const BEATS: i64 = 20;

/// A generator of Knuth's kind: the same numbers for ever.
struct Dice(u64);

impl Dice {
    /// From zero to before `sides`.
    fn throw(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as i64).rem_euclid(sides)
    }
}

/// What moves from beat to beat, in hundredths of a per cent or of a load, pages and bytes.
struct Life {
    dice: Dice,
    cpu: i64,
    /// With eleven bits behind the point, as the kernel keeps them.
    loads: [i64; 3],
    memory: i64,
    traffic: i64,
    pressure: i64,
    used: i64,
}

impl Life {
    fn beat(&mut self, beat: i64) -> Vec<(Series, f64)> {
        let dice = &mut self.dice;
        self.cpu = (self.cpu + dice.throw(401) - 200).clamp(0, 9_000);
        if dice.throw(600) == 0 {
            self.cpu = dice.throw(9_000);
        }
        let cpu = (self.cpu + dice.throw(600)).min(10_000) / 25 * 25;
        let (user, steal) = (cpu * (60 + dice.throw(5)) / 100, if dice.throw(40) == 0 { 25 } else { 0 });
        if beat % 10 == 3 {
            let running = (cpu / 2_000 + dice.throw(2)) * 2_048;
            for (load, kept) in self.loads.iter_mut().zip([1_884, 2_014, 2_037]) {
                *load = (*load * kept + running * (2_048 - kept)) / 2_048;
            }
        }
        if beat % 4 == 0 {
            self.pressure = (self.pressure * 819 + cpu * dice.throw(200)) / 1_000;
        }
        self.memory += dice.throw(7) - 3;
        self.traffic = (self.traffic + dice.throw(2_001) - 1_000).clamp(500, 400_000);
        let pages = if beat % 10 == 0 { cpu / 100 + dice.throw(30) } else { 0 };
        let read = if dice.throw(200) == 0 { dice.throw(400) } else { 0 };
        self.used += i64::from(dice.throw(500) == 0);
        let (received, sent) = (self.traffic + dice.throw(300), self.traffic * 3 + dice.throw(2_000));
        let hundredths = |value: i64| value as f64 / 100.0;
        let values = [
            (Metric::Cpu, hundredths(cpu)),
            (Metric::CpuUser, hundredths(user)),
            (Metric::CpuSystem, hundredths((cpu - user - steal).max(0))),
            (Metric::CpuIowait, hundredths(read.min(100))),
            (Metric::CpuSteal, hundredths(steal)),
            (Metric::Load1, hundredths(self.loads[0] * 100 / 2_048)),
            (Metric::Load5, hundredths(self.loads[1] * 100 / 2_048)),
            (Metric::Load15, hundredths(self.loads[2] * 100 / 2_048)),
            (Metric::Memory, hundredths(4_000 + self.memory)),
            (Metric::Disk, hundredths(6_000 + self.used)),
            (Metric::DiskRead, (read * 8_192) as f64),
            (Metric::DiskWrite, (pages * 8_192) as f64),
            (Metric::DiskBusy, hundredths((pages + read) * 2)),
            (Metric::NetworkIn, received as f64),
            (Metric::NetworkOut, sent as f64),
            (Metric::Processes, (150 + self.memory / 20) as f64),
            (Metric::Temperature, (40 + cpu / 500) as f64),
            (Metric::PressureCpu, hundredths(self.pressure / 100)),
            (Metric::Latency, (3 + dice.throw(4)) as f64),
        ];
        let metrics = values.map(|(metric, value)| (Series::Metric(metric), metric.unit().rounded(value)));
        let mounts = [("/", 6_000 + self.used), ("/boot", 1_200)].map(|(place, used)| (Series::Mount(place.into()), hundredths(used)));
        metrics.into_iter().chain(mounts).collect()
    }
}

/// Rows of `step_ms` that hold twenty beats each, with two gaps.
pub fn rows(step_ms: i64) -> Vec<SampleRow> {
    let mut life = Life { dice: Dice(1), cpu: 2_000, loads: [800, 700, 600], memory: 0, traffic: 20_000, pressure: 0, used: 0 };
    let mut rows = Vec::new();
    for window in 0..720 {
        let mut row = SampleRow { host_id: 1, at_ms: 1_700_000_400_000 + window * step_ms, source: Source::Agent, series: Vec::new() };
        for beat in window * BEATS..(window + 1) * BEATS {
            let figures = life.beat(beat);
            if life.dice.throw(2_000) == 0 {
                continue;
            }
            for (place, (series, value)) in figures.into_iter().enumerate() {
                let one = Stat::of(value);
                match row.series.get_mut(place) {
                    Some((_, stat)) if series.kept() == Kept::Last => *stat = Stat { count: stat.count + 1, ..one },
                    Some((_, stat)) => *stat = stat.with(one),
                    None => row.series.push((series, one)),
                }
            }
        }
        for (series, stat) in &mut row.series {
            if series.kept() == Kept::Mean {
                *stat = Stat { count: stat.count, ..Stat::of(stat.mean) };
            }
        }
        if window % 300 != 299 {
            rows.push(row);
        }
    }
    rows
}
