//! What stands in the window, by the names that a screen reader would say.

use serde_json::Value;

use crate::driver::{Driver, Element, Outcome};

/// The key, as `WebDriver` writes it.
pub const ENTER: &str = "\u{e007}";

/// The keys that are held while another is pressed.
pub const CONTROL: &str = "\u{e009}";
pub const SHIFT: &str = "\u{e008}";
pub const ESCAPE: &str = "\u{e00c}";
pub const END: &str = "\u{e010}";
pub const HOME: &str = "\u{e011}";
pub const ALT: &str = "\u{e00a}";
pub const TAB: &str = "\u{e004}";
pub const PAGE_DOWN: &str = "\u{e00f}";
pub const LEFT: &str = "\u{e012}";
pub const UP: &str = "\u{e013}";
pub const DOWN: &str = "\u{e015}";
pub const F1: &str = "\u{e031}";
pub const F2: &str = "\u{e032}";
pub const F6: &str = "\u{e036}";
pub const F8: &str = "\u{e038}";
pub const F9: &str = "\u{e039}";

pub struct Page(pub Driver);

impl Page {
    /// Presses the button of this name.
    pub fn press(&self, name: &str) {
        self.press_in("", name);
    }

    /// Presses the button of this name inside of what the path leads to.
    pub fn press_in(&self, path: &str, name: &str) {
        self.click(name, &format!("{path}{}", button(name)));
    }

    /// Presses the button whose words begin so.
    pub fn press_one_like(&self, beginning: &str) {
        let begins = format!(
            "starts-with(normalize-space(), '{beginning}') or starts-with(@aria-label, '{beginning}')"
        );
        self.click(beginning, &format!("//button[not(@disabled)][{begins}]"));
    }

    /// Presses the item of this name in the menu that is open.
    pub fn press_item(&self, name: &str) {
        self.click(name, &format!("//*[@role='menuitem'][normalize-space()='{name}']"));
    }

    /// Opens what is folded under these words.
    pub fn unfold(&self, words: &str) {
        self.click(words, &format!("//details[not(@open)]/summary[normalize-space()='{words}']"));
    }

    /// Chooses the one of several whose words begin so.
    pub fn choose(&self, beginning: &str) {
        let chosen = "//label[.//input[@type='radio' or @type='checkbox']]";
        self.click(beginning, &format!("{chosen}[starts-with(normalize-space(), '{beginning}')]"));
    }

    /// Presses the button of this name, unless it is gone by now.
    pub fn press_if_there(&self, name: &str) {
        // Either way it is the page that tells what came of it.
        let _ = self.0.find(&button(name)).and_then(|button| self.0.click(&button));
    }

    /// Types into the field of this name.
    pub fn write(&self, field: &str, text: &str) {
        let labelled = format!("@id=//label[starts-with(normalize-space(), '{field}')]/@for");
        let path = format!("//*[self::textarea or self::input][@aria-label='{field}' or {labelled}]");
        let found = self.await_one(&path);
        let written = found.and_then(|field| self.0.type_into(&field, text));
        written.unwrap_or_else(|error| panic!("{field} takes no text: {error}"));
    }

    /// Presses keys where the focus is.
    pub fn key(&self, keys: &str) {
        self.chord(&[], keys);
    }

    /// Presses a key while others are held, where the focus is.
    pub fn chord(&self, held: &[&str], key: &str) {
        self.0.keys(held, key).unwrap_or_else(|error| panic!("the key went nowhere: {error}"));
    }

    /// Waits until the condition, a JavaScript expression, holds. It is looked at again whenever
    /// something in the page has changed, and now and then: what is typed in a field, the focus and
    /// the zoom change without a word to whoever watches the document. A condition on what is not
    /// there yet may throw; then it does not hold yet.
    pub fn see(&self, what: &str, condition: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const holds = () => {{ try {{ return Boolean({condition}); }} catch {{ return false; }} }};
             if (holds()) return done(true);
             const look = () => {{
                 if (!holds()) return;
                 watch.disconnect();
                 clearInterval(clock);
                 done(true);
             }};
             const watch = new MutationObserver(look);
             watch.observe(document, {{ subtree: true, childList: true, characterData: true, attributes: true }});
             const clock = setInterval(look, 50);"
        );
        self.0.execute_async(&script).unwrap_or_else(|error| panic!("{what}: never seen ({error})"));
    }

    /// What a JavaScript expression comes to.
    pub fn ask(&self, expression: &str) -> Value {
        let answer = self.0.execute(&format!("return {expression};"));
        answer.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    fn click(&self, what: &str, path: &str) {
        let clicked = self.await_one(path).and_then(|found| self.0.click(&found));
        clicked.unwrap_or_else(|error| panic!("{what} could not be pressed: {error}"));
    }

    /// Wholly in view: the driver does not press what is cut off at an edge.
    fn await_one(&self, path: &str) -> Outcome<Element> {
        let one = format!("document.evaluate(`{path}`, document, null, 9, null).singleNodeValue");
        self.see(path, &one);
        self.0.execute(&format!("{one}?.scrollIntoView({{ block: 'nearest', behavior: 'instant' }});"))?;
        self.0.find(path)
    }
}

/// A disabled button is pressed in vain: it is waited for.
fn button(name: &str) -> String {
    format!(
        "//button[not(@disabled)][@aria-label='{name}' or normalize-space(id(@aria-labelledby))='{name}' \
         or (not(@aria-label or @aria-labelledby) and normalize-space()='{name}')]"
    )
}
