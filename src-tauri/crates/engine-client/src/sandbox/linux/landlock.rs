//! What of the disk and of other processes the kernel keeps from the engine: Landlock.
//!
//! The rules are made in the parent, where allocating is allowed. One of them can only be
//! made in the child, since it is about the child itself, and all of them are laid there,
//! between fork and exec. So this speaks to the kernel by its three system calls: a crate's
//! types would have to be taken apart and dropped at a moment when nothing may be freed.

use std::{
    ffi::CStr,
    fs::File,
    io,
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::fs::OpenOptionsExt,
    },
    path::{Path, PathBuf},
};

use super::program;
use crate::sandbox::Reach;

/// Rights over files, as `linux/landlock.h` numbers them.
mod right {
    pub const EXECUTE: u64 = 1 << 0;
    pub const WRITE_FILE: u64 = 1 << 1;
    pub const READ_FILE: u64 = 1 << 2;
    pub const READ_DIR: u64 = 1 << 3;
    pub const REMOVE_DIR: u64 = 1 << 4;
    pub const REMOVE_FILE: u64 = 1 << 5;
    pub const MAKE_DIR: u64 = 1 << 7;
    pub const MAKE_REG: u64 = 1 << 8;
    /// Every right of the first version.
    pub const FIRST: u64 = (1 << 13) - 1;
    /// From version 2 on: moving a file from one folder to another.
    pub const REFER: u64 = 1 << 13;
    /// From version 3 on.
    pub const TRUNCATE: u64 = 1 << 14;
    /// From version 5 on: commands to devices.
    pub const IOCTL_DEV: u64 = 1 << 15;
}

const READ: u64 = right::READ_FILE | right::READ_DIR;
const WRITE: u64 = READ
    | right::WRITE_FILE
    | right::REMOVE_DIR
    | right::REMOVE_FILE
    | right::MAKE_DIR
    | right::MAKE_REG
    | right::REFER
    | right::TRUNCATE;
const DEVICE: u64 = right::READ_FILE | right::WRITE_FILE | right::IOCTL_DEV;
/// Rights that a rule for something else than a folder may hold.
const OF_FILES: u64 =
    right::EXECUTE | right::WRITE_FILE | right::READ_FILE | right::TRUNCATE | right::IOCTL_DEV;

/// As `linux/landlock.h` numbers them. From version 4 on: binding to, and connecting to, a TCP port.
const NETWORK: u64 = 0b11;
/// As `linux/landlock.h` numbers them. From version 6 on: abstract Unix sockets of others, and signals to them.
const SCOPES: u64 = 0b11;

/// Where libraries lie, on one system or another, and what the loader and the C library read.
const SYSTEM: &[&str] = &[
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    // What kind of processor and how much memory there is.
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system",
    "/sys/devices/cpu_core",
    "/sys/fs/cgroup",
    "/sys/kernel/mm/transparent_hugepage",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
];

/// What the driver of a graphics card of NVIDIA's reads besides.
const GRAPHICS: &[&str] = &[
    "/proc/driver",
    "/proc/devices",
    "/proc/modules",
    "/proc/version",
    "/proc/sys/vm",
    "/sys",
    "/etc/nvidia",
    "/usr/share/nvidia",
    "/usr/local/cuda",
    "/opt/cuda",
    "/run/opengl-driver",
];

/// `struct landlock_ruleset_attr`. What a kernel does not know of must be 0.
#[repr(C)]
struct Handled {
    files: u64,
    network: u64,
    scopes: u64,
}

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
struct Beneath {
    rights: u64,
    parent: i32,
}

/// The version of Landlock that this kernel has; 0: none.
pub fn version() -> u32 {
    const ASK_VERSION: u32 = 1;
    let none = std::ptr::null::<Handled>();
    // SAFETY: with this flag the kernel reads no memory, and answers with a number.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, none, 0usize, ASK_VERSION) };
    u32::try_from(version).unwrap_or(0)
}

/// Rules that are ready to be laid.
pub struct Rules {
    set: OwnedFd,
    handled: u64,
}

