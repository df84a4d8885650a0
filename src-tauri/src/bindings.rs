//! The one list of what the window may ask and hear; the TypeScript side is made of it.

use tauri_specta::{Builder, collect_commands, collect_events};

use crate::{
    commands::{
        backups, chats, cloud, help, import, models, page_pictures, pages, pictures, privacy, projects,
        settings, starting_points, window,
    },
    events::{
        EngineChanged, FilesOver, LibraryChanged, MenuChosen, ModelsChanged, SettingsChanged,
        TransfersChanged,
    },
};

#[allow(clippy::too_many_lines)] // One line for each command; a list is not split.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        .commands(collect_commands![
            chats::library,
            chats::open_conversation,
            chats::read_messages,
            chats::create_conversation,
            chats::rename_conversation,
            chats::move_conversation,
            chats::set_instructions,
            chats::leave_out,
            chats::save_draft,
            chats::trash,
            chats::restore,
            chats::empty_trash,
            chats::search,
            chats::stop,
            chats::export_conversation,
            chats::choose_alternative,
            chats::decide_comparison,
            chats::comparisons,
            pages::create_page,
            pages::read_page,
            pages::save_page,
            pages::rename_page,
            pages::set_page_language,
            pages::set_page_goal,
            pages::split_page,
            pages::merge_page,
            pages::duplicate_page,
            pages::page_commands,
            pages::add_page_command,
            pages::remove_page_command,
            pages::check_spelling,
            pages::project_totals,
            pages::move_page,
            pages::arrange,
            pages::set_hands_off,
            pages::search_pages,
            pages::propose,
            pages::proposal_sheet,
            pages::stop_proposal,
            pages::take_version,
            pages::versions,
            pages::version_document,
            pages::compare_version,
            pages::page_totals,
            pages::export_page,
            pages::export_pages,
            import::import_files,
            import::stop_import,
            import::page_from_conversation,
            projects::create_project,
            projects::update_project,
            projects::set_project_mood,
            projects::ban_in_project,
            projects::first_lines,
            starting_points::save_starting_point,
            starting_points::delete_starting_point,
            starting_points::reset_starting_point,
            pictures::attach_pictures,
            pictures::paste_picture,
            pictures::paste_clipboard,
            pictures::take_dropped,
            pictures::detach_picture,
            pictures::picture,
            page_pictures::choose_page_pictures,
            page_pictures::paste_page_picture,
            page_pictures::paste_page_clipboard,
            page_pictures::take_page_pictures,
            page_pictures::page_picture,
            cloud::ask,
            cloud::sheet,
            cloud::cloud,
            cloud::set_cloud,
            cloud::set_monthly_cap,
            cloud::set_offline_lock,
            cloud::providers,
            cloud::set_provider,
            cloud::set_provider_free,
            cloud::save_key,
            cloud::forget_key,
            cloud::test_key,
            cloud::cloud_models,
            cloud::open_page,
            cloud::set_leaving,
            cloud::set_project_leaving,
            cloud::ledger,
            cloud::export_ledger,
            cloud::journal,
            cloud::export_journal,
            models::engine,
            models::choose_model,
            models::first_run,
            models::set_first_run_step,
            models::look_at_machine,
            models::measure_machine,
            models::catalogue,
            models::get_model,
            models::get_other,
            models::transfers,
            models::pause_transfer,
            models::resume_transfer,
            models::cancel_transfer,
            models::put_away_transfer,
            models::installed_models,
            models::use_model,
            models::verify_model,
            models::remove_model,
            models::restore_model,
            models::model_trash,
            models::empty_model_trash,
            models::models_folder,
            models::choose_folder,
            models::move_models,
            models::found_files,
            models::choose_file,
            models::use_file,
            models::model_settings,
            models::change_model_setting,
            models::set_access_token,
            models::version,
            models::home_folder,
            models::open_home_folder,
            help::help,
            help::search_help,
            privacy::prove_bar,
            privacy::key_place,
            privacy::show_recovery_key,
            backups::backups,
            backups::back_up,
            backups::choose_backup_folder,
            backups::keep_backups_at_home,
            backups::merge_backup,
            backups::restore_backup,
            settings::settings,
            settings::change_setting,
            settings::unread_settings,
            settings::settle_setting,
            window::window_state,
            window::save_window_state,
            window::set_zoom,
            window::toggle_full_screen,
            window::quit,
        ])
        .constant("LARGEST_PICTURE", sotto_app::LARGEST_PICTURE)
        .events(collect_events![
            EngineChanged,
            FilesOver,
            LibraryChanged,
            MenuChosen,
            ModelsChanged,
            SettingsChanged,
            TransfersChanged
        ])
        // Ids and times stay far below 2^53.
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use specta_typescript::Typescript;

    /// `UPDATE_BINDINGS=1 cargo test -p sotto bindings` writes them anew.
    #[test]
    fn the_typescript_side_is_up_to_date() {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/backend/bindings.gen.ts");
        let folder = tempfile::tempdir().unwrap();
        let fresh = folder.path().join("bindings.ts");
        super::builder().export(Typescript::default(), &fresh).unwrap();
        let fresh = fs::read_to_string(fresh).unwrap();
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            fs::write(&committed, &fresh).unwrap();
        }
        let committed = fs::read_to_string(committed).unwrap_or_default();
        assert!(committed == fresh, "run UPDATE_BINDINGS=1 cargo test -p sotto bindings");
    }
}
