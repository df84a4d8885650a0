//! The bar on Windows: an `AppContainer` with no capabilities.
//!
//! A process cannot step into a container, it can only be born in one. So the engine,
//! started outside, starts itself again inside, lends that process its own stdin,
//! stdout and stderr, waits for it, and ends as it ends. A job ties the two together:
//! when the outer process is killed, the system ends the inner one.
//!
//! What can go wrong, and the answer to it: whatever fails is an error, and the engine
//! then ends before it has read a line. It is an error, too, to be in a container that
//! has capabilities, or to be the inner process and in no container.

use std::{
    env,
    ffi::{OsStr, OsString},
    io,
    marker::PhantomData,
    mem::{size_of, size_of_val},
    os::windows::{
        ffi::OsStrExt,
        io::{AsRawHandle, FromRawHandle, OwnedHandle},
    },
    process, ptr, slice,
};

use windows_sys::{
    Win32::{
        Foundation::{
            ERROR_ALREADY_EXISTS, HANDLE, HANDLE_FLAG_INHERIT, SetHandleInformation, WAIT_OBJECT_0,
        },
        Security::{
            FreeSid, GetTokenInformation,
            Isolation::{CreateAppContainerProfile, DeriveAppContainerSidFromAppContainerName},
            PSID, SECURITY_CAPABILITIES, TOKEN_GROUPS, TOKEN_INFORMATION_CLASS, TOKEN_QUERY,
            TokenCapabilities, TokenIsAppContainer,
        },
        System::{
            JobObjects::{
                CreateJobObjectW, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
                JobObjectExtendedLimitInformation, SetInformationJobObject,
            },
            Threading::{
                CreateProcessW, DETACHED_PROCESS, DeleteProcThreadAttributeList,
                EXTENDED_STARTUPINFO_PRESENT, GetCurrentProcess, GetExitCodeProcess, INFINITE,
                InitializeProcThreadAttributeList, LPPROC_THREAD_ATTRIBUTE_LIST, OpenProcessToken,
                PROC_THREAD_ATTRIBUTE_HANDLE_LIST, PROC_THREAD_ATTRIBUTE_JOB_LIST,
                PROC_THREAD_ATTRIBUTE_SECURITY_CAPABILITIES, PROCESS_INFORMATION, STARTF_USESTDHANDLES,
                STARTUPINFOEXW, UpdateProcThreadAttribute, WaitForSingleObject,
            },
        },
    },
    core::PCWSTR,
    w,
};

/// The container's name. engine-client opens the model's files to it by the same name.
const CONTAINER: PCWSTR = w!("Sotto.Engine");

/// Tells the inner process that it is one: a system that ignored the container would
/// otherwise have it start itself for ever.
const INSIDE: &str = "--inside";

/// Returns in a container without capabilities, or with an error. Called outside, it
/// does not return: it ends the process as the inner one ended.
pub(super) fn contain() -> io::Result<()> {
    if contained()? {
        return Ok(());
    }
    if env::args_os().nth(1).as_deref() == Some(OsStr::new(INSIDE)) {
        return Err(io::Error::other("Windows did not put the engine in its container"));
    }
    let container = Container::open()?;
    let job = job()?;
    let inner = start(&container, &job)?;
    process::exit(end_of(&inner)?)
}

/// Whether this process is in a container; an error where that has capabilities.
fn contained() -> io::Result<bool> {
    let mut token = ptr::null_mut();
    // SAFETY: the first handle is a constant of the system's that needs no closing;
    // `token` is written only where the call succeeds.
    succeeded(unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) })?;
    // SAFETY: the handle was just opened, and nobody else closes it.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };

    // SAFETY: the documentation gives a DWORD for this fact.
    if unsafe { fact(&token, TokenIsAppContainer, 0_u32) }? == 0 {
        return Ok(false);
    }
    // SAFETY: it gives TOKEN_GROUPS for this one. Any capability's identifier takes
    // room that the struct does not have, so where there are some the call fails.
    let capabilities = unsafe { fact(&token, TokenCapabilities, TOKEN_GROUPS::default()) }?.GroupCount;
    if capabilities > 0 {
        return Err(io::Error::other("the engine was started in a container that has capabilities"));
    }
    Ok(true)
}

