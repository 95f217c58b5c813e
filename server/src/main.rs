//! `tactus`: the centre's commands.

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use tactus::config::Config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Monitors a fleet of Linux hosts, live.
#[derive(Parser)]
#[command(name = "tactus", version)]
struct Arguments {
    /// Configuration file; otherwise ./tactus.toml, if it exists.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Starts the centre (default).
    Serve,
    /// Reads the configuration and says whether it is right.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Exits with 0 if the configuration is right, else says what is wrong and exits with 2.
    Check,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("tactus: {error}");
            return ExitCode::from(2);
        }
    };
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => tactus::startup::serve(&config),
        Command::Config(ConfigCommand::Check) => {
            println!("The configuration is right.");
            ExitCode::SUCCESS
        }
    }
}
