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
    // Many small allocations of many threads leave most of each huge page empty. The allocator does not ask for them (`no_thp`);
    // this is for kernels that give them unasked. One that does not know the call has none to give.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
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