/// What is known of a token under `class`.
///
/// # Safety
/// `T` must be plain data, and what the documentation gives for `class`.
unsafe fn fact<T>(token: &OwnedHandle, class: TOKEN_INFORMATION_CLASS, mut answer: T) -> io::Result<T> {
    let mut written = 0;
    // SAFETY: the system writes at most `length_of(&answer)` bytes, and any are a `T`.
    succeeded(unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            class,
            (&raw mut answer).cast(),
            length_of(&answer),
            &raw mut written,
        )
    })?;
    Ok(answer)
}

/// The container's identifier, freed at the end.
struct Container(PSID);

impl Container {
    /// Makes the container's profile for this user, or finds the one made before.
    fn open() -> io::Result<Self> {
        // HRESULT_FROM_WIN32, which is a macro in C.
        const EXISTS: i32 = (0x8007_0000_u32 | ERROR_ALREADY_EXISTS).cast_signed();

        let about = w!("Keeps the part of Sotto that runs the model off the network.");
        let mut sid = ptr::null_mut();
        // SAFETY: the strings end with 0 and live for ever, the list of capabilities is
        // empty, and `sid` is written only where the call succeeds.
        let mut outcome =
            unsafe { CreateAppContainerProfile(CONTAINER, CONTAINER, about, ptr::null(), 0, &raw mut sid) };
        if outcome == EXISTS {
            // SAFETY: as above.
            outcome = unsafe { DeriveAppContainerSidFromAppContainerName(CONTAINER, &raw mut sid) };
        }
        if outcome < 0 {
            let why = format!("the engine's container could not be made ({outcome:#010x})");
            return Err(io::Error::other(why));
        }
        Ok(Self(sid))
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // SAFETY: the identifier is the system's allocation, ours to free, and freed once.
        unsafe { FreeSid(self.0) };
    }
}

/// A job whose processes end with its last handle. Only this process has one.
fn job() -> io::Result<OwnedHandle> {
    // SAFETY: no attributes and no name are allowed: a private job.
    let job = unsafe { CreateJobObjectW(ptr::null(), ptr::null()) };
    succeeded(i32::from(!job.is_null()))?;
    // SAFETY: the handle was just made, and nobody else closes it.
    let job = unsafe { OwnedHandle::from_raw_handle(job) };

    let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    // SAFETY: the class and the struct belong together, and the length is the struct's.
    succeeded(unsafe {
        SetInformationJobObject(
            job.as_raw_handle(),
            JobObjectExtendedLimitInformation,
            (&raw const limits).cast(),
            length_of(&limits),
        )
    })?;
    Ok(job)
}

/// Starts this program again, inside `container` and `job`.
fn start(container: &Container, job: &OwnedHandle) -> io::Result<OwnedHandle> {
    let program = env::current_exe()?;
    let mut line = OsString::from("\"");
    line.push(&program);
    line.push("\" ");
    line.push(INSIDE);
    let (program, mut line) = (wide(program.as_os_str()), wide(&line));

    let [input, output, errors] =
        [io::stdin().as_raw_handle(), io::stdout().as_raw_handle(), io::stderr().as_raw_handle()];
    let capabilities = [SECURITY_CAPABILITIES { AppContainerSid: container.0, ..Default::default() }];
    let lent = lent([input, output, errors])?;
    let jobs = [job.as_raw_handle()];
    let mut attributes = Attributes::new(3)?;
    attributes.set(PROC_THREAD_ATTRIBUTE_SECURITY_CAPABILITIES, &capabilities)?;
    attributes.set(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &lent)?;
    attributes.set(PROC_THREAD_ATTRIBUTE_JOB_LIST, &jobs)?;

    let mut startup = STARTUPINFOEXW::default();
    startup.StartupInfo.cb = length_of(&startup);
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = input;
    startup.StartupInfo.hStdOutput = output;
    startup.StartupInfo.hStdError = errors;
    startup.lpAttributeList = attributes.list();
    let mut made = PROCESS_INFORMATION::default();
    // SAFETY: the strings end with 0, and `line` may be written to; `startup` is the
    // extended struct, as its length and the flag say; it and what the attributes point
    // to outlive the call; `made` is written only where the call succeeds.
    succeeded(unsafe {
        CreateProcessW(
            program.as_ptr(),
            line.as_mut_ptr(),
            ptr::null(),
            ptr::null(),
            1,
            // Detached: a console shared with a process outside would be a way out.
            EXTENDED_STARTUPINFO_PRESENT | DETACHED_PROCESS,
            ptr::null(),
            ptr::null(),
            (&raw const startup).cast(),
            &raw mut made,
        )
    })?;
    // SAFETY: both handles were just made, and nobody else closes them.
    let (_thread, inner) =
        unsafe { (OwnedHandle::from_raw_handle(made.hThread), OwnedHandle::from_raw_handle(made.hProcess)) };
    Ok(inner)
}

