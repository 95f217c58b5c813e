//! An sshd of the test's own on loopback: own configuration, own host key, own users; all gone when it is dropped.

use super::unique;
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running sshd.
pub struct Sshd {
    pub port: u16,
    child: Child,
    directory: TempDir,
    users: Vec<String>,
    mounts: Vec<PathBuf>,
}

/// A user of this machine, made for one test.
pub struct User {
    pub name: String,
    pub password: String,
    pub home: PathBuf,
}

impl Sshd {
    /// Starts one that serves SFTP and passwords. Lines of `extra` come first, so they win over the usual ones.
    pub fn start(extra: &str) -> Self {
        Self::start_with(extra, "Subsystem sftp internal-sftp")
    }

    /// Starts one with another kind of host key than ed25519.
    pub fn start_with_key(extra: &str, kind: &str) -> Self {
        Self::start_as(extra, "Subsystem sftp internal-sftp", kind)
    }

    /// Starts one with other subsystems.
    pub fn start_with(extra: &str, subsystem: &str) -> Self {
        Self::start_as(extra, subsystem, "ed25519")
    }

    fn start_as(extra: &str, subsystem: &str, key_kind: &str) -> Self {
        let directory = tempfile::Builder::new().prefix("tactus-sshd-").tempdir().unwrap();
        // Users must be able to get to their homes in here.
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all("/run/sshd").unwrap();
        let path = directory.path();
        run("ssh-keygen", &["-q", "-t", key_kind, "-N", "", "-f", text(&path.join("host_key"))]);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "{extra}\nListenAddress 127.0.0.1:{port}\nHostKey {dir}/host_key\nPidFile {dir}/pid\nAuthorizedKeysFile {dir}/keys-%u\n\
             UsePAM no\nStrictModes no\nPermitRootLogin no\nPasswordAuthentication yes\nKbdInteractiveAuthentication no\n\
             LogLevel DEBUG2\n{subsystem}\n",
            dir = path.display()
        );
        fs::write(path.join("config"), config).unwrap();
        let log = File::create(path.join("log")).unwrap();
        let child = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f", text(&path.join("config"))])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("sshd is not installed");
        let mut sshd = Self { port, child, directory, users: Vec::new(), mounts: Vec::new() };
        sshd.wait_until_ready();
        sshd
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(self.child.try_wait().unwrap().is_none(), "sshd ended: {}", self.log());
            assert!(Instant::now() < deadline, "sshd does not listen: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap()
    }

    /// Its host key's fingerprint.
    pub fn fingerprint(&self) -> String {
        let said = output("ssh-keygen", &["-l", "-f", text(&self.directory.path().join("host_key.pub"))]);
        said.split(' ').nth(1).unwrap().to_owned()
    }

    /// A folder for the test's files, readable for all users.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Adds a user with a home and a random password.
    pub fn add_user(&mut self) -> User {
        let user = User { name: unique("tactus-t-"), password: unique("pw-"), home: self.directory.path().join(unique("home-")) };
        let _one_at_a_time = accounts_lock();
        run("useradd", &["--create-home", "--home-dir", text(&user.home), "--shell", "/bin/sh", &user.name]);
        self.users.push(user.name.clone());
        let mut chpasswd = Command::new("chpasswd").stdin(Stdio::piped()).spawn().unwrap();
        chpasswd.stdin.take().unwrap().write_all(format!("{}:{}\n", user.name, user.password).as_bytes()).unwrap();
        assert!(chpasswd.wait().unwrap().success());
        user
    }

    /// Makes a key pair and lets it in as a user; returns the private key. `options` are ssh-keygen's.
    pub fn add_key(&self, user: &User, options: &[&str]) -> String {
        let path = self.directory.path().join(unique("key-"));
        let arguments = [&["-q", "-f", text(&path)], options].concat();
        run("ssh-keygen", &arguments);
        let public = fs::read(path.with_extension("pub")).unwrap();
        let allowed = self.directory.path().join(format!("keys-{}", user.name));
        File::options().create(true).append(true).open(&allowed).unwrap().write_all(&public).unwrap();
        fs::set_permissions(&allowed, Permissions::from_mode(0o644)).unwrap();
        fs::read_to_string(path).unwrap()
    }

    /// Mounts a file system of its own over a folder.
    pub fn mount_tmpfs(&mut self, folder: &Path, options: &str) {
        run("mount", &["-t", "tmpfs", "-o", options, "tactus-test", text(folder)]);
        self.mounts.push(folder.to_owned());
    }

    /// Writes a program that any user may run.
    pub fn write_program(&self, script: &str) -> PathBuf {
        let path = self.directory.path().join(unique("program-"));
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        path
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        for user in &self.users {
            end_processes_of(user);
        }
        for mount in &self.mounts {
            let _ = Command::new("umount").args(["-l", text(mount)]).status();
        }
        let _one_at_a_time = accounts_lock();
        for user in &self.users {
            let _ = Command::new("userdel").args(["-f", user]).stderr(Stdio::null()).status();
        }
    }
}

/// Ends what a test's user still runs: a session outlives the sshd that opened it.
fn end_processes_of(user: &str) {
    let uid = output("id", &["-u", user]);
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let owner = status.lines().find_map(|line| line.strip_prefix("Uid:")).and_then(|ids| ids.split_whitespace().next());
        if owner == Some(uid.trim()) {
            let _ = Command::new("kill").args(["-KILL", entry.file_name().to_str().unwrap()]).stderr(Stdio::null()).status();
        }
    }
}

/// useradd and its kin fail while another one runs. Test programs may run side by side, so the lock is a file's.
fn accounts_lock() -> File {
    let lock = File::create(std::env::temp_dir().join("tactus-test-accounts.lock")).unwrap();
    lock.lock().unwrap();
    lock
}

/// Runs a program that must succeed.
pub fn run(program: &str, arguments: &[&str]) {
    output(program, arguments);
}

/// Runs a program that must succeed; returns its standard output.
pub fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
