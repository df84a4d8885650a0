//! The models that are here, as people see them: the Guide, those of ours, files of others.

use std::path::{Path, PathBuf};

use serde::Serialize;
use sotto_models::{Found, Installed, ModelsError, Offered, OtherApp, Place, Standing, Taking, Verdict};
use specta::Type;
use tokio_util::sync::CancellationToken;

use super::{GUIDES_NAME, Models};

/// The id of the Guide among the models.
pub const GUIDE: &str = "guide";

/// A model that is here.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InstalledModel {
    /// What it is asked for by.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it takes on the disk.
    pub bytes: u64,
    /// The file or folder.
    pub place: String,
    /// Whose it is.
    pub kind: InstalledKind,
    /// Whether it answers now.
    pub in_use: bool,
    /// It can be shown pictures as it is.
    pub sees: bool,
    /// "Checked: it is whole.", and why it cannot see, where what lies beside it to see with is of no
    /// use. `None` when it never was checked.
    pub checked: Option<String>,
    /// Its file is not where it was.
    pub missing: bool,
}

/// Whose a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum InstalledKind {
    /// The one that comes with Sotto.
    Guide,
    /// It lies in Sotto's folder.
    Downloaded,
    /// The user opened it from where it lies; it is not the app's to move or throw away.
    File,
}

/// Models in the trash.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelTrash {
    /// All of them.
    pub models: Vec<TrashedModel>,
    /// What emptying it frees.
    pub bytes: u64,
}

/// A model in the trash.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrashedModel {
    /// What it is restored by.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it takes on the disk.
    pub bytes: u64,
}

/// Where models lie.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelsFolder {
    /// Where that is.
    pub path: String,
    /// All that is in it, the trash too.
    pub bytes: u64,
    /// Left on its disk.
    pub free_bytes: u64,
}

/// A file that could be used as a model, or the sentence that says why not.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundFile {
    /// Where it lies.
    pub path: String,
    /// What people call it.
    pub name: String,
    /// What it takes on the disk.
    pub bytes: u64,
    /// "LM Studio", "Ollama", or the folder the user chose it from.
    pub from: String,
    /// Whether it can be used.
    pub usable: bool,
    /// Why it cannot.
    pub why_not: Option<String>,
}

impl Models<'_> {
    /// All models that are here, the Guide first.
    pub fn installed(self) -> Vec<InstalledModel> {
        let in_use = self.in_use();
        let guide = self.guide().map(|path| InstalledModel {
            id: GUIDE.into(),
            name: GUIDES_NAME.into(),
            bytes: std::fs::metadata(path).map_or(0, |file| file.len()),
            place: path.display().to_string(),
            kind: InstalledKind::Guide,
            in_use: in_use.as_deref() == Some(path),
            sees: false,
            checked: None,
            missing: !path.exists(),
        });
        let models = self.library().installed();
        let listed = in_use.as_deref().is_none_or(|path| models.iter().any(|model| model.path == path));
        // What was opened by a path alone is on no list, and in use all the same.
        let unlisted = in_use.as_deref().filter(|path| !listed && self.guide() != Some(*path)).map(opened);
        let models = models.iter().map(|model| shown(model, in_use.as_deref()));
        guide.into_iter().chain(unlisted).chain(models).collect()
    }

    /// One of them.
    pub fn show(self, model: &Installed) -> InstalledModel {
        shown(model, self.in_use().as_deref())
    }

    /// Compares a model with what it should be. `done` is told how many bytes were read.
    ///
    /// # Errors
    /// [`ModelsError`].
    pub async fn verify(
        self,
        id: &str,
        stop: CancellationToken,
        done: impl FnMut(u64) + Send + 'static,
    ) -> Result<InstalledModel, ModelsError> {
        let models = self.library();
        let verdict = models.verify(id, stop, done).await?;
        let mut model = self.show(&models.find(id)?);
        if verdict == Verdict::NothingToCompare {
            model.checked =
                Some("Nobody said what it should be. From now on a change would be noticed.".into());
        }
        Ok(model)
    }

    /// What lies in the trash.
    pub fn trash(self) -> ModelTrash {
        let trash = self.library().trash();
        let bytes = trash.iter().map(|trashed| trashed.bytes).sum();
        let shown =
            |one: sotto_models::Trashed| TrashedModel { id: one.id, name: one.name, bytes: one.bytes };
        ModelTrash { models: trash.into_iter().map(shown).collect(), bytes }
    }

    /// Where models lie, and what they take there. Waits for the disk.
    pub fn folder(self) -> ModelsFolder {
        let models = self.library();
        let here = models.installed().into_iter().filter(|model| model.place == Place::Here);
        let bytes: u64 = here.map(|model| model.weight().files).sum();
        ModelsFolder {
            path: models.folder().display().to_string(),
            bytes: bytes + self.trash().bytes,
            free_bytes: self.machine().disk_free.unwrap_or_default(),
        }
    }

    /// Files of other apps that could be used as they are. Waits for the disk.
    pub fn found(self) -> Vec<FoundFile> {
        let shown = |offered: &Offered| found(&offered.found, other_app(offered.app));
        self.offered_by_others().iter().map(shown).collect()
    }

    /// Looks at a file that the user chose.
    pub async fn look_at(self, path: &Path) -> FoundFile {
        match self.library().look(path).await {
            Ok(file) => found(&file, &folder_of(path)),
            Err(error) => unusable(path, error.to_string()),
        }
    }

    /// Puts a file on the list, where it lies; its model is not used yet.
    ///
    /// # Errors
    /// [`ModelsError`].
    pub async fn take(self, path: PathBuf) -> Result<Installed, ModelsError> {
        let (models, wanted) = (self.library(), path.clone());
        let offered = sotto_domain::waiting(|| self.offered_by_others());
        match offered.into_iter().find(|offered| offered.found.path == wanted) {
            Some(offered) => models.take(offered).await,
            None => models.import(&path, Taking::WhereItLies, CancellationToken::new(), |_| {}).await,
        }
    }
}

