//! The web view goes nowhere, whatever is clicked, dragged or scripted in it.

use serde_json::json;
use sotto_stage::Server;

use crate::desk::Desk;
use crate::window::Window;

#[test]
fn the_window_goes_nowhere_whatever_is_clicked_dragged_or_scripted() {
    let outside = Server::open(|_, line| line.hold());
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let window = Window::open(&desk);
    window.tell("e2e-nowhere", |page| {
        page.write("Message", "half a thought");
        page.ask("window.here = true");
        for (i, way) in WAYS.iter().enumerate() {
            let target = outside.at(&format!("/way-{i}"));
            for address in [&target, "file:///etc/passwd", "data:text/html,gone", "about:blank"] {
                let way = way.replace("ADDRESS", address);
                page.ask(&format!("(() => {{ try {{ {way} }} catch {{}} }})()"));
                // The answer comes by way of whoever decides where the page goes.
                let here = page.ask("window.here === true && location.href.startsWith('tauri://localhost')");
                assert_eq!(here, true, "way {i}, {address}: {way}");
            }
        }
        page.see(
            "the window as it was",
            "document.querySelector('textarea[aria-label=Message]')?.value === 'half a thought'",
        );
    });
    window.close();
    // A connection is a departure, whether or not anything is said on it.
    let requests = outside.requests();
    assert_eq!(outside.connections(), 0, "nobody outside was to be called: {requests:?}");
}

/// Each of them takes a page elsewhere where nobody forbids it.
const WAYS: [&str; 9] = [
    "location.href = 'ADDRESS'",
    "location.assign('ADDRESS')",
    "location.replace('ADDRESS')",
    "window.open('ADDRESS')",
    "const a = Object.assign(document.createElement('a'), { href: 'ADDRESS' }); document.body.append(a); a.click(); a.remove()",
    "const a = Object.assign(document.createElement('a'), { href: 'ADDRESS', target: '_blank' }); document.body.append(a); a.click(); a.remove()",
    "const a = Object.assign(document.createElement('a'), { href: 'ADDRESS', download: 'x' }); document.body.append(a); a.click(); a.remove()",
    "const f = Object.assign(document.createElement('form'), { action: 'ADDRESS' }); document.body.append(f); f.submit(); f.remove()",
    "const m = Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=ADDRESS' }); document.head.append(m); m.remove()",
];
