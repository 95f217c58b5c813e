//! The inventory's table.

use super::{Store, StoreError};
use protocol::deploy::{DeployFailure, DeployStep};
use protocol::host::{HostId, Thresholds};
use protocol::snapshot::Facts;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

/// How the centre logs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    #[default]
    Password,
    PrivateKey,
}

impl Method {
    fn as_text(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PrivateKey => "private_key",
        }
    }

    fn from_text(text: &str) -> Result<Self, StoreError> {
        match text {
            "password" => Ok(Self::Password),
            "private_key" => Ok(Self::PrivateKey),
            _ => Err(StoreError::Malformed { what: "login method" }),
        }
    }
}

/// What a user says of a host, without secrets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostProfile {
    pub address: String,
    pub port: u16,
    pub ssh_user: String,
    pub method: Method,
    pub remark: String,
    pub tags: Vec<String>,
    pub group: String,
    pub thresholds: Thresholds,
    pub fingerprint: String,
    /// Nothing is ever installed on it.
    pub agentless: bool,
    /// Not collected because somebody said so.
    pub paused: bool,
    /// The login is a key of the centre's own that may only read.
    pub restricted_key: bool,
    pub exporter: ExporterProfile,
}

/// Where a node_exporter would be, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExporterProfile {
    pub port: u16,
    pub tls: bool,
    /// Expected SHA-256 of its certificate, 64 lowercase hexadecimal digits; empty without TLS.
    pub certificate: String,
    /// Empty: it asks for no login.
    pub user: String,
}

impl Default for ExporterProfile {
    fn default() -> Self {
        Self { port: 9100, tls: false, certificate: String::new(), user: String::new() }
    }
}

/// Ciphertext of the vault; `None` where nothing is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedSecrets {
    pub password: Option<Vec<u8>>,
    pub private_key: Option<Vec<u8>>,
    pub passphrase: Option<Vec<u8>>,
    pub sudo_password: Option<Vec<u8>>,
    pub exporter_password: Option<Vec<u8>>,
}

/// An installed agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRecord {
    pub port: u16,
    pub token_sealed: Vec<u8>,
    pub certificate_sha256: [u8; 32],
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct HostRecord {
    pub id: HostId,
    pub profile: HostProfile,
    pub secrets: SealedSecrets,
    pub agent: Option<AgentRecord>,
    pub facts: Option<Facts>,
    pub last_failure: Option<(DeployStep, DeployFailure)>,
    pub created_at_ms: i64,
}

impl Store {
    /// All hosts in the order in which they were added.
    ///
    /// # Errors
    /// The database fails or holds a malformed row.
    pub async fn list_hosts(&self) -> Result<Vec<HostRecord>, StoreError> {
        sqlx::query("SELECT * FROM hosts ORDER BY id").fetch_all(self.reader()).await?.iter().map(record).collect()
    }

    /// One host; `None` where there is none.
    ///
    /// # Errors
    /// The database fails or holds a malformed row.
    pub async fn get_host(&self, id: HostId) -> Result<Option<HostRecord>, StoreError> {
        sqlx::query("SELECT * FROM hosts WHERE id = ?").bind(id).fetch_optional(self.reader()).await?.as_ref().map(record).transpose()
    }

    /// Pauses hosts, or ends that; numbers without a host are passed over.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_paused(&self, ids: &[HostId], paused: bool) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for id in ids {
            sqlx::query("UPDATE hosts SET paused = ? WHERE id = ?").bind(paused).bind(id).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Adds a host. `seal` makes the ciphertext once the row's number is known, since it is bound to it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when address and port are taken; whatever `seal` fails with, else.
    pub async fn insert_host<E: From<StoreError>>(
        &self,
        profile: &HostProfile,
        created_at_ms: i64,
        seal: impl FnOnce(HostId) -> Result<SealedSecrets, E>,
    ) -> Result<HostId, E> {
        let mut transaction = self.begin().await?;
        let inserted = sqlx::query("INSERT INTO hosts (address, port, created_at_ms) VALUES (?, ?, ?) RETURNING id")
            .bind(&profile.address)
            .bind(i64::from(profile.port))
            .bind(created_at_ms)
            .fetch_one(&mut *transaction)
            .await
            .map_err(conflict_or_query)?;
        let id: HostId = inserted.get("id");
        let secrets = seal(id)?;
        write_profile(&mut transaction, id, profile, &secrets).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(id)
    }

    /// Makes sure that the centre's own machine is host `id`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ensure_local_host(&self, id: HostId, created_at_ms: i64) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO hosts (id, address, port, created_at_ms) VALUES (?, '', 0, ?) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(created_at_ms)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Replaces what a user says of a host. Secrets that are `None` are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another host has the address and port.
    pub async fn update_host(&self, id: HostId, profile: &HostProfile, secrets: &SealedSecrets) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        write_profile(&mut transaction, id, profile, secrets).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Deletes a host with its samples.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_host(&self, id: HostId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM hosts WHERE id = ?").bind(id).execute(self.writer()).await?;
        Ok(())
    }

