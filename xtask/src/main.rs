//! Every command that a person or CI runs: `cargo xtask <command>`. One module per subject; this file only chooses.

mod agents;
mod centre;
mod process;
mod run;
mod step;
mod toolchain;
mod web;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use workspace::Workspace;

/// Builds, runs, tests and measures Tactus.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything in the release profile and start the centre with data in ./data
    Run {
        /// Port on 127.0.0.1 (default: what the configuration says, 3000)
        #[arg(long)]
        port: Option<u16>,
    },
    /// Build the page into target/site
    Web {
        /// Small and compressed, as it is served to people; without it: fast to build
        #[arg(long)]
        release: bool,
    },
    /// Build the static agent of this machine into target/agents
    Agents {
        /// Of every supported architecture
        #[arg(long)]
        all: bool,
    },
}

fn main() -> Result<()> {
    let workspace = Workspace::enter()?;
    match Arguments::parse().command {
        Task::Run { port } => run::run(&workspace, port),
        Task::Web { release } => web::build(&workspace, if release { web::Kind::Release } else { web::Kind::Debug }),
        Task::Agents { all } => agents::build_wanted(&workspace, all),
    }
}
