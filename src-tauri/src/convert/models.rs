//! Models and the machine, for the UI.

use std::path::Path;

use sotto_app::{
    App, Bytes, DeviceChoice, EngineState, FirstRun, Fit, Found, GUIDES_NAME, Graphics, Installed, Machine,
    Measured, Offer, OtherApp, Place, Settings, Share, Standing, Transfer, TransferState, Weight,
};

use crate::views::{
    CatalogueEntry, DeviceView, FirstRunStep, FitView, FoundFile, InstalledKind, InstalledModel, LoadWhen,
    MachineView, MeasuredView, ModelSettingsView, ShareView, TransferStateView, TransferView,
};

/// What the Guide is called among the models.
pub const GUIDE: &str = "guide";

pub fn step(step: FirstRun) -> FirstRunStep {
    match step {
        FirstRun::Welcome => FirstRunStep::Welcome,
        FirstRun::Machine => FirstRunStep::Machine,
        FirstRun::Choose => FirstRunStep::Choose,
        FirstRun::Getting => FirstRunStep::Getting,
        FirstRun::Ready => FirstRunStep::Ready,
        FirstRun::Done => FirstRunStep::Done,
    }
}

pub fn stepped(step: FirstRunStep) -> FirstRun {
    match step {
        FirstRunStep::Welcome => FirstRun::Welcome,
        FirstRunStep::Machine => FirstRun::Machine,
        FirstRunStep::Choose => FirstRun::Choose,
        FirstRunStep::Getting => FirstRun::Getting,
        FirstRunStep::Ready => FirstRun::Ready,
        FirstRunStep::Done => FirstRun::Done,
    }
}

pub fn machine(machine: &Machine) -> MachineView {
    let graphics = match &machine.graphics {
        Graphics::NotLookedFor | Graphics::None => None,
        Graphics::Found(cards) => {
            let words = |card: &sotto_app::Card| match card.memory {
                Some(memory) => format!("{} with {}", card.name, Bytes(memory)),
                None => card.name.clone(),
            };
            Some(cards.iter().map(words).collect::<Vec<_>>().join(", "))
        }
    };
    MachineView {
        processor: machine.processor.clone(),
        cores: u32::try_from(machine.cores).unwrap_or(u32::MAX),
        features: machine.features.iter().map(|&feature| feature.to_owned()).collect(),
        memory_bytes: machine.memory.total,
        memory_free_bytes: machine.memory.available,
        disk_free_bytes: machine.disk_free.unwrap_or_default(),
        graphics,
        summary: summary(machine),
    }
}

fn summary(machine: &Machine) -> String {
    if !machine.lacks.is_empty() {
        let lacks = machine.lacks.join(", ");
        return format!(
            "This processor is too old to run a model here: it lacks {lacks}. The rest of Sotto works."
        );
    }
    let memory = Bytes(machine.memory.available);
    match machine.disk_free {
        Some(disk) => format!("There are {memory} of memory free now, and {} on the disk.", Bytes(disk)),
        None => format!("There are {memory} of memory free now."),
    }
}

/// What is left of the speed while other programs work too.
const BESIDE_OTHERS: f64 = 0.7;

pub fn measured(measured: &Measured) -> MeasuredView {
    let words = match &measured.model {
        Some(entry) => {
            let weight = Weight::of(entry);
            let minute = |words: f64| rounded(words * 60.0);
            format!(
                "With {}, this computer should read about {} words a minute and write between {} and {}: \
                 fewer while other programs work.",
                entry.name,
                minute(measured.pace.reads(weight)),
                minute(measured.pace.writes(weight) * BESIDE_OTHERS),
                minute(measured.pace.writes(weight))
            )
        }
        None => measured.why.clone(),
    };
    MeasuredView { words }
}

/// Two figures are as much as an estimate is worth.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a speed is small and above 0
fn rounded(number: f64) -> u32 {
    let step = if number < 100.0 { 5.0 } else { 10f64.powf(number.log10().floor() - 1.0) };
    ((number / step).round() * step) as u32
}

pub fn offer(offer: Offer) -> CatalogueEntry {
    let fit = match offer.fit {
        Fit::Well { .. } => FitView::Well,
        Fit::Tight { .. } => FitView::Tight,
        Fit::No { .. } => FitView::No,
    };
    let needs = match offer.fit {
        Fit::Well { needs, .. } | Fit::Tight { needs, .. } | Fit::No { needs, .. } => needs,
    };
    CatalogueEntry {
        bytes: offer.entry.bytes(),
        vision_bytes: offer.entry.vision.bytes,
        memory_bytes: needs,
        words_per_minute: offer.writes.map(|writes| rounded(writes * 60.0)),
        fit,
        fit_words: offer.fit.to_string(),
        recommended: offer.recommended.is_some(),
        why: offer.recommended,
        installed: offer.installed,
        hash_known: matches!(offer.entry.text.trust, sotto_app::Trust::Pinned(_)),
        id: offer.entry.id,
        name: offer.entry.name,
        good_for: offer.entry.good_for,
    }
}

