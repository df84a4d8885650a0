//! What the app says of itself.

use serde_json::json;

use crate::desk::Desk;
use crate::window::Window;

#[test]
fn the_licences_of_all_that_others_made_stand_in_about() {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let window = Window::with_tiny_model(&desk);
    window.tell("e2e-licences", |page| {
        page.press("Settings");
        page.press("About");
        page.ask("document.querySelector('.licences summary').click()");
        let shown = "document.querySelector('.licences pre').textContent";
        // The window's typefaces, a crate of the app, what one builds in, and one of the engine's.
        for words in ["SIL OPEN FONT LICENSE", "rusqlite 0.", "ZETETIC LLC", "mistralrs-core 0."] {
            page.see(words, &format!("{shown}.includes('{words}')"));
        }
    });
    window.close();
}
