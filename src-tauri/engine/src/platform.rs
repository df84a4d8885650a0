//! What differs between operating systems, and all that is unsafe in the engine.

#![allow(unsafe_code)]

use std::{fs::File, io, thread::JoinHandle, time::Duration};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

/// Tells the libraries what they read from the environment when they first compute.
pub fn set_threads(threads: usize) {
    // SAFETY: this is called from `main` before any thread is started, so nothing can
    // read the environment meanwhile.
    unsafe {
        std::env::set_var("RAYON_NUM_THREADS", threads.to_string());
        // Nothing here asks the hub; were a library to try, it should say so and not wait.
        std::env::set_var("HF_HUB_OFFLINE", "1");
    }
}

/// How long the thread has computed so far, however much of the machine others take; `None` where
/// that cannot be told.
pub fn computed<T>(thread: &JoinHandle<T>) -> Option<Duration> {
    #[cfg(target_os = "linux")]
    return linux::computed(thread);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = thread;
        None
    }
}

/// What this process does to bar itself. Here it executes nothing from now on; all else the
/// app has seen to before it started the engine.
#[cfg(target_os = "linux")]
pub fn bar() -> io::Result<()> {
    linux::execute_nothing()
}

/// Nothing is known to bar it by.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[allow(clippy::unnecessary_wraps)] // elsewhere it can fail
pub fn bar() -> io::Result<()> {
    Ok(())
}

/// Bars this process from the network, for good: outside its container it does not return.
#[cfg(windows)]
pub fn bar() -> io::Result<()> {
    windows::contain()
}

/// Bars this process from the network, for good.
#[cfg(target_os = "macos")]
pub fn bar() -> io::Result<()> {
    use std::ffi::{CStr, c_char, c_int};

    unsafe extern "C" {
        fn sandbox_init(profile: *const c_char, flags: u64, error: *mut *mut c_char) -> c_int;
        fn sandbox_free_error(error: *mut c_char);
    }
    const PROFILE: &CStr = c"(version 1)(allow default)(deny network*)";

    let mut error = std::ptr::null_mut();
    // SAFETY: the profile is a C string that lives for ever, flags 0 means that it is the
    // profile's text, and `error` is written only where the call fails.
    if unsafe { sandbox_init(PROFILE.as_ptr(), 0, &raw mut error) } == 0 {
        return Ok(());
    }
    if error.is_null() {
        return Err(io::Error::other("sandbox_init failed"));
    }
    // SAFETY: after a failure `error` is a C string of the system's, ours to free.
    let message = unsafe { CStr::from_ptr(error) }.to_string_lossy().into_owned();
    // SAFETY: as above; it is not used again.
    unsafe { sandbox_free_error(error) };
    Err(io::Error::other(message))
}

/// The fast cores of a Mac; `None` of one whose cores are all alike, as Intel's are, or
/// where the system is too old to tell.
#[cfg(target_os = "macos")]
pub fn fast_cores() -> Option<usize> {
    use std::ffi::{CStr, c_char, c_int, c_void};

    unsafe extern "C" {
        fn sysctlbyname(
            name: *const c_char,
            old: *mut c_void,
            old_length: *mut usize,
            new: *mut c_void,
            new_length: usize,
        ) -> c_int;
    }
    // Levels of performance are counted from the highest.
    const NAME: &CStr = c"hw.perflevel0.physicalcpu";

    let mut count: c_int = 0;
    let mut length = size_of_val(&count);
    let none = std::ptr::null_mut();
    // SAFETY: the name is a C string; `count` and `length` outlive the call, which writes no
    // more than `length` bytes; nothing is set.
    let failed = unsafe { sysctlbyname(NAME.as_ptr(), (&raw mut count).cast(), &raw mut length, none, 0) };
    usize::try_from(count).ok().filter(|count| failed == 0 && *count > 0)
}

/// Elsewhere files say it, or nobody does.
#[cfg(not(target_os = "macos"))]
pub fn fast_cores() -> Option<usize> {
    None
}

/// Gives freed memory back to the system now, which the allocator would keep for a while.
pub fn give_memory_back() {
    // Of mimalloc, which is linked as the allocator.
    unsafe extern "C" {
        fn mi_collect(force: bool);
    }
    // SAFETY: it may be called at any time, from any thread.
    unsafe { mi_collect(true) };
}

/// Takes stdout for the protocol alone: whatever else is printed goes to stderr, so
/// that no library's progress bar can end up between two messages.
#[cfg(unix)]
pub fn claim_stdout() -> io::Result<File> {
    use std::os::fd::AsFd;

    let ours = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(ours.into())
}

/// As on Unix; Rust asks for the handle anew at each print.
#[cfg(windows)]
pub fn claim_stdout() -> io::Result<File> {
    use std::os::windows::io::{AsHandle, AsRawHandle, RawHandle};

    unsafe extern "system" {
        fn SetStdHandle(which: u32, handle: RawHandle) -> i32;
    }
    const STD_OUTPUT_HANDLE: u32 = 0xffff_fff5;

    let ours = io::stdout().as_handle().try_clone_to_owned()?;
    // SAFETY: stderr's handle stays open for the life of the process.
    if unsafe { SetStdHandle(STD_OUTPUT_HANDLE, io::stderr().as_raw_handle()) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(ours.into())
}
