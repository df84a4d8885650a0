//! What the web view may not do: go anywhere, open anything, or end unnoticed.

use tauri::{Url, WebviewWindow, WebviewWindowBuilder};

/// Whether this is a page of our own. Everything else stays outside, whatever was dragged,
/// clicked or scripted.
pub fn is_ours(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) => !cfg!(any(windows, target_os = "android")),
        ("http" | "https", Some("tauri.localhost")) => {
            cfg!(any(windows, target_os = "android")) && url.port().is_none()
        }
        _ => false,
    }
}

/// What the web view would reach in place of a network: a door on this computer that only its
/// administrator could open, and nobody does.
#[cfg(target_os = "linux")]
const NOBODY: &str = "http://127.0.0.1:1";

/// `WebKit` opens a connection to where a page wants to go before it asks whether the page may:
/// so it is given a way out that leads to nobody. Our own page comes by no network.
#[cfg(target_os = "linux")]
pub fn without_network(builder: Builder<'_>) -> Builder<'_> {
    match NOBODY.parse() {
        Ok(nobody) => builder.proxy_url(nobody),
        Err(_) => builder,
    }
}

/// The other systems' web views ask first.
#[cfg(not(target_os = "linux"))]
pub fn without_network(builder: Builder<'_>) -> Builder<'_> {
    builder
}

type Builder<'a> = WebviewWindowBuilder<'a, tauri::Wry, tauri::App>;

/// Starts the page again when the process that draws it has ended: else a painted window
/// would stay, which says what is no longer true.
#[cfg(target_os = "linux")]
pub fn revive(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{WebProcessTerminationReason, WebViewExt};

    window.with_webview(|webview| {
        webview.inner().connect_web_process_terminated(|view, reason| {
            tracing::warn!(?reason, "the web view's process has ended; it is started again");
            if reason != WebProcessTerminationReason::TerminatedByApi {
                view.reload();
            }
        });
    })
}

/// The other systems' web views start again by themselves, or show that they cannot.
#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps)]
pub fn revive(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// The caret stands still. `WebKitGTK` draws the whole window for each blink, which took 4 % of a core
/// where it draws in software, and it goes on while nobody types. It does not heed `gtk-cursor-blink`,
/// but does the length of a blink.
#[cfg(target_os = "linux")]
pub fn still_caret() {
    use gtk::prelude::GtkSettingsExt;

    /// In milliseconds: a day.
    const BLINK: i32 = 86_400_000;
    if let Some(settings) = gtk::Settings::default() {
        settings.set_gtk_cursor_blink_time(BLINK);
    }
}

/// The other systems' web views draw it for next to nothing.
#[cfg(not(target_os = "linux"))]
pub fn still_caret() {}

/// Underlines what is misspelt in these languages: tags such as "en" or "de-CH". Each is looked
/// for with the system's own region first, since dictionaries are of a region.
#[cfg(target_os = "linux")]
pub fn check_spelling(window: &WebviewWindow, languages: Vec<String>) -> tauri::Result<()> {
    use webkit2gtk::{WebContextExt, WebViewExt};

    window.with_webview(move |webview| {
        let Some(context) = webview.inner().context() else { return };
        let named = spelt(&languages, std::env::var("LANG").ok().as_deref());
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        context.set_spell_checking_languages(&named);
        context.set_spell_checking_enabled(!named.is_empty());
    })
}

/// The other systems' web views know the user's languages by themselves.
#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps, clippy::needless_pass_by_value)]
pub fn check_spelling(_window: &WebviewWindow, _languages: Vec<String>) -> tauri::Result<()> {
    Ok(())
}

/// As dictionaries are called: English as that of Britain where that is how the system is set, as
/// that of its largest region else.
#[cfg(target_os = "linux")]
fn spelt(languages: &[String], system: Option<&str>) -> Vec<String> {
    const REGIONS: [(&str, &str); 14] = [
        ("cs", "cs_CZ"),
        ("da", "da_DK"),
        ("de", "de_DE"),
        ("en", "en_US"),
        ("es", "es_ES"),
        ("fr", "fr_FR"),
        ("it", "it_IT"),
        ("nb", "nb_NO"),
        ("nl", "nl_NL"),
        ("pl", "pl_PL"),
        ("pt", "pt_PT"),
        ("ru", "ru_RU"),
        ("sv", "sv_SE"),
        ("uk", "uk_UA"),
    ];
    let system = system.and_then(|set| set.split('.').next()).unwrap_or_default();
    let mut named = Vec::new();
    for language in languages {
        let tag = language.replace('-', "_");
        let plain = tag.len() <= 12 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if tag.is_empty() || !plain {
            continue;
        }
        let region = REGIONS.iter().find(|(short, _)| *short == tag).map(|(_, region)| *region);
        let own = system.split('_').next() == Some(&tag) && system != tag;
        named.push(if own { system.to_owned() } else { region.map_or(tag, str::to_owned) });
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_language_is_spelt_as_in_the_users_own_region() {
        let named = |languages: &[&str], system| {
            spelt(&languages.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>(), system)
        };
        assert_eq!(named(&["en", "de-CH"], Some("en_GB.UTF-8")), ["en_GB", "de_CH"]);
        assert_eq!(named(&["en", "fr", "eo"], None), ["en_US", "fr_FR", "eo"]);
        assert!(named(&["", "../../etc", "e n"], Some("C")).is_empty());
    }

    #[test]
    fn only_pages_of_our_own_are_ours() {
        let ours = if cfg!(windows) { "http://tauri.localhost/index.html" } else { "tauri://localhost/" };
        assert!(is_ours(&ours.parse().unwrap()));
        for other in [
            "http://localhost/",
            "http://127.0.0.1:8080/",
            "https://example.org/",
            "http://tauri.localhost.example.org/",
            "http://tauri.localhost:8080/",
            "tauri://example.org/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "blob:tauri://localhost/x",
            "about:blank",
            "ipc://localhost/quit",
        ] {
            assert!(!is_ours(&other.parse().unwrap()), "{other}");
        }
    }
}
