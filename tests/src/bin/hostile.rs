//! An engine that was taken over, for `tests/escape.rs`: it greets as a good one does, and
//! when it is told to load a model it tries everything it should not be able to do. What came of
//! each attempt it writes into its own folder. Told to do a task it tries the same, and answers
//! with what came of it.

#![allow(clippy::disallowed_types)] // a test may speak to itself
#![allow(unsafe_code, clippy::print_stdout, clippy::disallowed_methods)] // that is its trade

#[cfg(target_os = "linux")]
fn main() {
    use std::{
        env,
        io::{BufRead, stdin},
        path::Path,
    };

    let mut lines = stdin().lock().lines().map_while(Result::ok);
    if env::var_os(sotto_engine_protocol::TASK).is_some() {
        let (Some(own), Some(door)) = (lines.next(), lines.next()) else { return };
        print!("{}", attempts::all(Path::new(&own), &door));
        return;
    }
    let Some(hello) = lines.next() else { return };
    let door = field(&hello, "door");
    println!(
        "{{\"type\":\"hello\",\"version\":{},\"network\":\"barred\",\"device\":\"x\"}}",
        sotto_engine_protocol::VERSION
    );
    let Some(load) = lines.next() else { return };
    let own = field(&load, "scratch");
    let report = attempts::all(Path::new(&own), &door);
    let _ = std::fs::write(Path::new(&own).join("report"), report);
    println!(
        "{{\"type\":\"loaded\",\"run\":1,\"model\":{{\"name\":\"m\",\"context\":64,\"bytes\":1,\"sees\":false,\
         \"device\":\"x\",\"token_bytes\":1,\"prefix_cache_tokens\":0}}}}"
    );
    // Till the app goes away.
    lines.for_each(drop);
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn field(line: &str, name: &str) -> String {
    let message: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
    message[name].as_str().unwrap_or_default().to_owned()
}

#[cfg(target_os = "linux")]
mod attempts {
    use std::{
        fs::{self, File},
        io::{Error, Result},
        net::{TcpStream, UdpSocket},
        os::unix::{ffi::OsStrExt, fs::PermissionsExt, net::UnixStream},
        path::Path,
        process::Command,
    };

    /// Tries everything, from the engine's own folder outwards, and says what came of it.
    pub fn all(own: &Path, door: &str) -> String {
        let home = own.parent().unwrap_or(own);
        let secret = home.join("id_ed25519");
        let parent = std::os::unix::process::parent_id();
        let number = i32::try_from(parent).unwrap_or_default();
        let name = std::ffi::CString::new(secret.as_os_str().as_bytes()).unwrap_or_default();
        let of_parent = |file: &str| format!("/proc/{parent}/{file}");
        let mut report = String::new();
        let mut tried = |what: &str, outcome: Result<()>| {
            report.extend([what, if outcome.is_ok() { ": done\n" } else { ": refused\n" }]);
        };
        tried("write its own folder", fs::write(own.join("note"), "x"));
        tried("read a file", fs::read(&secret).map(drop));
        tried("list a folder", fs::read_dir(home).map(drop));
        tried("write a file", fs::write(home.join("planted"), "x"));
        tried("link a file", fs::hard_link(&secret, own.join("link")));
        tried("change who may read", fs::set_permissions(&secret, fs::Permissions::from_mode(0o777)));
        // SAFETY: the name is a C string.
        tried("shorten a file", asked(unsafe { libc::truncate(name.as_ptr(), 1) }.into()));
        tried("read another's memory", File::open(of_parent("mem")).map(drop));
        tried("read another's environment", fs::read(of_parent("environ")).map(drop));
        tried("list another's files", fs::read_dir(of_parent("fd")).map(drop));
        // SAFETY: no memory of ours is read or written.
        let seized = unsafe { libc::ptrace(libc::PTRACE_SEIZE, number, 0usize, 0usize) };
        tried("debug another", asked(seized));
        let mut word = 0u64;
        let ours = libc::iovec { iov_base: (&raw mut word).cast(), iov_len: 8 };
        let theirs = libc::iovec { iov_base: (&raw const number).cast_mut().cast(), iov_len: 0 };
        // SAFETY: both outlive the call; nothing is asked for of theirs.
        let read = unsafe { libc::process_vm_readv(number, &raw const ours, 1, &raw const theirs, 1, 0) };
        tried("copy another's memory", asked(i64::try_from(read).unwrap_or(-1)));
        // SAFETY: a signal that does nothing.
        tried("signal another", asked(unsafe { libc::kill(number, 0) }.into()));
        tried("run a program", Command::new("/bin/true").status().map(drop));
        // SAFETY: the child does nothing but end.
        let child = unsafe { libc::fork() };
        if child == 0 {
            // SAFETY: it ends at once, and runs nothing of ours.
            unsafe { libc::_exit(0) };
        }
        tried("make a process", asked(child.into()));
        tried("connect", TcpStream::connect(door).map(drop));
        tried("open a datagram socket", UdpSocket::bind("127.0.0.1:0").map(drop));
        tried("reach a local socket", UnixStream::connect(home.join("socket")).map(drop));
        // SAFETY: plain calls; memory is asked for and never touched.
        unsafe {
            tried("share memory", asked(libc::shmget(libc::IPC_PRIVATE, 4096, 0o600).into()));
            let (read_write, private) = (
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            );
            let taken = libc::mmap(std::ptr::null_mut(), 8 << 30, read_write, private, -1, 0);
            tried("take 8 GiB", if taken == libc::MAP_FAILED { Err(Error::last_os_error()) } else { Ok(()) });
        }
        tried("remove a file", fs::remove_file(&secret));
        report
    }

    fn asked(outcome: i64) -> Result<()> {
        if outcome < 0 { Err(Error::last_os_error()) } else { Ok(()) }
    }
}
