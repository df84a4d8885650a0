//! The product's story: what happens when the user sends, stops, or asks again.
//!
//! [`App`] is the whole app without a window: a library of conversations, a model
//! that answers, and a few preferences. The shell shows it; `sotto ask` speaks to it.

mod answer_event;
mod arrange;
mod ask;
mod backups;
mod clock;
mod cloud;
mod cloud_link;
mod core;
mod export;
mod guide;
mod home;
mod import;
mod models;
mod open;
mod pictures;
mod proof;
mod question;
mod recorder;
mod records;
mod rewrite;
mod running;
mod send;
mod settings;
mod starting_points;
mod title;

pub use self::core::App;
pub use answer_event::AnswerEvent;
pub use ask::{Agreed, AnswerOptions, Fingerprint, SendError, Sheet, SheetPart};
pub use backups::{BackUpWhy, BackupError, BackupFile, restore_library};
pub use clock::Clock;
pub use cloud::{Account, KeyState, Month, month_of};
pub use cloud_link::AccountError;
pub use export::{ExportError, Selection};
pub use import::ChatsImport;
pub use models::{GUIDES_NAME, Measured, Offer};
pub use open::{OpenError, Options};
pub use pictures::{AttachError, PictureSource, picture_words};
pub use question::Question;
pub use rewrite::{Command as PassageCommand, Given as GivenPart, Passage, PassagePart, ProposalEvent};
pub use settings::{
    BackupSettings, Change, CloudSettings, DeviceChoice, FirstRun, ModelChange, ModelSettings, Mood,
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
pub use sotto_models::{
    Bytes, Fit, Found, Installed, Machine, ModelsError, Offered, OtherApp, Parts, Place, Standing, Taking,
    Transfer, TransferState, Trashed as TrashedModel, Trust, Verdict, Weight,
    machine::{Card, Graphics},
};
pub use sotto_providers::{
    Backend, Base, KeyNeed, Model as CloudModel, Models as ModelList, Price, Provider, Rate, provider,
};
pub use sotto_secrets::{Keep, KeyError, Keys};
pub use sotto_store::{
    Changed, Comparison, Contents, Hit, JournalLine, PageCommand, PageHit, Placed, Store, StoreError,
    Tallies, Tally, TrashKind, Trashed, Version, Why,
};
