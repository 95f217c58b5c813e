//! Simulated hosts with a past: beats like a real machine's, rows as the pipeline makes them, written and sealed by the real store.

mod archive;
mod events;
mod machine;
mod processor;
mod programs;
mod space;
mod trace;
mod traffic;
mod window;

pub use archive::{Archive, Hour, hours};
pub use events::Events;
pub use machine::Machine;

use anyhow::Context;
use protocol::host::{HostId, LOCAL_HOST_ID};
use std::path::Path;
use tactus::secrets::Vault;
use tactus::store::{HostProfile, SealedSecrets, Store, StoreError};

/// Opens the store of a data folder; makes folder, key file and database if they are not there.
///
/// # Errors
/// One of them cannot be used.
pub async fn open(data: &Path, now_ms: i64) -> anyhow::Result<Store> {
    std::fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
    Vault::open(&data.join("secret.key"))?;
    let store = Store::open(&data.join("tactus.db")).await?;
    store.ensure_local_host(LOCAL_HOST_ID, now_ms).await?;
    Ok(store)
}

/// Adds `count` hosts that nobody reaches: they are paused, so that a centre on this folder leaves them alone.
///
/// # Errors
/// The database fails, or they are there already.
pub async fn add_hosts(store: &Store, count: usize, now_ms: i64) -> anyhow::Result<Vec<HostId>> {
    let mut ids = Vec::with_capacity(count);
    for number in 1..=count {
        let profile = HostProfile {
            address: format!("127.77.{}.{}", number / 250, number % 250 + 1),
            port: 22,
            ssh_user: "root".into(),
            remark: format!("node-{number:03}"),
            paused: true,
            agentless: true,
            ..HostProfile::default()
        };
        ids.push(store.insert_host(&profile, now_ms, |_| Ok::<_, StoreError>(SealedSecrets::default())).await?);
    }
    Ok(ids)
}

/// A machine for each host.
pub fn machines(ids: &[HostId]) -> Vec<(HostId, Machine)> {
    ids.iter().map(|id| (*id, Machine::new(*id as u64))).collect()
}
