//! `tactus`: the centre.

mod arguments;
mod serve;
mod store_command;

use arguments::{Arguments, Command, ConfigCommand};
use clap::Parser;
use std::process::ExitCode;
use tactus::config::Config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit code for a wrong configuration.
const WRONG_CONFIGURATION: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("tactus: {error}");
            return ExitCode::from(WRONG_CONFIGURATION);
        }
    };
    match arguments.command() {
        Command::Serve => serve::serve(&config),
        Command::Config(ConfigCommand::Check) => ExitCode::SUCCESS,
        Command::Store(command) => store_command::run(&config, command),
    }
}
