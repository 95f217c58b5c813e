//! Many sshd on loopback, 127.0.0.11 and up, port 2222: no hosts of their own, but quick to start. Login as the user who started
//! them, with the private key that `up` prints; nothing of this machine's accounts is changed.

use super::names::folder;
use crate::process::{run_quietly, signal};
use crate::step::step;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PORT: u16 = 2222;
const MOST: u8 = 200;
const PROGRAM: &str = "/usr/sbin/sshd";

fn store() -> PathBuf {
    folder().join("tactus-sshd")
}

/// Starts `count` of them; prints address, port and the path of the private key.
pub fn up(count: u8) -> Result<()> {
    if !Path::new(PROGRAM).exists() || !(1..=MOST).contains(&count) {
        bail!("needs {PROGRAM} and a count between 1 and {MOST}");
    }
    down()?;
    let store = store();
    step(&format!("test bed: starting {count} sshd"), || {
        // sshd gives up its rights in this folder, which only a booted machine has.
        fs::create_dir_all("/run/sshd")?;
        fs::create_dir_all(&store)?;
        make_key(&store.join("login"))?;
        fs::copy(store.join("login.pub"), store.join("authorized_keys"))?;
        (1..=count).try_for_each(|number| start(&store, number))
    })?;
    for number in 1..=count {
        println!("    {}:{PORT} {}", address(number), store.join("login").display());
    }
    Ok(())
}

/// Stops those that `up` started.
pub fn down() -> Result<()> {
    let store = store();
    let Ok(entries) = fs::read_dir(&store) else { return Ok(()) };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|kind| kind == "pid")) {
        let pid: Option<u32> = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok());
        // The number may belong to somebody else by now.
        if let Some(pid) = pid.filter(|pid| fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.contains("sshd"))) {
            signal(pid, "TERM");
        }
    }
    fs::remove_dir_all(&store).with_context(|| format!("cannot remove {}", store.display()))
}

fn start(store: &Path, number: u8) -> Result<()> {
    let file = |kind: &str| store.join(format!("{number}.{kind}"));
    make_key(&file("key"))?;
    let settings = format!(
        "ListenAddress {}\nPort {PORT}\nHostKey {}\nPidFile {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n",
        address(number),
        file("key").display(),
        file("pid").display(),
        store.join("authorized_keys").display(),
    );
    fs::write(file("config"), settings)?;
    run_quietly(Command::new(PROGRAM).arg("-f").arg(file("config")).arg("-E").arg(file("log")))
}

fn make_key(path: &Path) -> Result<()> {
    run_quietly(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path))
}

fn address(number: u8) -> String {
    format!("127.0.0.{}", 10 + number)
}
