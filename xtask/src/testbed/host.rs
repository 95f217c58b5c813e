//! One host: systemd-nspawn on an overlay, in its own namespaces, watched by a process of ours that starts it again when it reboots.

use super::names::{HOST_PREFIX, OPERATOR, OPERATOR_PASSWORD, ROOT_PASSWORD, folder, host_address, host_name};
use super::rootfs::Kind;
use super::{cgroup, network};
use crate::process::{must_stop, run_quietly, signal, stop_gently, succeeds};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// systemd-nspawn ends with this when the host wants to boot again.
const REBOOT: i32 = 133;
/// How long a host may take to greet over SSH, and to power off.
const BOOT_WITHIN: Duration = Duration::from_secs(30);
const STOP_WITHIN: Duration = Duration::from_secs(8);
const LOOK: Duration = Duration::from_millis(50);

fn store() -> PathBuf {
    folder().join("tactus-hosts")
}

fn home(name: &str) -> PathBuf {
    store().join(name)
}

/// Makes the folder of all hosts, in memory: an overlay cannot lie on another one.
pub fn make_store() -> Result<()> {
    let store = store();
    fs::create_dir_all(&store)?;
    run_quietly(Command::new("mount").args(["-t", "tmpfs", "-o", "size=4g,mode=700", "tactus-hosts"]).arg(&store))
}

/// Removes the folder of all hosts.
pub fn remove_store() {
    let store = store();
    while succeeds(Command::new("mountpoint").arg("-q").arg(&store)) && succeeds(Command::new("umount").arg(&store)) {}
    // Not empty means that a host is still mounted: it stays for the next try.
    let _ = fs::remove_dir(store);
}

/// Names of the hosts that are there, whoever started them.
pub fn known() -> Result<Vec<String>> {
    let Ok(entries) = fs::read_dir(store()) else { return Ok(Vec::new()) };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    Ok(names.filter(|name| name.starts_with(HOST_PREFIX)).collect())
}

/// Boots a host.
pub fn start(number: u8, kind: Kind) -> Result<()> {
    let name = host_name(number);
    let home = home(&name);
    make_files(&name, &home, kind).with_context(|| format!("cannot make the files of {name}"))?;
    network::make_namespace(&name, &host_address(number))?;
    let log = File::create(home.join("supervisor.log"))?;
    // Not by its path: a build may have replaced that file since.
    let mut supervisor = Command::new("/proc/self/exe");
    supervisor.args(["testbed", "supervise", &name]).arg(&home);
    // A group of its own: Ctrl-C in the terminal goes to the test run only, which then takes the host down in order.
    let child = supervisor
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0)
        .spawn()
        .context("cannot start the supervisor")?;
    fs::write(home.join("pid"), child.id().to_string()).context("cannot note the supervisor's number")
}

/// An overlay on the root file system, with an identity and users of its own.
fn make_files(name: &str, home: &Path, kind: Kind) -> Result<()> {
    let (upper, work, root) = (home.join("upper"), home.join("work"), home.join("root"));
    let ssh = upper.join("etc/ssh");
    for folder in [&ssh.join("sshd_config.d"), &work, &root] {
        fs::create_dir_all(folder)?;
    }
    fs::write(upper.join("etc/hostname"), format!("{name}\n"))?;
    fs::write(upper.join("etc/hosts"), format!("127.0.0.1 localhost\n127.0.1.1 {name}\n"))?;
    fs::write(upper.join("etc/machine-id"), "")?;
    fs::write(ssh.join("sshd_config.d/testbed.conf"), "PermitRootLogin yes\nPasswordAuthentication yes\nMaxStartups 100:30:200\n")?;
    run_quietly(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(ssh.join("ssh_host_ed25519_key")))?;
    let layers = format!("lowerdir={},upperdir={},workdir={}", kind.path().display(), upper.display(), work.display());
    run_quietly(Command::new("mount").args(["-t", "overlay", "overlay", "-o", &layers]).arg(&root))?;
    let chroot = |program: &str| {
        let mut command = Command::new("chroot");
        command.arg(&root).arg(program);
        command
    };
    run_quietly(chroot("useradd").args(["--create-home", "--shell", "/bin/bash", "--no-user-group", "--groups", "sudo", OPERATOR]))?;
    let mut passwords = chroot("chpasswd").stdin(Stdio::piped()).spawn()?;
    if let Some(mut pipe) = passwords.stdin.take() {
        write!(pipe, "root:{ROOT_PASSWORD}\n{OPERATOR}:{OPERATOR_PASSWORD}\n")?;
    }
    if passwords.wait()?.success() { Ok(()) } else { bail!("chpasswd failed") }
}