impl Rules {
    /// What `reach` leaves to `program`, and nothing else. `None` where the kernel has no
    /// Landlock.
    pub fn new(started: &Path, reach: &Reach) -> io::Result<Option<Self>> {
        let version = version();
        if version == 0 {
            return Ok(None);
        }
        let from = |first: u32, rights: u64| if version >= first { rights } else { 0 };
        let handled = Handled {
            files: right::FIRST
                | from(2, right::REFER)
                | from(3, right::TRUNCATE)
                | from(5, right::IOCTL_DEV),
            network: from(4, NETWORK),
            scopes: from(6, SCOPES),
        };
        // SAFETY: `handled` outlives the call, which reads as many bytes as it is told.
        let set = unsafe {
            libc::syscall(libc::SYS_landlock_create_ruleset, &raw const handled, size_of::<Handled>(), 0u32)
        };
        let set = i32::try_from(set).ok().filter(|set| *set >= 0).ok_or_else(io::Error::last_os_error)?;
        // SAFETY: the kernel has just made it, for us alone.
        let set = unsafe { OwnedFd::from_raw_fd(set) };
        let rules = Self { set, handled: handled.files };
        rules.allow_all(started, reach)?;
        Ok(Some(rules))
    }

    fn allow_all(&self, started: &Path, reach: &Reach) -> io::Result<()> {
        for file in program::started_with(started) {
            self.allow(&file, right::READ_FILE | right::EXECUTE)?;
        }
        for place in SYSTEM {
            self.allow(Path::new(place), READ)?;
        }
        self.allow(Path::new("/dev/null"), DEVICE)?;
        if reach.graphics {
            for place in GRAPHICS {
                self.allow(Path::new(place), READ)?;
            }
            for device in cards() {
                self.allow(&device, DEVICE | right::READ_DIR)?;
            }
        }
        for file in &reach.files {
            self.allow(file, right::READ_FILE)?;
        }
        for folder in &reach.listed {
            self.allow(folder, right::READ_DIR)?;
        }
        for folder in &reach.read {
            self.allow(folder, READ)?;
        }
        for folder in &reach.written {
            self.allow(folder, WRITE)?;
        }
        Ok(())
    }

    /// Allows what is at `path` and beneath it. What is not there needs no rule.
    fn allow(&self, path: &Path, rights: u64) -> io::Result<()> {
        let opened = File::options().read(true).custom_flags(libc::O_PATH | libc::O_CLOEXEC).open(path);
        let Ok(place) = opened else { return Ok(()) };
        let rights = if place.metadata()?.is_dir() { rights } else { rights & OF_FILES };
        self.add(place.as_raw_fd(), rights)
    }

    /// Makes no allocation.
    fn add(&self, place: i32, rights: u64) -> io::Result<()> {
        const BENEATH: u32 = 1;
        let rule = Beneath { rights: rights & self.handled, parent: place };
        let set = self.set.as_raw_fd();
        // SAFETY: `rule` outlives the call, which only reads it.
        let added =
            unsafe { libc::syscall(libc::SYS_landlock_add_rule, set, BENEATH, &raw const rule, 0u32) };
        if added == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Lays the rules on the calling process, for good. Between fork and exec: it makes
    /// nothing but system calls.
    pub fn lay(&self) -> io::Result<()> {
        const OURSELVES: &CStr = c"/proc/self";
        // SAFETY: the path is a C string that lives for ever.
        let ourselves = unsafe { libc::open(OURSELVES.as_ptr(), libc::O_PATH | libc::O_CLOEXEC) };
        // Where /proc is not mounted there is nothing to allow. It is closed at exec.
        if ourselves >= 0 {
            self.add(ourselves, READ)?;
        }
        // SAFETY: plain system calls; they touch no memory.
        let laid = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                && libc::syscall(libc::SYS_landlock_restrict_self, self.set.as_raw_fd(), 0u32) == 0
        };
        if laid { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}

/// The devices of NVIDIA's cards.
fn cards() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("/dev").into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("nvidia"));
    named.map(|entry| entry.path()).collect()
}
