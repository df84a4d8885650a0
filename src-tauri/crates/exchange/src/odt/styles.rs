//! What the styles of an `OpenDocument` file say that means something for a text.

use std::collections::HashMap;

use sotto_manuscript::Mark;

use crate::xml::{Attributes, Pieces, Xml};

/// The styles of a file.
#[derive(Default)]
pub(super) struct Styles {
    /// By a style's name: the one that it is based on, and its marks.
    styles: HashMap<String, (String, Vec<Mark>)>,
    /// The lists with numbers, and where they begin to count.
    pub numbers: HashMap<(String, usize), u32>,
}

impl Styles {
    pub fn read(&mut self, xml: &str) {
        let (mut style, mut list) = (None::<String>, None::<String>);
        for piece in Pieces::new(xml) {
            match piece {
                Xml::Start(name, attributes) => match name.as_str() {
                    "style" => {
                        let id = attributes.get("name").unwrap_or_default().to_owned();
                        let parent = attributes.get("parent-style-name").unwrap_or_default().to_owned();
                        self.styles.insert(id.clone(), (parent, vec![]));
                        style = Some(id);
                    }
                    "text-properties" => {
                        if let Some((_, marks)) = style.as_ref().and_then(|style| self.styles.get_mut(style))
                        {
                            *marks = text_marks(&attributes);
                        }
                    }
                    "list-style" => list = attributes.get("name").map(str::to_owned),
                    "list-level-style-number" => {
                        let level = attributes.get("level").and_then(|level| level.parse().ok()).unwrap_or(1);
                        let start =
                            attributes.get("start-value").and_then(|start| start.parse().ok()).unwrap_or(1);
                        let counts = attributes.get("num-format").is_none_or(|format| !format.is_empty());
                        if let (Some(list), true) = (&list, counts) {
                            self.numbers.insert((list.clone(), level), start);
                        }
                    }
                    _ => {}
                },
                Xml::End(name) => match name.as_str() {
                    "style" => style = None,
                    "list-style" => list = None,
                    _ => {}
                },
                Xml::Text(_) => {}
            }
        }
    }

    pub fn marks(&self, style: &str) -> Vec<Mark> {
        match style {
            "Emphasis" => vec![Mark::Em {}],
            "Strong_20_Emphasis" => vec![Mark::Strong {}],
            "Source_20_Text" => vec![Mark::Code {}],
            _ => self.styles.get(style).map(|(_, marks)| marks.clone()).unwrap_or_default(),
        }
    }

    /// Whether a style is this one, or based on it.
    pub fn is(&self, style: &str, wanted: &[&str]) -> bool {
        let mut style = style;
        for _ in 0..10 {
            if wanted.contains(&style) {
                return true;
            }
            let Some((parent, _)) = self.styles.get(style) else { return false };
            style = parent;
        }
        false
    }
}

fn text_marks(attributes: &Attributes) -> Vec<Mark> {
    let mut marks = Vec::new();
    if matches!(attributes.get("font-style"), Some("italic" | "oblique")) {
        marks.push(Mark::Em {});
    }
    if attributes
        .get("font-weight")
        .is_some_and(|weight| matches!(weight, "bold" | "600" | "700" | "800" | "900"))
    {
        marks.push(Mark::Strong {});
    }
    if attributes.get("text-line-through-style").is_some_and(|style| style != "none") {
        marks.push(Mark::Strike {});
    }
    marks
}
