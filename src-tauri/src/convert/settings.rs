//! What is set, as the window shows it, and what it changes.

use sotto_app::{
    App, Change, CloudSettings, DeviceChoice, ModelChange, Settings, Theme, Unread, UnreadField,
};

use crate::views::{
    CloudState, DeviceView, LoadWhen, ModelSettingChange, ModelSettingsView, SettingChange, SettingsView,
};

/// All that the window shows of what is set: it is told when that changes.
pub type Shown = (SettingsView, CloudState, Vec<UnreadField>);

pub fn all(app: &App) -> Shown {
    (view(&app.settings().get()), cloud(app), unread(app))
}

/// Whether anything may leave.
pub fn cloud(app: &App) -> CloudState {
    let CloudSettings { on, monthly_cap, .. } = app.settings().get().cloud;
    CloudState { on, locked: app.cloud().is_locked(), cap: monthly_cap.map(|cap| cap.0) }
}

pub fn view(settings: &Settings) -> SettingsView {
    SettingsView {
        theme: settings.theme,
        text_size: settings.text_size,
        mood: settings.mood,
        banned_phrases: settings.banned.clone(),
        seed: settings.seed.and_then(|seed| u32::try_from(seed).ok()),
        backup_trouble: settings.backups.trouble.clone(),
    }
}

pub fn change(change: SettingChange) -> Change {
    match change {
        SettingChange::Theme(theme) => Change::Theme(theme),
        SettingChange::TextSize(size) => Change::TextSize(size),
        SettingChange::Mood(mood) => Change::Mood(mood),
        SettingChange::Ban(phrase) => Change::Ban(phrase),
        SettingChange::Allow(phrase) => Change::Allow(phrase),
        SettingChange::Seed(seed) => Change::Seed(seed.map(u64::from)),
    }
}

pub fn model_change(change: ModelSettingChange) -> ModelChange {
    let filled = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    match change {
        ModelSettingChange::Load(load) => ModelChange::LoadAtStart(load == LoadWhen::AtStart),
        ModelSettingChange::IdleMinutes(minutes) => ModelChange::IdleMinutes(minutes),
        ModelSettingChange::Share(share) => ModelChange::Share(share),
        ModelSettingChange::KeepTalks(keep) => ModelChange::KeepTalks(keep),
        ModelSettingChange::Device(device) => ModelChange::Device(match device.as_str() {
            "processor" => DeviceChoice::Processor,
            "graphics" => DeviceChoice::Graphics,
            _ => DeviceChoice::Automatic,
        }),
        ModelSettingChange::Mirror(mirror) => ModelChange::Mirror(filled(mirror)),
        ModelSettingChange::Proxy(proxy) => ModelChange::Proxy(filled(proxy)),
        ModelSettingChange::Certificates(file) => ModelChange::CaFile(filled(file).map(Into::into)),
    }
}

pub fn models(app: &App) -> ModelSettingsView {
    let Settings { models, network, .. } = app.settings().get();
    let device = |id: &str, name: &str| DeviceView { id: id.into(), name: name.into() };
    ModelSettingsView {
        load: if models.load_at_start { LoadWhen::AtStart } else { LoadWhen::OnDemand },
        idle_minutes: models.idle_minutes,
        share: models.share,
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
        memory_words: app.models().memory_words(),
    }
}

fn device_name(device: DeviceChoice) -> &'static str {
    match device {
        DeviceChoice::Automatic => "automatic",
        DeviceChoice::Processor => "processor",
        DeviceChoice::Graphics => "graphics",
    }
}

/// What could not be read, each thing by itself.
pub fn unread(app: &App) -> Vec<UnreadField> {
    app.settings().unread().iter().flat_map(Unread::fields).collect()
}

/// The theme of the window's frame; `None` follows the system.
pub fn frame(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}