/// Waits for `inner` to end, and gives its exit code.
fn end_of(inner: &OwnedHandle) -> io::Result<i32> {
    let mut code = 0_u32;
    // SAFETY: the handle is open, and was given with the right to wait.
    let waited = unsafe { WaitForSingleObject(inner.as_raw_handle(), INFINITE) };
    succeeded(i32::from(waited == WAIT_OBJECT_0))?;
    // SAFETY: as above; `code` is written only where the call succeeds.
    succeeded(unsafe { GetExitCodeProcess(inner.as_raw_handle(), &raw mut code) })?;
    Ok(code.cast_signed())
}

/// The handles that the inner process inherits, and it inherits no others. The system
/// wants each to be inheritable, and none to be named twice.
fn lent(handles: [HANDLE; 3]) -> io::Result<Vec<HANDLE>> {
    let mut lent: Vec<HANDLE> = Vec::new();
    for handle in handles {
        if handle.is_null() || lent.contains(&handle) {
            continue;
        }
        // SAFETY: the handle is one of this process's own, which stays open.
        succeeded(unsafe { SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) })?;
        lent.push(handle);
    }
    Ok(lent)
}

/// What else there is to say about a process to be made. It points to what it was
/// told, which must live as long.
struct Attributes<'a> {
    // Of words, so that the list is aligned; its shape is the system's secret.
    room: Vec<usize>,
    told: PhantomData<&'a ()>,
}

impl<'a> Attributes<'a> {
    fn new(count: u32) -> io::Result<Self> {
        let mut bytes = 0;
        // SAFETY: without a list the call only says how much room one takes; it is
        // documented to fail.
        unsafe { InitializeProcThreadAttributeList(ptr::null_mut(), count, 0, &raw mut bytes) };
        let mut room = vec![0_usize; bytes.div_ceil(size_of::<usize>())];
        // SAFETY: there is as much room as was asked for.
        succeeded(unsafe {
            InitializeProcThreadAttributeList(room.as_mut_ptr().cast(), count, 0, &raw mut bytes)
        })?;
        Ok(Self { room, told: PhantomData })
    }

    fn set<T>(&mut self, which: u32, told: &'a [T]) -> io::Result<()> {
        // SAFETY: the list was set up in `new` for as many attributes as are set, and
        // `told` lives as long as the list.
        succeeded(unsafe {
            UpdateProcThreadAttribute(
                self.list(),
                0,
                which as usize,
                told.as_ptr().cast(),
                size_of_val(told),
                ptr::null_mut(),
                ptr::null(),
            )
        })
    }

    fn list(&mut self) -> LPPROC_THREAD_ATTRIBUTE_LIST {
        self.room.as_mut_ptr().cast()
    }
}

impl Drop for Attributes<'_> {
    fn drop(&mut self) {
        // SAFETY: the list was set up in `new`, and is not used again.
        unsafe { DeleteProcThreadAttributeList(self.list()) };
    }
}

/// A BOOL of the system's as a result: 0 means that the last error says why.
fn succeeded(outcome: i32) -> io::Result<()> {
    if outcome == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The length in bytes, as the system wants it told.
fn length_of<T>(value: &T) -> u32 {
    u32::try_from(size_of_val(slice::from_ref(value))).unwrap_or(u32::MAX)
}

/// In UTF-16, with a 0 at the end.
fn wide(text: &OsStr) -> Vec<u16> {
    text.encode_wide().chain([0]).collect()
}