    /// Pins or (empty) forgets a host key.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_fingerprint(&self, id: HostId, fingerprint: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE hosts SET fingerprint = ? WHERE id = ?").bind(fingerprint).bind(id).execute(self.writer()).await?;
        Ok(())
    }

    /// Keeps or (`None`) forgets the agent of a host. An installed agent clears the last failure.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_agent(&self, id: HostId, agent: Option<&AgentRecord>) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE hosts SET agent_port = ?1, agent_token_sealed = ?2, agent_certificate_sha256 = ?3,
             last_failure = CASE WHEN ?1 IS NULL THEN last_failure END WHERE id = ?4",
        )
        .bind(agent.map(|agent| i64::from(agent.port)))
        .bind(agent.map(|agent| agent.token_sealed.as_slice()))
        .bind(agent.map(|agent| agent.certificate_sha256.as_slice()))
        .bind(id)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Replaces the login of a host by a key that may only read; every other secret of the login is forgotten.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_restricted_key(&self, id: HostId, private_key_sealed: &[u8]) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE hosts SET method = 'private_key', restricted_key = 1, private_key_sealed = ?, passphrase_sealed = NULL,
             password_sealed = NULL, sudo_password_sealed = NULL WHERE id = ?",
        )
        .bind(private_key_sealed)
        .bind(id)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Keeps why the last installation failed.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_last_failure(&self, id: HostId, failure: Option<&(DeployStep, DeployFailure)>) -> Result<(), StoreError> {
        let text = failure.map(serde_json::to_string).transpose().map_err(|_| StoreError::Malformed { what: "failure" })?;
        sqlx::query("UPDATE hosts SET last_failure = ? WHERE id = ?").bind(text).bind(id).execute(self.writer()).await?;
        Ok(())
    }

    /// Keeps the last facts that were seen.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_facts(&self, id: HostId, facts: &Facts) -> Result<(), StoreError> {
        let text = serde_json::to_string(facts).map_err(|_| StoreError::Malformed { what: "facts" })?;
        sqlx::query("UPDATE hosts SET facts = ? WHERE id = ?").bind(text).bind(id).execute(self.writer()).await?;
        Ok(())
    }
}

async fn write_profile(
    transaction: &mut Transaction<'_, Sqlite>,
    id: HostId,
    profile: &HostProfile,
    secrets: &SealedSecrets,
) -> Result<(), StoreError> {
    let tags = serde_json::to_string(&profile.tags).map_err(|_| StoreError::Malformed { what: "tags" })?;
    sqlx::query(
        "UPDATE hosts SET address = ?, port = ?, ssh_user = ?, method = ?, remark = ?, tags = ?, cpu_threshold = ?, memory_threshold = ?,
         disk_threshold = ?, fingerprint = ?, group_name = ?, agentless = ?, paused = ?, restricted_key = ?, exporter_port = ?,
         exporter_tls = ?, exporter_certificate = ?, exporter_user = ?, password_sealed = ?, private_key_sealed = ?, passphrase_sealed = ?, sudo_password_sealed = ?,
         exporter_password_sealed = ?
         WHERE id = ?",
    )
    .bind(&profile.address)
    .bind(i64::from(profile.port))
    .bind(&profile.ssh_user)
    .bind(profile.method.as_text())
    .bind(&profile.remark)
    .bind(tags)
    .bind(profile.thresholds.cpu_percent)
    .bind(profile.thresholds.memory_percent)
    .bind(profile.thresholds.disk_percent)
    .bind(&profile.fingerprint)
    .bind(&profile.group)
    .bind(profile.agentless)
    .bind(profile.paused)
    .bind(profile.restricted_key)
    .bind(i64::from(profile.exporter.port))
    .bind(profile.exporter.tls)
    .bind(&profile.exporter.certificate)
    .bind(&profile.exporter.user)
    .bind(&secrets.password)
    .bind(&secrets.private_key)
    .bind(&secrets.passphrase)
    .bind(&secrets.sudo_password)
    .bind(&secrets.exporter_password)
    .bind(id)
    .execute(&mut **transaction)
    .await
    .map_err(conflict_or_query)?;
    Ok(())
}

pub(super) fn conflict_or_query(error: sqlx::Error) -> StoreError {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => StoreError::Conflict,
        _ => StoreError::Query(error),
    }
}

