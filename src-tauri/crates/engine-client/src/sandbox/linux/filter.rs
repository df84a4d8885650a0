//! Which system calls are refused: seccomp.

use std::collections::BTreeMap;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction,
    SeccompCmpArgLen::{Dword, Qword},
    SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, sock_filter,
};

/// Refused whatever is asked of them.
const FORBIDDEN: &[libc::c_long] = &[
    // Every road to a socket.
    libc::SYS_connect,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_recvmmsg,
    // Every road around this filter: io_uring makes sockets without system calls.
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_bpf,
    libc::SYS_setns,
    libc::SYS_unshare,
    // Other processes: their memory, their descriptors, their pace.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_kcmp,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_tkill,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_setpriority,
    libc::SYS_ioprio_set,
    libc::SYS_sched_setscheduler,
    libc::SYS_sched_setparam,
    libc::SYS_sched_setattr,
    libc::SYS_move_pages,
    libc::SYS_migrate_pages,
    // Memory and mail that all of a user's processes share.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semctl,
    libc::SYS_semtimedop,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    // The user's keys in the kernel.
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    // What Landlock does not see: who may open a file, its times, its end by its name.
    libc::SYS_truncate,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    libc::SYS_open_by_handle_at,
    libc::SYS_inotify_init1,
    libc::SYS_fanotify_init,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_mount_setattr,
    // Limits that were set.
    libc::SYS_setrlimit,
];

/// The same calls by their older names, where the processor has those.
#[cfg(target_arch = "x86_64")]
const OLDER: &[libc::c_long] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    libc::SYS_inotify_init,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[libc::c_long] = &[];

/// `fchmodat2`, which libc does not name on every processor.
const FCHMODAT2: i64 = 452;

/// Commands of `fcntl` that have the kernel send signals to somebody.
const SIGNALLING: [u32; 3] = [8 /* F_SETOWN */, 10 /* F_SETSIG */, 15 /* F_SETOWN_EX */];

/// Commands of `ioctl` that do so too, or that type into a terminal.
const TYPING: [u64; 4] =
    [0x8901 /* FIOSETOWN */, 0x8902 /* SIOCSPGRP */, 0x5412 /* TIOCSTI */, 0x541c];

/// The filter; with what a graphics driver asks for where one is to be used.
pub fn calls(graphics: bool) -> Result<BpfProgram, BackendError> {
    use SeccompCmpOp::{Eq, MaskedEq, Ne};
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        FORBIDDEN.iter().chain(OLDER).chain(&[FCHMODAT2]).map(|call| (*call, vec![])).collect();
    let when = |argument, length, operator, value| {
        SeccompRule::new(vec![SeccompCondition::new(argument, length, operator, value)?])
    };
    let unix = libc::AF_UNIX as u64;
    // A pair of connected Unix sockets stays inside the process, and Rust's own runtime
    // wants one; any other family is refused.
    rules.insert(libc::SYS_socketpair, vec![when(0, Dword, Ne, unix)?]);
    if graphics {
        // The driver insists on a socket that it listens on. Without accepting, connecting,
        // sending or receiving it leads nowhere.
        let kinds = (0..16).filter(|kind| *kind != libc::SOCK_SEQPACKET as u64);
        let mut refused = vec![when(0, Dword, Ne, unix)?];
        for kind in kinds {
            refused.push(when(1, Dword, MaskedEq(0xf), kind)?);
        }
        rules.insert(libc::SYS_socket, refused);
    } else {
        rules.extend([libc::SYS_socket, libc::SYS_bind, libc::SYS_listen].map(|call| (call, vec![])));
    }
    // A thread is made, a process is not: it could outlive the app.
    rules.insert(libc::SYS_clone, vec![when(0, Qword, MaskedEq(libc::CLONE_THREAD as u64), 0)?]);
    // Limits may be read; the times of an open file may be set.
    rules.insert(libc::SYS_prlimit64, vec![when(2, Qword, Ne, 0)?]);
    rules.insert(libc::SYS_utimensat, vec![when(1, Qword, Ne, 0)?]);
    let signalling: Result<_, _> =
        SIGNALLING.iter().map(|command| when(1, Dword, Eq, u64::from(*command))).collect();
    rules.insert(libc::SYS_fcntl, signalling?);
    let typing: Result<_, _> = TYPING.iter().map(|command| when(1, Dword, Eq, *command)).collect();
    rules.insert(libc::SYS_ioctl, typing?);

    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let arch = std::env::consts::ARCH.try_into()?;
    let program: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()?;
    Ok(without_x32().into_iter().chain(without_clone3()).chain(program).collect())
}

const fn load(offset: u32) -> sock_filter {
    sock_filter { code: 0x20, jt: 0, jf: 0, k: offset }
}

/// Goes on with the next step where the value is `k`, else passes over `skip` steps.
const fn if_equal(k: u32, skip: u8) -> sock_filter {
    sock_filter { code: 0x15, jt: 0, jf: skip, k }
}

const fn fail_with(error: libc::c_int) -> sock_filter {
    sock_filter { code: 0x06, jt: 0, jf: 0, k: 0x0005_0000 | error.cast_unsigned() }
}

/// `SECCOMP_RET_ALLOW`, in `linux/seccomp.h`.
const ALLOW: sock_filter = sock_filter { code: 0x06, jt: 0, jf: 0, k: 0x7fff_0000 };
/// Where the number of the call, and its first argument's lower half, stand in `struct seccomp_data`
/// (`linux/seccomp.h`).
const NUMBER: u32 = 0;
const FIRST: u32 = if cfg!(target_endian = "little") { 16 } else { 20 };

/// The number of a call, as a filter sees it.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // all are small
const fn number(call: libc::c_long) -> u32 {
    call as u32
}

/// x86-64 kernels may answer a second set of numbers for the same calls (x32, bit 30
/// set), which a filter on numbers would miss: all of it is refused.
#[cfg(target_arch = "x86_64")]
fn without_x32() -> Vec<sock_filter> {
    const SKIP_UNLESS_X32: sock_filter = sock_filter { code: 0x35, jt: 0, jf: 1, k: 0x4000_0000 };
    vec![load(NUMBER), SKIP_UNLESS_X32, fail_with(libc::EPERM)]
}

#[cfg(not(target_arch = "x86_64"))]
fn without_x32() -> Vec<sock_filter> {
    Vec::new()
}

/// What `clone3` is asked for lies in memory, where a filter cannot look: the C library is
/// told that there is no such call, and takes `clone`.
fn without_clone3() -> [sock_filter; 3] {
    [load(NUMBER), if_equal(number(libc::SYS_clone3), 1), fail_with(libc::ENOSYS)]
}

/// Signals go to the process `own` alone. On the stack: it is made in the child.
pub fn signals(own: libc::pid_t) -> [sock_filter; 10] {
    const CALLS: [libc::c_long; 4] =
        [libc::SYS_kill, libc::SYS_tgkill, libc::SYS_rt_sigqueueinfo, libc::SYS_rt_tgsigqueueinfo];
    let reaches = |skip, call: libc::c_long| sock_filter { code: 0x15, jt: skip, jf: 0, k: number(call) };
    [
        load(NUMBER),
        reaches(4, CALLS[0]),
        reaches(3, CALLS[1]),
        reaches(2, CALLS[2]),
        reaches(1, CALLS[3]),
        ALLOW,
        load(FIRST),
        if_equal(own.cast_unsigned(), 1),
        ALLOW,
        fail_with(libc::EPERM),
    ]
}
