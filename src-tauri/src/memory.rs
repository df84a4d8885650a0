//! What Sotto holds in memory, keys among it, is for Sotto alone: no core dump is written of
//! it, and on Linux no other program of the user's may look into it. The same goes for what it
//! writes.

/// No core dumps from now on, of what is started from here neither.
#[cfg(unix)]
#[allow(unsafe_code)]
pub fn leave_no_dumps() {
    #[repr(C)]
    struct Limit {
        now: u64,
        most: u64,
    }
    unsafe extern "C" {
        fn setrlimit(what: i32, limit: *const Limit) -> i32;
    }
    // `RLIMIT_CORE`, in the headers of each system that this is built for.
    const CORE: i32 = 4;
    let none = Limit { now: 0, most: 0 };
    // SAFETY: the limit outlives the call, which only reads it. Its fields are 64 bits wide
    // on every system that Sotto is built for.
    if unsafe { setrlimit(CORE, &raw const none) } != 0 {
        tracing::warn!("core dumps could not be switched off");
    }
}

#[cfg(not(unix))]
pub fn leave_no_dumps() {}

/// What is written from now on, here and by what is started from here, is for the user's eyes
/// alone.
#[cfg(unix)]
#[allow(unsafe_code)]
pub fn write_for_the_user_alone() {
    #[cfg(target_os = "linux")]
    type Mode = u32;
    #[cfg(not(target_os = "linux"))]
    type Mode = u16;
    unsafe extern "C" {
        fn umask(mask: Mode) -> Mode;
    }
    // SAFETY: a plain system call, which cannot fail; it touches no memory.
    unsafe { umask(0o077) };
}

#[cfg(not(unix))]
pub fn write_for_the_user_alone() {}

#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
unsafe extern "C" {
    fn prctl(what: i32, ...) -> i32;
}

/// From now on no other process looks into this one (`/proc/…/mem`, debuggers), one of the
/// same user's neither.
///
/// The desktop's portals look at who asks them, and answer nobody whom they cannot see: what
/// is asked of them is asked before this. The window asks for the system's theme as it opens.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
pub fn close() {
    // `PR_SET_DUMPABLE`, in `linux/prctl.h`.
    const SET_DUMPABLE: i32 = 4;
    let none: std::ffi::c_ulong = 0;
    // SAFETY: a plain system call; it touches no memory.
    if unsafe { prctl(SET_DUMPABLE, none, none, none, none) } != 0 {
        tracing::warn!("the process could not be closed to others");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn close() {}

/// Whether others may look into this process.
#[cfg(all(test, target_os = "linux"))]
#[allow(unsafe_code)]
fn is_open() -> bool {
    // `PR_GET_DUMPABLE`, in `linux/prctl.h`.
    const GET_DUMPABLE: i32 = 3;
    // SAFETY: a plain question; it touches no memory.
    unsafe { prctl(GET_DUMPABLE) == 1 }
}

#[cfg(test)]
mod tests;
