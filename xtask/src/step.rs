//! Steps: each says what it does, and how long it took when that was worth saying.

use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// A step that took less is not worth a second line.
const WORTH_SAYING: Duration = Duration::from_millis(1500);

/// Does one step. Its name becomes part of the error.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    eprintln!("==> {title}");
    let result = work().with_context(|| format!("this step failed: {title}"))?;
    if start.elapsed() >= WORTH_SAYING {
        eprintln!("    {title}: done in {}", seconds(start.elapsed()));
    }
    Ok(result)
}

/// A note that must not be overlooked.
pub fn warn(text: &str) {
    eprintln!("\n!!! {}\n", text.replace('\n', "\n!!! "));
}

/// A time as people read it: `0.4 s`, `2 min 5 s`.
pub fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        long => format!("{} min {} s", long / 60, long % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;
    use std::time::Duration;

    #[test]
    fn times_are_readable() {
        for (milliseconds, text) in [(400, "0.4 s"), (59_949, "59.9 s"), (125_300, "2 min 5 s")] {
            assert_eq!(seconds(Duration::from_millis(milliseconds)), text);
        }
    }
}