/// Waits until a host greets over SSH.
pub fn await_ssh(number: u8) -> Result<()> {
    let address: SocketAddr = format!("{}:22", host_address(number)).parse()?;
    let start = Instant::now();
    while start.elapsed() < BOOT_WITHIN && !must_stop() {
        if greets(address) {
            return Ok(());
        }
        thread::sleep(LOOK);
    }
    let home = home(&host_name(number));
    let log = ["supervisor.log", "console.log"].map(|name| fs::read_to_string(home.join(name)).unwrap_or_default()).concat();
    let end: Vec<&str> = log.lines().rev().take(20).collect();
    bail!("{address} does not greet over SSH; last lines of the host:\n{}", end.into_iter().rev().collect::<Vec<_>>().join("\n"))
}

fn greets(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else { return false };
    let mut banner = [0; 4];
    stream.set_read_timeout(Some(Duration::from_secs(2))).is_ok() && stream.read_exact(&mut banner).is_ok() && &banner == b"SSH-"
}

/// The hidden command behind `start`: boots the host, again after each reboot, until SIGTERM; then powers it off.
pub fn supervise(name: &str, home: &Path) -> Result<()> {
    stop_gently()?;
    cgroup::enter(name)?;
    while !must_stop() {
        let console = File::options().create(true).append(true).open(home.join("console.log"))?;
        let mut host = Command::new("systemd-nspawn")
            .args(["--quiet", "--boot", "--register=no", "--keep-unit", "--console=pipe", "--kill-signal=SIGRTMIN+3"])
            .arg(format!("--directory={}", home.join("root").display()))
            .arg(format!("--machine={name}"))
            .arg(format!("--network-namespace-path=/run/netns/{name}"))
            .stdin(Stdio::null())
            .stdout(console.try_clone()?)
            .stderr(console)
            .spawn()
            .context("cannot start systemd-nspawn")?;
        let mut asked = false;
        let status = loop {
            if let Some(status) = host.try_wait()? {
                break status;
            }
            if must_stop() && !asked {
                asked = true;
                signal(host.id(), "TERM");
            }
            thread::sleep(LOOK);
        };
        if status.code() != Some(REBOOT) {
            break;
        }
    }
    cgroup::leave()?;
    cgroup::remove(name);
    Ok(())
}

/// Asks a host to power off, without waiting.
pub fn ask_to_stop(name: &str) {
    if let Some(pid) = supervisor(name) {
        signal(pid, "TERM");
    }
}

/// Waits until a host is off, kills what is left of it, and removes its namespaces and files.
pub fn remove(name: &str) {
    let start = Instant::now();
    while supervisor(name).is_some() && start.elapsed() < STOP_WITHIN {
        thread::sleep(LOOK);
    }
    if let Some(pid) = supervisor(name) {
        signal(pid, "KILL");
    }
    if let Err(error) = cgroup::kill_all(name) {
        eprintln!("    {name}: {error:#}");
    }
    let root = home(name).join("root");
    while succeeds(Command::new("mountpoint").arg("-q").arg(&root)) && succeeds(Command::new("umount").arg(&root)) {}
    cgroup::remove(name);
    network::remove_namespace(name);
    if let Err(error) = fs::remove_dir_all(home(name)) {
        eprintln!("    {name}: cannot remove its files: {error}");
    }
}

/// The supervisor's process, if the one that was noted still is it.
fn supervisor(name: &str) -> Option<u32> {
    let pid: u32 = fs::read_to_string(home(name).join("pid")).ok()?.parse().ok()?;
    let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let words: Vec<&[u8]> = line.split(|&byte| byte == 0).collect();
    (words.contains(&b"supervise".as_slice()) && words.contains(&name.as_bytes())).then_some(pid)
}