fn shown(model: &Installed, in_use: Option<&Path>) -> InstalledModel {
    InstalledModel {
        id: model.id.clone(),
        name: model.name.clone(),
        bytes: model.weight().files,
        place: model.path.display().to_string(),
        kind: match model.place {
            Place::Here => InstalledKind::Downloaded,
            Place::Elsewhere => InstalledKind::File,
        },
        in_use: in_use == Some(&model.path),
        sees: model.sees,
        checked: {
            let standing = match model.standing {
                Standing::Unchecked => None,
                Standing::Verified(_) => Some("Checked: it is whole."),
                Standing::Damaged(_) => Some("It is damaged. Get it again."),
            };
            let said: Vec<&str> = standing.into_iter().chain(model.blind.as_deref()).collect();
            (!said.is_empty()).then(|| said.join(" "))
        },
        missing: !model.path.exists(),
    }
}

fn opened(path: &Path) -> InstalledModel {
    InstalledModel {
        id: path.display().to_string(),
        name: path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        bytes: std::fs::metadata(path).map_or(0, |file| file.len()),
        place: path.display().to_string(),
        kind: InstalledKind::File,
        in_use: true,
        sees: false,
        checked: None,
        missing: !path.exists(),
    }
}

/// What people call another app.
fn other_app(other_app: OtherApp) -> &'static str {
    match other_app {
        OtherApp::LmStudio => "LM Studio",
        OtherApp::Ollama => "Ollama",
        OtherApp::HuggingFace => "Hugging Face",
    }
}

fn found(found: &Found, from: &str) -> FoundFile {
    FoundFile {
        path: found.path.display().to_string(),
        name: found.name.clone(),
        bytes: found.bytes,
        from: from.to_owned(),
        usable: true,
        why_not: None,
    }
}

/// A file that is none of ours, with the sentence that says so.
fn unusable(path: &Path, why: String) -> FoundFile {
    FoundFile {
        path: path.display().to_string(),
        name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        bytes: std::fs::metadata(path).map_or(0, |file| file.len()),
        from: folder_of(path),
        usable: false,
        why_not: Some(why),
    }
}

/// The name of the folder that a file lies in.
fn folder_of(path: &Path) -> String {
    path.parent()
        .and_then(Path::file_name)
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