/// One for each model: its files come one after another.
pub fn transfers(transfers: &[Transfer]) -> Vec<TransferView> {
    let mut shown: Vec<TransferView> = Vec::new();
    for transfer in transfers {
        let next = self::transfer(transfer);
        let Some(model) = shown.iter_mut().find(|model| model.id == next.id) else {
            shown.push(next);
            continue;
        };
        model.total = model.total.saturating_add(next.total);
        if model.state == TransferStateView::Done {
            let done = model.done;
            *model = TransferView { name: model.name.clone(), total: model.total, ..next };
            model.done = model.done.saturating_add(done);
        } else {
            let more = if next.state == TransferStateView::Checking { 0 } else { next.done };
            model.done = model.done.saturating_add(more);
        }
    }
    shown
}

fn transfer(transfer: &Transfer) -> TransferView {
    let (state, trouble) = match &transfer.state {
        TransferState::Waiting | TransferState::Asking => (TransferStateView::Waiting, None),
        TransferState::Checking => (TransferStateView::Checking, None),
        TransferState::Downloading => (TransferStateView::Running, None),
        TransferState::Retrying { why, .. } => (TransferStateView::Waiting, Some(why.clone())),
        TransferState::Paused => (TransferStateView::Paused, None),
        TransferState::Failed { why } => (TransferStateView::Failed, Some(why.clone())),
        TransferState::Done => (TransferStateView::Done, None),
    };
    TransferView {
        id: transfer.model.clone(),
        name: transfer.name.clone(),
        state,
        done: transfer.done,
        total: transfer.total.unwrap_or(transfer.done),
        bytes_per_second: transfer.speed,
        seconds_left: transfer.left,
        trouble,
    }
}

/// All models that are here, the Guide first.
pub fn installed(app: &App) -> Vec<InstalledModel> {
    let in_use = app.models().in_use();
    let guide = app.models().guide().map(|path| InstalledModel {
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
    let models = app.models().library().installed();
    let listed = in_use.as_deref().is_none_or(|path| models.iter().any(|model| model.path == path));
    // What was opened by a path alone is on no list, and in use all the same.
    let unlisted =
        in_use.as_deref().filter(|path| !listed && app.models().guide() != Some(*path)).map(opened);
    let models = models.iter().map(|model| self::model(model, in_use.as_deref()));
    guide.into_iter().chain(unlisted).chain(models).collect()
}

pub fn model(model: &Installed, in_use: Option<&Path>) -> InstalledModel {
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
        sees: model.vision.is_some(),
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
pub fn other_app(other_app: OtherApp) -> &'static str {
    match other_app {
        OtherApp::LmStudio => "LM Studio",
        OtherApp::Ollama => "Ollama",
        OtherApp::HuggingFace => "Hugging Face",
    }
}

pub fn found(found: &Found, from: &str) -> FoundFile {
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
pub fn unusable(path: &Path, why: String) -> FoundFile {
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
pub fn folder_of(path: &Path) -> String {
    path.parent()
        .and_then(Path::file_name)
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

pub fn settings(app: &App) -> ModelSettingsView {
    let Settings { models, network, .. } = app.settings().get();
    let device = |id: &str, name: &str| DeviceView { id: id.into(), name: name.into() };
    ModelSettingsView {
        load: if models.load_at_start { LoadWhen::AtStart } else { LoadWhen::OnDemand },
        idle_minutes: models.idle_minutes,
        share: match models.share {
            Share::All => ShareView::All,
            Share::LessOnBattery => ShareView::LessOnBattery,
            Share::Less => ShareView::Less,
        },
        keep_talks: models.keep_talks,
        mirror: models.mirror.unwrap_or_default(),
        proxy: network.proxy.unwrap_or_default(),
        certificates: network.ca_file.map_or_else(String::new, |path| path.display().to_string()),
        token_kept: app.models().has_hub_token(),
        device: device_name(models.device).into(),
        devices: vec![
            device("automatic", "Automatic"),
            device("processor", "Processor"),
            device("graphics", "Graphics card"),
        ],
        memory_words: memory_words(&app.engine.states().borrow()),
    }
}

fn device_name(device: DeviceChoice) -> &'static str {
    match device {
        DeviceChoice::Automatic => "automatic",
        DeviceChoice::Processor => "processor",
        DeviceChoice::Graphics => "graphics",
    }
}

/// What the model in memory holds in mind, in words.
fn memory_words(state: &EngineState) -> String {
    let (EngineState::Ready { info, .. } | EngineState::Serving { info, .. }) = state else {
        return "How much it holds in mind is decided when it is loaded, by the memory that is free then."
            .into();
    };
    let kept = Bytes(u64::from(info.mind) * info.token_bytes);
    let mind = format!(
        "It holds about {} words in mind, and keeps other conversations ready in up to {kept} besides.",
        words_held(info.context)
    );
    // Where it computes on something else than the user chose, that stands beside the choice.
    info.fell_back.iter().cloned().chain([mind]).collect::<Vec<_>>().join(" ")
}

/// About how many words of English so many tokens are: three for four.
pub fn words_held(tokens: u32) -> u64 {
    u64::from(tokens) * 3 / 4 / 100 * 100
}
