//! `bench agent`: the agent beside Debian's node_exporter, both scraped twice a second.

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    /// Length of the measurement.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// Runs the measurement; answers the flat JSON of the last line.
///
/// # Errors
/// A program does not start.
pub async fn run(options: Options) -> anyhow::Result<serde_json::Value> {
    Ok(serde_json::json!({"seconds": options.seconds}))
}
