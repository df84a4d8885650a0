//! The product's story: what happens when the user sends, stops, or asks again.
//!
//! [`App`] is the whole app without a window. It hands out rooms over a core that they share:
//! [`Chats`], [`Pages`], [`Projects`], [`Models`], [`Cloud`], [`Preferences`], [`Backups`]; chats and
//! pages have their answers from `ask`. The shell shows them; `sotto ask` speaks to them.

mod app;
mod ask;
mod backups;
mod chats;
mod clock;
mod cloud;
mod cloud_link;
mod core;
mod home;
mod library;
mod models;
mod open;
mod pages;
mod pictures;
mod preferences;
mod projects;
mod running;
mod settings;
mod words;

pub use app::App;
pub use ask::{Agreed, AnswerOptions, Fingerprint, SendError, Sheet, SheetPart};
pub use backups::{BackUpWhy, BackupError, BackupFile, Backups, restore_library};
pub use chats::{AnswerEvent, Chats, ChatsImport, Question, picture_cost};
pub use clock::Clock;
pub use cloud::{
    Account, Cloud, GoesTo, KeyState, Month, MonthSum, Near, NoMonth, ProjectSum, ProviderSum, Sums, Total,
    month_of,
};
pub use cloud_link::AccountError;
pub use library::{LibraryError, Recovery, RecoveryError, recover};
pub use models::{
    CatalogueEntry, FitKind, FoundFile, GUIDE, GUIDES_NAME, InstalledKind, InstalledModel, MachineSummary,
    Measured, ModelTransfer, ModelTransferState, ModelTrash, Models, ModelsFolder, TrashedModel,
    model_transfers, words_held,
};
pub use open::{OpenError, Options};
pub use pages::{Command as PassageCommand, Given as GivenPart, Pages, Passage, PassagePart, ProposalEvent};
pub use pictures::{AttachError, PictureSource};
pub use preferences::Preferences;
pub use projects::{ExportError, FirstLine, FirstLines, Projects, Selection};
pub use settings::{
    BackupSettings, Change, CloudSettings, DeviceChoice, FirstRun, ModelChange, ModelSettings,
    NetworkSettings, ProviderSettings, Settings, Share, Theme, Unread, UnreadField,
};

// The shell knows everything beneath through us alone.
pub use sotto_egress::{Reach, Refusal};
pub use sotto_engine_client::{Attempt, Barred, Engine, EngineState, Tried};
pub use sotto_exchange::{
    ChatArchive, ChatsEnd, File, Form, Found as FoundChat, ImportError, Imported, LONGEST_FILE, Names,
    TrackedChanges, decode, import as read_file, import_scrivener as read_scrivener, read_chats, read_jan,
};
pub use sotto_guide::{Page as HelpPage, pages as help_pages, search as search_help};
pub use sotto_manuscript::{Change as TextChange, Document, Piece, Step, Totals, changes};
pub use sotto_models::{Bytes, Installed, ModelsError, Parts, Taking, Verdict};
pub use sotto_pictures::MOST_BYTES as LARGEST_PICTURE;
pub use sotto_providers::{
    Backend, Base, KeyNeed, Model as CloudModel, Models as ModelList, Price, Provider, Rate, provider,
};
pub use sotto_secrets::{Keep, KeptIn, KeyError, Keys, NoRecoveryKey, read_recovery_key};
pub use sotto_store::{
    Changed, Comparison, Contents, Hit, JournalLine, Ordered, PageCommand, PageHit, Placed, Store,
    StoreError, Tallies, Tally, TrashKind, Trashed, Version, Why,
};
