//! What can be typed behind `tactus`.

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Monitors a fleet of Linux hosts, live.
#[derive(Parser)]
#[command(name = "tactus", version)]
pub struct Arguments {
    /// Configuration file; otherwise ./tactus.toml, if it exists.
    #[arg(long, global = true)]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Arguments {
    /// The command; `serve` if none is named.
    pub fn command(self) -> Command {
        self.command.unwrap_or(Command::Serve)
    }
}

/// Everything that the program can do.
#[derive(Subcommand)]
pub enum Command {
    /// Starts the centre (default).
    Serve,
    /// About the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// About the database.
    #[command(subcommand)]
    Store(StoreCommand),
}

/// What can be done with the configuration.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Says what is wrong and exits with 2, or exits with 0 if nothing is.
    Check,
}

/// What can be done with the database.
#[derive(Clone, Copy, Subcommand)]
pub enum StoreCommand {
    /// Reads everything and says what is damaged; exits with 1 if anything is. The centre may run meanwhile.
    Check,
    /// Takes out what is damaged, or saves what can be read into a new database. The centre must not run.
    Repair,
}
