//! The engine executes no other program: a filter of its own, laid first thing in `main`.
//! The app cannot lay it, for it has yet to execute the engine.

use std::{
    ffi::{c_int, c_long, c_ulong},
    io,
    os::unix::thread::{JoinHandleExt, RawPthread},
    thread::JoinHandle,
    time::Duration,
};

/// `struct sock_filter` and `struct sock_fprog` of `linux/filter.h`.
#[repr(C)]
struct Step {
    code: u16,
    jump: u8,
    otherwise: u8,
    value: u32,
}

#[repr(C)]
struct Program {
    length: u16,
    steps: *const Step,
}

/// The numbers of `execve` and `execveat`.
#[cfg(target_arch = "x86_64")]
const EXECUTING: [u32; 2] = [59, 322];
#[cfg(not(target_arch = "x86_64"))]
const EXECUTING: [u32; 2] = [221, 281];

const LOAD: u16 = 0x20;
const EQUALS: u16 = 0x15;
const RETURN: u16 = 0x06;
const ALLOW: u32 = 0x7fff_0000;
/// `SECCOMP_RET_ERRNO` with EPERM.
const REFUSE: u32 = 0x0005_0001;

const fn step(code: u16, jump: u8, otherwise: u8, value: u32) -> Step {
    Step { code, jump, otherwise, value }
}

/// From now on no program is executed in this process. Numbers of the older kind (x32) the
/// app's own filter refuses.
pub fn execute_nothing() -> io::Result<()> {
    unsafe extern "C" {
        fn prctl(what: c_int, ...) -> c_int;
    }
    const NO_NEW_PRIVILEGES: c_int = 38;
    const SECCOMP: c_int = 22;
    const FILTER: c_ulong = 2;

    let steps = [
        step(LOAD, 0, 0, 0),
        step(EQUALS, 2, 0, EXECUTING[0]),
        step(EQUALS, 1, 0, EXECUTING[1]),
        step(RETURN, 0, 0, ALLOW),
        step(RETURN, 0, 0, REFUSE),
    ];
    let program = Program { length: 5, steps: steps.as_ptr() };
    let (on, none): (c_ulong, c_ulong) = (1, 0);
    // SAFETY: plain system calls; `program` and `steps` outlive them, and are only read.
    let laid = unsafe {
        prctl(NO_NEW_PRIVILEGES, on, none, none, none) == 0 && prctl(SECCOMP, FILTER, &raw const program) == 0
    };
    if laid { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// How long the thread has computed so far, by the clock that runs only while it does.
pub fn computed<T>(thread: &JoinHandle<T>) -> Option<Duration> {
    /// `struct timespec` of 64-bit Linux.
    #[repr(C)]
    struct Time {
        seconds: c_long,
        nanoseconds: c_long,
    }

    unsafe extern "C" {
        fn pthread_getcpuclockid(thread: RawPthread, clock: *mut c_int) -> c_int;
        fn clock_gettime(clock: c_int, time: *mut Time) -> c_int;
    }

    let (mut clock, mut time) = (0, Time { seconds: 0, nanoseconds: 0 });
    // SAFETY: nobody has joined or detached the thread while its handle is here, so its name is
    // good even where it has ended; both calls only write into what is given.
    let read = unsafe {
        pthread_getcpuclockid(thread.as_pthread_t(), &raw mut clock) == 0
            && clock_gettime(clock, &raw mut time) == 0
    };
    let (seconds, nanoseconds) = (u64::try_from(time.seconds).ok()?, u32::try_from(time.nanoseconds).ok()?);
    read.then(|| Duration::new(seconds, nanoseconds))
}
