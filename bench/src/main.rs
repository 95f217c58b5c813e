//! `tactus-bench`: one subcommand per measurement; the last line on standard output is one flat JSON object.

use clap::{Parser, Subcommand};

mod add_host;
mod agent;
mod alert;
mod batch;
mod centre;
mod crash;
mod fallback;
mod fleet;
mod history;
mod hung;
mod link;
mod live;
mod process;
mod query;
mod rules;
mod seed;
mod simulate;
mod sources;
mod sql;
mod store;
mod writes;

/// Measures; never judges.
#[derive(Parser)]
#[command(name = "tactus-bench", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// From submitting a host to its first live sample.
    AddHost(add_host::Options),
    /// The agent beside Debian's node_exporter, both scraped twice a second.
    Agent(agent::Options),
    /// From a threshold that is crossed to the frame that tells it, and a storm of alerts.
    Alert(alert::Options),
    /// Many real systemd hosts added at once, beside the same by hand.
    Batch(batch::Options),
    /// A process that writes history, killed again and again.
    Crash(crash::Options),
    /// What `crash` kills.
    #[command(hide = true)]
    CrashWriter(crash::writer::Options),
    /// A host's sources cut one after the other, on a real systemd host.
    Fallback(fallback::Options),
    /// A fleet of which a part hangs.
    Hung(hung::Options),
    /// From the agent's sample to the browser's receipt.
    Live(live::Options),
    /// Questions to a store with a long past while a fleet is collected.
    Query(query::Options),
    /// Judging the rules of a large fleet.
    Rules(rules::Options),
    /// A data folder with a past.
    Seed(seed::Options),
    /// Room that a fleet's history takes.
    Store(store::Options),
    /// The same host read by agent and by SSH at once.
    Sources(sources::Options),
    /// A centre with a fleet to look at, until interrupted.
    Simulate(simulate::Options),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // A second installation would only mean that somebody was faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let figures = match Arguments::parse().command {
        Command::AddHost(options) => add_host::run(options).await?,
        Command::Agent(options) => agent::run(options).await?,
        Command::Alert(options) => alert::run(options).await?,
        Command::Batch(options) => batch::run(options).await?,
        Command::Crash(options) => crash::run(options).await?,
        Command::CrashWriter(options) => return crash::writer::run(options).await,
        Command::Query(options) => query::run(options).await?,
        Command::Rules(options) => rules::run(options)?,
        Command::Seed(options) => seed::run(options).await?,
        Command::Store(options) => store::run(options).await?,
        Command::Hung(options) => hung::run(options).await?,
        Command::Fallback(options) => fallback::run(options).await?,
        Command::Live(options) => live::run(options).await?,
        Command::Sources(options) => sources::run(options).await?,
        Command::Simulate(options) => return simulate::run(options).await,
    };
    println!("{figures}");
    Ok(())
}
