//! The bar on Linux: seccomp.
//!
//! The filter is built in the parent, where allocating is allowed, and applied
//! between fork and exec. It survives exec and cannot be taken off. Sockets that the
//! app itself holds are closed at exec, so that none is inherited.

#![allow(unsafe_code)] // pre_exec and close_range; each with its reason below

use std::{collections::BTreeMap, io};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter, sock_filter,
};
use tokio::process::Command;

/// Every road to a socket, and every road around the filter: `io_uring` makes sockets
/// without system calls, ptrace and its kin borrow another process's.
const FORBIDDEN: &[libc::c_long] = &[
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvmsg,
    libc::SYS_recvmmsg,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_bpf,
    libc::SYS_setns,
    libc::SYS_unshare,
];

pub(super) fn bar(command: &mut Command) -> io::Result<()> {
    let filter = filter().map_err(io::Error::other)?;
    // SAFETY: between fork and exec only system calls are made (close_range, prctl,
    // seccomp): nothing allocates or takes a lock. The filter was built beforehand.
    unsafe {
        command.pre_exec(move || {
            close_on_exec()?;
            apply_filter(&filter).map_err(|_| io::Error::from_raw_os_error(libc::EPERM))
        });
    }
    Ok(())
}

/// Marks every descriptor but stdio to be closed at exec.
fn close_on_exec() -> io::Result<()> {
    // SAFETY: a plain system call; it touches no memory.
    let outcome = unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = FORBIDDEN.iter().map(|call| (*call, vec![])).collect();
    // A pair of connected Unix sockets stays inside the process, and Rust's own
    // runtime wants one; any other family is refused.
    rules.insert(
        libc::SYS_socketpair,
        vec![SeccompRule::new(vec![SeccompCondition::new(
            0,
            SeccompCmpArgLen::Dword,
            SeccompCmpOp::Ne,
            libc::AF_UNIX as u64,
        )?])?],
    );
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let arch = std::env::consts::ARCH.try_into()?;
    let program: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()?;
    Ok(without_x32(program))
}

/// x86-64 kernels may answer a second set of numbers for the same calls (x32, bit 30
/// set), which a filter on numbers would miss: all of it is refused.
#[cfg(target_arch = "x86_64")]
fn without_x32(program: BpfProgram) -> BpfProgram {
    const LOAD_NUMBER: sock_filter = sock_filter { code: 0x20, jt: 0, jf: 0, k: 0 };
    const SKIP_UNLESS_X32: sock_filter = sock_filter { code: 0x35, jt: 0, jf: 1, k: 0x4000_0000 };
    const REFUSE: sock_filter = sock_filter { code: 0x06, jt: 0, jf: 0, k: 0x0005_0000 | libc::EPERM as u32 };
    [LOAD_NUMBER, SKIP_UNLESS_X32, REFUSE].into_iter().chain(program).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn without_x32(program: BpfProgram) -> BpfProgram {
    program
}

#[cfg(test)]
mod tests;
