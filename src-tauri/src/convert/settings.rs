//! What is set, as the window shows it, and what it changes.

use sotto_app::{
    App, Change, CloudSettings, DeviceChoice, ModelChange, Mood, Settings, Share, Theme, Unread, UnreadField,
};

use crate::views::{
    CloudState, LoadWhen, ModelSettingChange, MoodView, SettingChange, SettingsView, ShareView, ThemeView,
    UnreadView,
};

/// All that the window shows of what is set: it is told when that changes.
pub type Shown = (SettingsView, CloudState, Vec<UnreadView>);

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
        theme: match settings.theme {
            Theme::System => ThemeView::System,
            Theme::Light => ThemeView::Light,
            Theme::Dark => ThemeView::Dark,
        },
        text_size: settings.text_size,
        mood: match settings.mood {
            Mood::Precise => MoodView::Precise,
            Mood::Balanced => MoodView::Balanced,
            Mood::Imaginative => MoodView::Imaginative,
        },
        banned_phrases: settings.banned.clone(),
        seed: settings.seed.and_then(|seed| u32::try_from(seed).ok()),
        backup_trouble: settings.backups.trouble.clone(),
    }
}

pub fn change(change: SettingChange) -> Change {
    match change {
        SettingChange::Theme(theme) => Change::Theme(match theme {
            ThemeView::System => Theme::System,
            ThemeView::Light => Theme::Light,
            ThemeView::Dark => Theme::Dark,
        }),
        SettingChange::TextSize(size) => Change::TextSize(size),
        SettingChange::Mood(mood) => Change::Mood(match mood {
            MoodView::Precise => Mood::Precise,
            MoodView::Balanced => Mood::Balanced,
            MoodView::Imaginative => Mood::Imaginative,
        }),
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
        ModelSettingChange::Share(share) => ModelChange::Share(match share {
            ShareView::All => Share::All,
            ShareView::LessOnBattery => Share::LessOnBattery,
            ShareView::Less => Share::Less,
        }),
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

/// What could not be read, each thing by itself.
pub fn unread(app: &App) -> Vec<UnreadView> {
    let shown = |UnreadField { key, sentence, settle }| UnreadView { key, sentence, settle: settle.into() };
    app.settings().unread().iter().flat_map(Unread::fields).map(shown).collect()
}

/// The theme of the window's frame; `None` follows the system.
pub fn frame(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}
