//! What a text is taken for: its encoding, the end of a scene, an address that leads somewhere.

/// UTF-8, or UTF-16 that says so; else, where no byte speaks against it, the old Western
/// encoding. `None` for what is no text.
pub fn decode(bytes: &[u8]) -> Option<String> {
    let wide = |rest: &[u8], join: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| join([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes.to_vec()).ok().or_else(|| Some(western(bytes))),
    }?;
    // A text has line breaks and tabs, and no other control characters.
    let stray = text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    (!stray).then_some(text)
}

/// Windows-1252: Latin-1, with quotes and dashes where that has nothing.
pub(crate) fn western(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| western_letter(byte)).collect()
}

/// One letter of Windows-1252.
pub(crate) fn western_letter(byte: u8) -> char {
    const MARKS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => MARKS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Whether a line alone means the end of a scene.
pub(crate) fn is_scene_break(line: &str) -> bool {
    matches!(line.trim(), "***" | "* * *" | "---" | "#" | "⁂" | "*" | "•••" | "• • •" | "~" | "###" | "—")
}

/// Whether a link opens a page or a letter, and nothing that runs.
pub(crate) fn leads_somewhere(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|start| address.starts_with(start))
}
