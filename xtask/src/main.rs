//! Every command that a person or CI runs: `cargo xtask <command>`. One module per subject; this file only chooses.

mod agents;
mod bench;
mod centre;
mod ci;
mod dev;
mod dist;
mod packages;
mod process;
mod python;
mod run;
mod step;
mod test;
mod testbed;
mod toolchain;
mod web;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use workspace::Workspace;

/// Builds, runs, tests and measures Tactus.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
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
    /// Run all tests, browser tests included; installs what is missing
    Test {
        /// Only Rust tests whose names contain one of these
        filter: Vec<String>,
    },
    /// Run the browser tests alone
    E2e {
        /// Arguments of `playwright test`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        filter: Vec<String>,
    },
    /// Debug build, built and started again whenever a source file changes
    Dev {
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
    /// Measure; the last line is flat JSON
    Bench {
        name: bench::Name,
        /// Arguments of the measuring program
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Static agents and the archive of the centre, into target/dist-archive
    Dist,
    /// All checks and tests, as .ci/run does them
    Ci,
    /// Hosts with a real systemd and sshd on this machine
    #[command(subcommand)]
    Testbed(Testbed),
}

#[derive(Subcommand)]
enum Testbed {
    /// Start hosts with systemd at 10.78.0.101 and up; prints address:port:user:password of each
    Up {
        count: u8,
        /// And one with OpenRC at 10.78.0.199
        #[arg(long)]
        openrc: bool,
    },
    /// Stop all hosts and remove every trace
    Down,
    /// Let no packet of a host through, without telling anybody; with a port, none of that TCP port
    Cut { host: u8, port: Option<u16> },
    /// Let only so many kilobits a second through, both ways
    Slow {
        host: u8,
        #[arg(default_value_t = 64)]
        kbit: u32,
    },
    /// Lose so many of a hundred packets, both ways
    Lossy {
        host: u8,
        #[arg(default_value_t = 20)]
        percent: u8,
    },
    /// Let everything through again
    Heal { host: u8 },
    /// Make the root file systems, once
    Rootfs,
    /// Many sshd at 127.0.0.11 and up, port 2222
    #[command(subcommand)]
    Sshd(Daemons),
    /// Watches one host; started by `up`
    #[command(hide = true)]
    Supervise { name: String, home: PathBuf },
}

#[derive(Subcommand)]
enum Daemons {
    /// Start them; prints address, port and the private key for the login
    Up { count: u8 },
    /// Stop them
    Down,
}

fn main() -> ExitCode {
    match Workspace::enter().and_then(|workspace| perform(&workspace, Arguments::parse().command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(workspace: &Workspace, task: Task) -> Result<()> {
    match task {
        Task::Run { port } => run::run(workspace, port),
        Task::Test { filter } => test::test(workspace, test::Part::All, &filter),
        Task::E2e { filter } => test::test(workspace, test::Part::Browser, &filter),
        Task::Dev { port } => dev::dev(workspace, port),
        Task::Web { release } => web::build(workspace, if release { web::Kind::Release } else { web::Kind::Debug }),
        Task::Agents { all } => agents::build_wanted(workspace, all),
        Task::Bench { name, arguments } => bench::bench(workspace, name, &arguments),
        Task::Dist => dist::dist(workspace),
        Task::Ci => ci::ci(workspace),
        Task::Testbed(action) => perform_testbed(action),
    }
}

fn perform_testbed(action: Testbed) -> Result<()> {
    match action {
        Testbed::Up { count, openrc } => testbed::hosts_up(count, openrc),
        Testbed::Down => testbed::hosts_down(),
        Testbed::Cut { host, port: None } => testbed::change_link(host, testbed::Link::Cut),
        Testbed::Cut { host, port: Some(port) } => testbed::change_link(host, testbed::Link::Drop { port }),
        Testbed::Slow { host, kbit } => testbed::change_link(host, testbed::Link::Slow { kbit }),
        Testbed::Lossy { host, percent } => testbed::change_link(host, testbed::Link::Lossy { percent }),
        Testbed::Heal { host } => testbed::change_link(host, testbed::Link::Heal),
        Testbed::Rootfs => testbed::prepare_rootfs(),
        Testbed::Sshd(Daemons::Up { count }) => testbed::sshd_up(count),
        Testbed::Sshd(Daemons::Down) => testbed::sshd_down(),
        Testbed::Supervise { name, home } => testbed::supervise(&name, &home),
    }
}
