//! The commands `store check` and `store repair`.

use crate::arguments::StoreCommand;
use anyhow::Context;
use std::path::Path;
use std::process::ExitCode;
use tactus::clock::now_ms;
use tactus::config::Config;
use tactus::store::{CheckReport, DataLock, Store, StoreError, rebuild};

/// Exit code for a database that is damaged.
const DAMAGED: u8 = 1;

/// Checks or repairs the database; tells what it found on standard output.
pub fn run(config: &Config, command: StoreCommand) -> ExitCode {
    let log = tracing_subscriber::fmt().with_env_filter("warn,tactus=info");
    log.with_writer(std::io::stderr).init();
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads").and_then(|runtime| {
        let database = config.paths.data_dir.join("tactus.db");
        anyhow::ensure!(database.exists(), "there is no database {}", database.display());
        runtime.block_on(async {
            match command {
                StoreCommand::Check => check(&database).await,
                StoreCommand::Repair => repair(&config.paths.data_dir, &database).await,
            }
        })
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(DAMAGED),
        Err(error) => {
            eprintln!("tactus: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn check(database: &Path) -> anyhow::Result<bool> {
    let store = Store::look_at(database).await?;
    let report = store.check().await.context("the database cannot be read to its end; `tactus store repair` saves what can be saved")?;
    store.close().await;
    Ok(tell(&report))
}

async fn repair(data_dir: &Path, database: &Path) -> anyhow::Result<bool> {
    let _lock = DataLock::take(data_dir)?;
    let repaired = match Store::open(database).await {
        Ok(store) => {
            let report = store.repair().await;
            store.close().await;
            report
        }
        Err(error) => Err(error),
    };
    match repaired {
        Ok(report) if report.is_whole() => return Ok(tell(&report)),
        Ok(report) => drop(tell(&report)),
        Err(error @ StoreError::SqliteTooOld { .. }) => return Err(error.into()),
        Err(error) => eprintln!("tactus: {error}"),
    }
    println!("The database is damaged in its depth; it is built anew from what can be read.");
    let rebuilt = rebuild(database, now_ms()).await?;
    println!("{} rows were saved, {} places could not be read.", rebuilt.saved, rebuilt.lost);
    println!("The damaged database is kept as {}.", rebuilt.kept_as.display());
    let store = Store::open(database).await?;
    let report = store.repair().await?;
    store.close().await;
    Ok(tell(&report))
}

/// Writes a report; answers whether nothing is wrong.
fn tell(report: &CheckReport) -> bool {
    for complaint in &report.complaints {
        println!("SQLite: {complaint}");
    }
    if report.orphans > 0 {
        println!("{} rows refer to something that is not there.", report.orphans);
    }
    for (what, counted) in [("open rows", report.rows), ("chunks", report.chunks), ("recordings", report.recordings)] {
        println!("{what}: {} read, {} of them damaged", counted.all, counted.broken);
    }
    println!("{}", if report.is_whole() { "The database is whole." } else { "The database is damaged." });
    report.is_whole()
}
