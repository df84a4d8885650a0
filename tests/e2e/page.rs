//! What stands in the window, by the names that a screen reader would say.

use serde_json::Value;

use crate::driver::{Driver, Element, Outcome};

/// The key, as `WebDriver` writes it.
pub const ENTER: &str = "\u{e007}";

pub struct Page(pub Driver);

impl Page {
    /// Presses the button of this name.
    pub fn press(&self, name: &str) {
        self.press_in("", name);
    }

    /// Presses the button of this name inside of what the path leads to.
    pub fn press_in(&self, path: &str, name: &str) {
        let pressed =
            self.await_one(&format!("{path}{}", button(name))).and_then(|button| self.0.click(&button));
        pressed.unwrap_or_else(|error| panic!("{name} could not be pressed: {error}"));
    }

    /// Presses the button of this name, unless it is gone by now.
    pub fn press_if_there(&self, name: &str) {
        // Either way it is the page that tells what came of it.
        let _ = self.0.find(&button(name)).and_then(|button| self.0.click(&button));
    }

    /// Types into the field of this name.
    pub fn write(&self, field: &str, text: &str) {
        let found = self.await_one(&format!("//*[self::textarea or self::input][@aria-label='{field}']"));
        let written = found.and_then(|field| self.0.type_into(&field, text));
        written.unwrap_or_else(|error| panic!("{field} takes no text: {error}"));
    }

    /// Presses a key where the focus is.
    pub fn key(&self, key: &str) {
        let pressed = self.0.focused().and_then(|here| self.0.type_into(&here, key));
        pressed.unwrap_or_else(|error| panic!("the key went nowhere: {error}"));
    }

    /// Waits until the condition, a JavaScript expression, holds. The page itself says
    /// when: it is looked at again whenever something in it has changed.
    pub fn see(&self, what: &str, condition: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const holds = () => Boolean({condition});
             if (holds()) return done(true);
             const watch = new MutationObserver(() => {{
                 if (!holds()) return;
                 watch.disconnect();
                 done(true);
             }});
             watch.observe(document, {{ subtree: true, childList: true, characterData: true, attributes: true }});"
        );
        self.0.execute_async(&script).unwrap_or_else(|error| panic!("{what}: never seen ({error})"));
    }

    /// What a JavaScript expression comes to.
    pub fn ask(&self, expression: &str) -> Value {
        let answer = self.0.execute(&format!("return {expression};"));
        answer.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    fn await_one(&self, path: &str) -> Outcome<Element> {
        self.see(path, &format!("document.evaluate(`{path}`, document, null, 9, null).singleNodeValue"));
        self.0.find(path)
    }
}

fn button(name: &str) -> String {
    format!("//button[@aria-label='{name}' or (not(@aria-label) and normalize-space()='{name}')]")
}
