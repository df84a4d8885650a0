//! Names of files: what a title becomes where every system takes it, each given once.

use std::collections::HashSet;

/// The longest name, in bytes: some systems end at 143, and a number and an ending follow.
const LONGEST: usize = 100;

/// Names that are taken in a folder.
#[derive(Debug, Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// A name for `title` that was not given yet, without an ending; `untitled` where nothing of
    /// it is left.
    pub fn name(&mut self, title: &str, untitled: &str) -> String {
        let plain = plain(title);
        let plain = if plain.is_empty() { untitled.to_owned() } else { plain };
        let mut name = plain.clone();
        // Some systems do not tell capitals apart.
        for number in 2.. {
            if self.0.insert(name.to_lowercase()) {
                break;
            }
            name = format!("{plain} ({number})");
        }
        name
    }
}

fn plain(title: &str) -> String {
    let kept: String = title
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { ' ' } else { c })
        // What turns the direction of writing makes one ending look like another.
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect();
    let mut name = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
        name.truncate(end);
    }
    // Hidden where it begins with a point; Windows drops points and spaces at the end.
    let name = name.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']).to_owned();
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (["COM", "LPT"].iter().any(|port| stem.starts_with(port)) && stem.chars().count() == 4);
    if device { format!("{name}_") } else { name }
}
