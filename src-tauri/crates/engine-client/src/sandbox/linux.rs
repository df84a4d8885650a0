//! The bar on Linux: Landlock for files and other processes, seccomp for sockets and all
//! that neither of them would see, and limits.
//!
//! All of it is made ready in the parent, where allocating is allowed, and laid between
//! fork and exec. It survives exec and cannot be taken off. Sockets that the app itself
//! holds are closed at exec, so that none is inherited.

#![allow(unsafe_code)] // pre_exec and plain system calls; each with its reason below

mod filter;
mod landlock;
mod program;

use std::io;

use seccompiler::apply_filter;
use tokio::process::Command;

use super::Reach;
use crate::Barred;

/// Bars `command`'s process. What may be said of it once the door stayed shut.
pub(super) fn bar(command: &mut Command, reach: &Reach) -> io::Result<Barred> {
    let filter = filter::calls(reach.graphics).map_err(io::Error::other)?;
    let program = command.as_std().get_program().to_owned();
    let rules = landlock::Rules::new(program.as_ref(), reach)?;
    let standing = if rules.is_some() { Barred::Proven } else { Barred::NetworkAlone };
    let limits = limits(reach);
    // SAFETY: between fork and exec only system calls are made: nothing allocates or
    // takes a lock. Filters and rules were built beforehand; the one filter that names the
    // child's own number lies on the stack.
    unsafe {
        command.pre_exec(move || {
            libc::umask(0o077);
            die_first();
            for (what, most) in &limits {
                limit(*what, *most)?;
            }
            close_on_exec()?;
            if let Some(rules) = &rules {
                rules.lay()?;
            }
            let barred = apply_filter(&filter::signals(libc::getpid())).and_then(|()| apply_filter(&filter));
            barred.map_err(|_| io::Error::from_raw_os_error(libc::EPERM))
        });
    }
    Ok(standing)
}

/// A file that is larger than any of the engine's own.
const LARGEST_FILE: u64 = 4 << 30;

type Limits = Vec<(libc::__rlimit_resource_t, u64)>;

/// No core dumps: words of the user's would lie in them. As much memory as the plan says;
/// what is only mapped, as a model's file is, does not count.
fn limits(reach: &Reach) -> Limits {
    let mut limits = vec![(libc::RLIMIT_CORE, 0), (libc::RLIMIT_FSIZE, LARGEST_FILE)];
    // A graphics driver reserves far more than it takes.
    if !reach.graphics {
        limits.push((libc::RLIMIT_DATA, reach.memory.unwrap_or(u64::MAX).min(all_memory())));
    }
    if let Some(seconds) = reach.seconds {
        limits.push((libc::RLIMIT_CPU, seconds));
    }
    limits
}

fn all_memory() -> u64 {
    // SAFETY: plain questions; they touch no memory of ours.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    match (u64::try_from(pages), u64::try_from(size)) {
        (Ok(pages), Ok(size)) if pages > 0 && size > 0 => pages.saturating_mul(size),
        _ => u64::MAX,
    }
}

fn limit(what: libc::__rlimit_resource_t, most: u64) -> io::Result<()> {
    let mut now = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `now` outlives both calls, which read and write no more than it.
    let set = unsafe {
        libc::getrlimit(what, &raw mut now) == 0 && {
            // A limit that is lower already stays: only root may raise one.
            let most = most.min(now.rlim_max);
            let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
            libc::setrlimit(what, &raw const limit) == 0
        }
    };
    if set { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Where memory runs out the system ends this process before any other. Where it cannot be
/// told so, nothing is lost.
fn die_first() {
    // SAFETY: the path is a C string, and as many bytes are written as there are.
    unsafe {
        // The app is closed to others, and so is its copy that is to become the engine: such
        // a process may not write to its own files in /proc.
        libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0);
        let file = libc::open(c"/proc/self/oom_score_adj".as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        if file >= 0 {
            libc::write(file, c"1000".as_ptr().cast(), 4);
            libc::close(file);
        }
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
}

/// Marks every descriptor but stdio to be closed at exec.
fn close_on_exec() -> io::Result<()> {
    // SAFETY: a plain system call; it touches no memory.
    let outcome = unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests;