fn record(row: &SqliteRow) -> Result<HostRecord, StoreError> {
    let text = |column: &str| row.get::<String, _>(column);
    let number = |column: &str| row.get::<f64, _>(column) as f32;
    let port = |value: i64| u16::try_from(value).map_err(|_| StoreError::Malformed { what: "port" });
    let json_failed = |what| move |_| StoreError::Malformed { what };
    let agent = match (
        row.get::<Option<i64>, _>("agent_port"),
        row.get::<Option<Vec<u8>>, _>("agent_token_sealed"),
        row.get::<Option<Vec<u8>>, _>("agent_certificate_sha256"),
    ) {
        (Some(agent_port), Some(token_sealed), Some(certificate)) => Some(AgentRecord {
            port: port(agent_port)?,
            token_sealed,
            certificate_sha256: certificate.try_into().map_err(|_| StoreError::Malformed { what: "certificate hash" })?,
        }),
        _ => None,
    };
    // Facts and failures are memories: one that another version wrote and this one cannot read is forgotten, not fatal.
    let facts = row.get::<Option<String>, _>("facts").and_then(|text| serde_json::from_str(&text).ok());
    let last_failure = row.get::<Option<String>, _>("last_failure").and_then(|text| serde_json::from_str(&text).ok());
    Ok(HostRecord {
        id: row.get("id"),
        profile: HostProfile {
            address: text("address"),
            port: port(row.get("port"))?,
            ssh_user: text("ssh_user"),
            method: Method::from_text(&text("method"))?,
            remark: text("remark"),
            tags: serde_json::from_str(&text("tags")).map_err(json_failed("tags"))?,
            thresholds: Thresholds {
                cpu_percent: number("cpu_threshold"),
                memory_percent: number("memory_threshold"),
                disk_percent: number("disk_threshold"),
            },
            fingerprint: text("fingerprint"),
            group: text("group_name"),
            agentless: row.get("agentless"),
            paused: row.get("paused"),
            restricted_key: row.get("restricted_key"),
            exporter: ExporterProfile {
                port: port(row.get("exporter_port"))?,
                tls: row.get("exporter_tls"),
                certificate: text("exporter_certificate"),
                user: text("exporter_user"),
            },
        },
        secrets: SealedSecrets {
            password: row.get("password_sealed"),
            private_key: row.get("private_key_sealed"),
            passphrase: row.get("passphrase_sealed"),
            sudo_password: row.get("sudo_password_sealed"),
            exporter_password: row.get("exporter_password_sealed"),
        },
        agent,
        facts,
        last_failure,
        created_at_ms: row.get("created_at_ms"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn profile(address: &str, port: u16) -> HostProfile {
        let tags = vec!["web".into(), "数据库".into()];
        HostProfile {
            address: address.into(),
            port,
            ssh_user: "root".into(),
            remark: "first".into(),
            tags,
            group: "shop".into(),
            paused: true,
            ..HostProfile::default()
        }
    }

    fn sealed(id: HostId) -> Result<SealedSecrets, StoreError> {
        Ok(SealedSecrets { password: Some(id.to_be_bytes().to_vec()), ..SealedSecrets::default() })
    }

    #[tokio::test]
    async fn a_host_survives_the_store_and_its_address_is_unique() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let id = store.insert_host(&profile("web.example", 22), 5, sealed).await.unwrap();
        let twice = store.insert_host(&profile("WEB.example", 22), 6, sealed).await;
        assert!(matches!(twice, Err(StoreError::Conflict)));
        let other = store.insert_host(&profile("web.example", 2222), 7, sealed).await.unwrap();
        let moved = store.update_host(other, &profile("web.example", 22), &SealedSecrets::default()).await;
        assert!(matches!(moved, Err(StoreError::Conflict)));
        let agent = AgentRecord { port: 9100, token_sealed: vec![1, 2], certificate_sha256: [7; 32] };
        let failure = (DeployStep::Upload, DeployFailure::DiskFull { path: "/tmp".into() });
        store.set_last_failure(id, Some(&failure)).await.unwrap();
        assert_eq!(store.list_hosts().await.unwrap()[0].last_failure, Some(failure));
        store.set_agent(id, Some(&agent)).await.unwrap();
        store.set_fingerprint(id, "SHA256:x").await.unwrap();
        store.set_facts(id, &Facts { os: "Debian".into(), ..Facts::default() }).await.unwrap();
        let record = store.list_hosts().await.unwrap().remove(0);
        assert_eq!(record.profile, HostProfile { fingerprint: "SHA256:x".into(), ..profile("web.example", 22) });
        assert_eq!((record.secrets, record.agent), (sealed(id).unwrap(), Some(agent)));
        assert_eq!((record.last_failure, record.facts.map(|facts| facts.os)), (None, Some("Debian".into())));
    }

    #[tokio::test]
    async fn a_failing_seal_leaves_no_row() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let failed = store.insert_host(&profile("a", 22), 0, |_| Err(StoreError::Malformed { what: "test" })).await;
        assert!(failed.is_err());
        assert!(store.list_hosts().await.unwrap().is_empty());
    }
}
