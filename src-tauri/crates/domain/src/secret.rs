//! A key or a password, which shows itself to nobody by accident.

use std::fmt;

use zeroize::Zeroizing;

/// A text that is never written anywhere: it cannot be displayed, compared or stored as
/// data, and its memory is overwritten when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; blanks around it, which come with pasting, are left behind.
    pub fn new(text: String) -> Self {
        let text = Zeroizing::new(text);
        let trimmed = text.trim();
        if trimmed.len() == text.len() { Self(text) } else { Self(Zeroizing::new(trimmed.to_string())) }
    }

    /// The text itself. The reason is for whoever reads or searches the code.
    pub fn expose(&self, _reason: &'static str) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_in_debug() {
        let secret = Secret::new("hf_very_private".into());
        assert!(!format!("{secret:?}{:#?}", Some(&secret)).contains("private"));
    }

    #[test]
    fn blanks_from_pasting_are_left_behind() {
        assert_eq!(Secret::new(" hf_x\n".into()).expose("a test"), "hf_x");
    }
}
