//! The web view goes nowhere, whatever is clicked, dragged or scripted in it.

use std::io::Read;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

use crate::desk::Desk;
use crate::window::Window;

#[test]
fn the_window_goes_nowhere_whatever_is_clicked_dragged_or_scripted() {
    let (origin, calls) = somebody_outside();
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let window = Window::open(&desk);
    window.tell("e2e-nowhere", |page| {
        page.write("Message", "half a thought");
        page.ask("window.here = true");
        for (i, way) in WAYS.iter().enumerate() {
            let outside = format!("{origin}/way-{i}");
            for address in [&outside, "file:///etc/passwd", "data:text/html,gone", "about:blank"] {
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
    let calls = calls.lock().unwrap();
    assert!(calls.is_empty(), "nobody outside was to be called: {calls:?}");
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

/// An address on this machine, and what it was asked.
fn somebody_outside() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(Mutex::new(Vec::new()));
    let kept = calls.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A connection is a departure, whether or not anything is said on it.
            let at = kept.lock().unwrap().len();
            kept.lock().unwrap().push(String::new());
            let kept = kept.clone();
            thread::spawn(move || {
                let mut said = vec![0; 256];
                let length = stream.read(&mut said).unwrap_or(0);
                kept.lock().unwrap()[at] = String::from_utf8_lossy(&said[..length]).into_owned();
            });
        }
    });
    (origin, calls)
}
