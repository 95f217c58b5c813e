//! A host with a real systemd, told by `TACTUS_TEST_SYSTEMD_HOST=address:port:user:password` (root's login). `cargo xtask test`
//! starts one; `cargo xtask testbed up` starts some by hand.

use super::{skip, unique, with_password};
use secrecy::SecretString;
use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tactus::deploy::Artifacts;
use tactus::ssh::{Deadlines, Limits, Output, Session, Target, exchange_keys, prepare, reach};

/// The host, for one test at a time.
pub struct SystemdHost {
    pub root: Target,
    session: Session,
    users: Vec<String>,
    residue: &'static str,
    _alone: File,
}

/// All places that an agent may have on a host, each with what would be found there.
const RESIDUE: &str = "
find /usr/local/lib/tactus /etc/tactus-agent /run/tactus-agent.lock 2>/dev/null
find /etc/systemd/system -name '*tactus*'
find /tmp /root /home -maxdepth 2 -name '*tactus-upload*' 2>/dev/null
systemctl list-unit-files --no-legend 'tactus*'
systemctl list-units --all --no-legend 'tactus*'
getent passwd tactus-agent
true";

/// Brings the host back to its beginning, also after a test that ended in the middle.
const CLEAN: &str = "
for place in $(sed -n 's/^x \\([^ ]*\\) tmpfs .*/\\1/p' /proc/mounts); do umount -l $place; done
rm -f /usr/local/sbin/sha256sum
systemctl disable --now tactus-agent.service 2>/dev/null
systemctl stop port-taker.socket 2>/dev/null
rm -rf /usr/local/lib/tactus /etc/tactus-agent /etc/systemd/system/tactus-agent.service /tmp/*tactus-upload* /root/.tactus-upload* /run/tactus-agent.lock
for user in $(cut -d: -f1 /etc/passwd | grep '^tactus-t-'); do rm -f /etc/sudoers.d/$user; userdel -rf $user 2>/dev/null; done
systemctl daemon-reload
systemctl reset-failed";

const RESIDUE_OPENRC: &str = "
find /usr/local/lib/tactus /etc/tactus-agent /run/tactus-agent.lock /run/tactus-agent.log /run/tactus-agent.pid /etc/cron.d/tactus-agent 2>/dev/null
find /etc/init.d /etc/runlevels /etc/rc*.d -name '*tactus*' 2>/dev/null
find /tmp /root /home -maxdepth 2 -name '*tactus-upload*' 2>/dev/null
pgrep -a tactus
getent passwd tactus-agent
true";

const CLEAN_OPENRC: &str = "
for tool in openrc-run update-rc.d; do [ ! -e /usr/sbin/$tool.away ] || mv /usr/sbin/$tool.away /usr/sbin/$tool; done
rc-service tactus-agent stop; rc-update -a delete tactus-agent
pkill -f tactus-agent
rm -rf /usr/local/lib/tactus /etc/tactus-agent /etc/init.d/tactus-agent /etc/rc*.d/*tactus* /etc/cron.d/tactus-agent /run/tactus-agent.* /tmp/*tactus-upload*";

impl SystemdHost {
    /// Waits until no other test uses the host. `None`, said loudly, when there is none.
    pub async fn take() -> Option<Self> {
        Self::take_from("TACTUS_TEST_SYSTEMD_HOST", CLEAN, RESIDUE).await
    }

    /// The same for the host with OpenRC, which is told by `TACTUS_TEST_OPENRC_HOST`.
    pub async fn take_openrc() -> Option<Self> {
        Self::take_from("TACTUS_TEST_OPENRC_HOST", CLEAN_OPENRC, RESIDUE_OPENRC).await
    }

    async fn take_from(variable: &'static str, clean: &str, residue: &'static str) -> Option<Self> {
        let Some(login) = std::env::var(variable).ok() else {
            skip(&format!("needs {variable}, see cargo xtask testbed"));
            return None;
        };
        let mut parts = login.splitn(4, ':');
        let mut part = || parts.next().unwrap_or_else(|| panic!("{variable} is not address:port:user:password"));
        let root = with_password(part(), part().parse().unwrap(), part(), part());
        let alone = tokio::task::spawn_blocking(move || {
            let lock = File::create(std::env::temp_dir().join(format!("{variable}.lock"))).unwrap();
            lock.lock().unwrap();
            lock
        });
        let alone = alone.await.unwrap();
        let session = log_in(&root).await;
        let host = Self { root, session, users: Vec::new(), residue, _alone: alone };
        host.sh(clean).await;
        host.assert_nothing_left().await;
        Some(host)
    }

    /// Runs a shell script as root; returns its standard output.
    pub async fn sh(&self, script: &str) -> String {
        self.try_sh(script).await.stdout.trim_end().to_owned()
    }

    /// Runs a shell script as root.
    pub async fn try_sh(&self, script: &str) -> Output {
        let limits = Limits { total: Duration::from_secs(60), silence: Duration::from_secs(60) };
        self.session.run("sh -s", &SecretString::from(format!("{script}\n")), limits, &mut |_| {}).await.unwrap()
    }

    /// Adds a user with a password; `sudoers` is what follows the name in the sudoers file, or empty.
    pub async fn add_user(&mut self, password: &str, sudoers: &str) -> Target {
        let name = unique("tactus-t-");
        self.users.push(name.clone());
        let rule = if sudoers.is_empty() { String::new() } else { format!("echo '{name} {sudoers}' > /etc/sudoers.d/{name}") };
        let input = format!("useradd -m -s /bin/bash {name}\ncat <<'end' | chpasswd\n{name}:{password}\nend\n{rule}\necho made");
        assert_eq!(self.sh(&input).await, "made");
        with_password(&self.root.address, self.root.port, &name, password)
    }

    /// Deletes the users that the test has added.
    pub async fn delete_users(&mut self) {
        for name in std::mem::take(&mut self.users) {
            self.sh(&format!("rm -f /etc/sudoers.d/{name}; userdel -rf {name} 2>/dev/null; true")).await;
        }
    }

    /// What is left of an agent on the host, line by line.
    pub async fn residue(&self) -> String {
        self.sh(self.residue).await
    }

    /// Starts the host again and waits until it lets us in.
    pub async fn reboot(&mut self) {
        // It is in memory, and vanishes with the host.
        self.try_sh("touch /run/before-the-reboot; (sleep 0.2; reboot) >/dev/null 2>&1 &").await;
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            assert!(Instant::now() < deadline, "the host does not come back");
            tokio::time::sleep(Duration::from_millis(200)).await;
            let Some(session) = try_log_in(&self.root).await else { continue };
            self.session = session;
            let limits = Limits { total: Duration::from_secs(5), silence: Duration::from_secs(5) };
            let asked =
                self.session.run("sh -s", &SecretString::from("[ -e /run/before-the-reboot ] || echo new\n"), limits, &mut |_| {}).await;
            if asked.is_ok_and(|output| output.stdout == "new\n") {
                return;
            }
        }
    }

    pub async fn assert_nothing_left(&self) {
        assert_eq!(self.residue().await, "", "left on the host");
    }
}

/// Logs in, or panics.
pub async fn log_in(target: &Target) -> Session {
    let deadlines = Deadlines::default();
    let credential = prepare(&target.credential).await.unwrap();
    let reached = reach(target, &deadlines).await.unwrap();
    let unproven = exchange_keys(reached, target, &deadlines).await.unwrap();
    unproven.log_in(&target.user, &credential, &deadlines).await.unwrap()
}

async fn try_log_in(target: &Target) -> Option<Session> {
    let deadlines = Deadlines::default();
    let credential = prepare(&target.credential).await.ok()?;
    let unproven = exchange_keys(reach(target, &deadlines).await.ok()?, target, &deadlines).await.ok()?;
    unproven.log_in(&target.user, &credential, &deadlines).await.ok()
}

/// The agents that were built; `None`, said loudly, when there is none for this machine.
pub fn artifacts() -> Option<Artifacts> {
    let built = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/agents"));
    let directory = std::env::var_os("TACTUS_TEST_AGENTS").map_or(built, PathBuf::from);
    let artifacts = Artifacts::load(&directory).unwrap();
    if artifacts.size(std::env::consts::ARCH).is_none() {
        skip(&format!("needs an agent in {}, see cargo xtask", directory.display()));
        return None;
    }
    Some(artifacts)
}
