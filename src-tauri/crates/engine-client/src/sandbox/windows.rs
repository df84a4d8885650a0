//! The bar on Windows is the engine's own doing: it steps into an `AppContainer`. What
//! is done here is to open to that container the few files that the engine needs, for
//! it can read next to nothing of the person's.

#![allow(unsafe_code)] // the access lists of files; each with its reason below

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::windows::{fs::OpenOptionsExt, io::AsRawHandle},
    path::Path,
    ptr,
};

use tokio::process::Command;
use windows_sys::{
    Win32::{
        Foundation::{ERROR_SUCCESS, LocalFree, WIN32_ERROR},
        Security::{
            ACE_FLAGS, ACL,
            Authorization::{
                EXPLICIT_ACCESS_W, GetSecurityInfo, SE_FILE_OBJECT, SET_ACCESS, SetEntriesInAclW,
                SetSecurityInfo, TRUSTEE_IS_SID, TRUSTEE_W,
            },
            DACL_SECURITY_INFORMATION, FreeSid,
            Isolation::DeriveAppContainerSidFromAppContainerName,
            NO_INHERITANCE, PSID, SUB_CONTAINERS_AND_OBJECTS_INHERIT,
        },
        Storage::FileSystem::{
            DELETE, FILE_FLAG_BACKUP_SEMANTICS, FILE_GENERIC_EXECUTE, FILE_GENERIC_READ, FILE_GENERIC_WRITE,
            READ_CONTROL, WRITE_DAC,
        },
        System::Threading::CREATE_NO_WINDOW,
    },
    w,
};

const READ: u32 = FILE_GENERIC_READ | FILE_GENERIC_EXECUTE;
const WRITE: u32 = READ | FILE_GENERIC_WRITE | DELETE;

/// Keeps a console window from opening beside the app's, and opens the program to its
/// container. Where it is installed for everybody the system has done so already, and
/// does not let us: that it cannot be done is no error.
pub(super) fn bar(command: &mut Command) {
    command.creation_flags(CREATE_NO_WINDOW);
    let program = Path::new(command.as_std().get_program()).to_owned();
    let granted = Container::of_the_engine().and_then(|engine| engine.grant(&program, READ, NO_INHERITANCE));
    if let Err(error) = granted {
        tracing::debug!(%error, "the engine's program keeps its access list");
    }
}

/// Opens `scratch` to the engine for writing, and the folder of `model` for reading.
pub(super) fn admit(model: &Path, scratch: &Path) -> io::Result<()> {
    let engine = Container::of_the_engine()?;
    fs::create_dir_all(scratch)?;
    engine.grant_with_files(scratch, WRITE, SUB_CONTAINERS_AND_OBJECTS_INHERIT)?;
    let folder = if model.is_file() { model.parent().unwrap_or(model) } else { model };
    engine.grant_with_files(folder, READ, NO_INHERITANCE)
}

/// Opens one file to the engine for reading.
pub(super) fn show(file: &Path) -> io::Result<()> {
    Container::of_the_engine()?.grant(file, READ, NO_INHERITANCE)
}

/// The identifier of the engine's container, freed at the end.
struct Container(PSID);

impl Container {
    fn of_the_engine() -> io::Result<Self> {
        let mut sid = ptr::null_mut();
        // SAFETY: the name ends with 0 and lives for ever, and is the one by which the
        // engine makes its container; `sid` is written only where the call succeeds.
        let outcome = unsafe { DeriveAppContainerSidFromAppContainerName(w!("Sotto.Engine"), &raw mut sid) };
        if outcome < 0 {
            return Err(io::Error::other(format!("the engine's container has no name ({outcome:#010x})")));
        }
        Ok(Self(sid))
    }

    /// Grants `rights` to `folder` and to each file that lies in it, but not to what
    /// lies deeper: a model's folder has no folders that the engine reads, and one may
    /// well be somebody's whole collection of downloads.
    fn grant_with_files(&self, folder: &Path, rights: u32, inheritance: ACE_FLAGS) -> io::Result<()> {
        self.grant(folder, rights, inheritance)?;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                self.grant(&path, rights, NO_INHERITANCE)?;
            }
        }
        Ok(())
    }

    /// Allows the engine these `rights` on `path`, and changes nothing for anybody else.
    /// A link is followed: it is the file at its end that the engine will open.
    fn grant(&self, path: &Path, rights: u32, inheritance: ACE_FLAGS) -> io::Result<()> {
        // Folders, too, open only with this flag.
        let file = OpenOptions::new()
            .access_mode(READ_CONTROL | WRITE_DAC)
            .custom_flags(FILE_FLAG_BACKUP_SEMANTICS)
            .open(path)?;
        let (_descriptor, old) = access_list(&file)?;
        // No list at all lets everybody in, as on a memory stick. One with the engine
        // alone on it would shut everybody else out.
        if old.is_null() {
            return Ok(());
        }
        let entry = EXPLICIT_ACCESS_W {
            grfAccessPermissions: rights,
            // In the place of what the engine was allowed before: the list must not grow
            // with each start.
            grfAccessMode: SET_ACCESS,
            grfInheritance: inheritance,
            // For this form of trustee the name is the identifier.
            Trustee: TRUSTEE_W {
                TrusteeForm: TRUSTEE_IS_SID,
                ptstrName: self.0.cast(),
                ..Default::default()
            },
        };
        let mut new = ptr::null_mut();
        // SAFETY: there is one entry, and it and what it points to outlive the call;
        // `old` lives as long as its descriptor; `new` is written where the call succeeds.
        succeeded(unsafe { SetEntriesInAclW(1, &raw const entry, old, &raw mut new) })?;
        let new = Allocation(new.cast());
        // SAFETY: the handle is open with the right to do this, and of the list alone
        // is it said that it is to be set.
        succeeded(unsafe {
            SetSecurityInfo(
                file.as_raw_handle(),
                SE_FILE_OBJECT,
                DACL_SECURITY_INFORMATION,
                ptr::null_mut(),
                ptr::null_mut(),
                new.0.cast(),
                ptr::null(),
            )
        })
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // SAFETY: the identifier is the system's allocation, ours to free, and freed once.
        unsafe { FreeSid(self.0) };
    }
}

/// Who may do what with `file`: a list that lies in the descriptor beside it.
fn access_list(file: &File) -> io::Result<(Allocation, *mut ACL)> {
    let (mut descriptor, mut list) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the handle is open with the right to read this; the owner, the group and
    // the audit list are not asked for; the rest is written where the call succeeds.
    succeeded(unsafe {
        GetSecurityInfo(
            file.as_raw_handle(),
            SE_FILE_OBJECT,
            DACL_SECURITY_INFORMATION,
            ptr::null_mut(),
            ptr::null_mut(),
            &raw mut list,
            ptr::null_mut(),
            &raw mut descriptor,
        )
    })?;
    Ok((Allocation(descriptor), list))
}

/// Memory that the system allocated, freed at the end.
struct Allocation(*mut std::ffi::c_void);

impl Drop for Allocation {
    fn drop(&mut self) {
        // SAFETY: the documentation of what gave it to us says to free it so.
        unsafe { LocalFree(self.0) };
    }
}

/// These functions return their error.
fn succeeded(outcome: WIN32_ERROR) -> io::Result<()> {
    match outcome {
        ERROR_SUCCESS => Ok(()),
        error => Err(io::Error::from_raw_os_error(error.cast_signed())),
    }
}
