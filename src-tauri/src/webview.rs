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

#[cfg(test)]
mod tests {
    use super::*;

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
