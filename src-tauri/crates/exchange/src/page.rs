//! A document's blocks as Markdown and as HTML.

use std::{cell::RefCell, fmt::Write};

use sotto_manuscript::{Block, Inline, ListItem, Mark};

use crate::{
    book::Book,
    html, markdown,
    pictures::{self, Source},
};

/// Whose words follow; nobody's, where there are no marks.
pub(crate) type Sign<'s> = &'s dyn Fn(Option<&[Mark]>) -> String;

/// As Markdown is written where nobody asks whose it is.
pub(crate) const UNSIGNED: Sign<'static> = &|_| String::new();

/// A letter of a sign: code points that no text has.
pub(crate) fn is_sign(letter: char) -> bool {
    ('\u{FDD0}'..='\u{FDE0}').contains(&letter)
}

/// What stands around the words: a sign before and behind each stretch, and the footnotes at the end.
pub(crate) struct Signs<'s> {
    pub sign: Sign<'s>,
    pub notes: RefCell<Vec<String>>,
}

impl<'s> Signs<'s> {
    pub fn new(sign: Sign<'s>) -> Self {
        Self { sign, notes: RefCell::default() }
    }

    /// What the footnotes say, as Markdown has it at the end of a text.
    pub fn end(&self) -> String {
        let notes = self.notes.borrow();
        let mut out = String::new();
        for (at, note) in notes.iter().enumerate() {
            let words = note.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = write!(out, "[^{}]: {}\n\n", at + 1, markdown::within_line(&words));
        }
        out
    }
}

/// All of a book as Markdown, with signs before and behind the words.
pub(crate) fn book_markdown(book: &Book, sign: Sign<'_>) -> String {
    let signs = Signs::new(sign);
    let text = book.each(|title, chapter| {
        let heading = title.map_or(String::new(), |(level, title)| {
            format!("{} {}\n\n", "#".repeat(level), markdown::line(title))
        });
        heading
            + &chapter.map_or(String::new(), |chapter| to_markdown(&chapter.document.blocks, &signs) + "\n\n")
    });
    text + &signs.end()
}

pub(crate) fn to_markdown(blocks: &[Block], signs: &Signs<'_>) -> String {
    blocks.iter().map(|block| block_markdown(block, signs)).collect::<Vec<_>>().join("\n\n")
}

fn block_markdown(block: &Block, signs: &Signs<'_>) -> String {
    match block {
        Block::Paragraph { content } => paragraph(content, signs),
        Block::Heading { attrs, content } => {
            format!("{} {}", "#".repeat(attrs.level.into()), line(content, signs).replace("\\\n", " "))
        }
        Block::SceneBreak {} => "***".into(),
        Block::Picture { attrs } => paragraph(&pictures::in_words(attrs), signs),
        Block::Blockquote { content } => indented(&to_markdown(content, signs), "> ", "> "),
        Block::BulletList { content } => {
            items(content, signs).map(|item| indented(&item, "- ", "  ")).collect::<Vec<_>>().join("\n")
        }
        Block::OrderedList { attrs, content } => items(content, signs)
            .zip(attrs.order..)
            .map(|(item, number)| {
                let marker = format!("{number}. ");
                indented(&item, &marker, &" ".repeat(marker.len()))
            })
            .collect::<Vec<_>>()
            .join("\n"),
        Block::CodeBlock { content } => {
            let text = signed_plain(content, signs);
            let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
            let fence = "`".repeat(longest.max(2) + 1);
            format!("{fence}\n{text}\n{fence}")
        }
    }
}

fn items<'a>(content: &'a [ListItem], signs: &'a Signs<'a>) -> impl Iterator<Item = String> + 'a {
    content.iter().map(move |ListItem::ListItem { content }| to_markdown(content, signs))
}

fn indented(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        // An empty line of a quote has its mark, one of a list nothing.
        let mark = if at == 0 { first } else { rest };
        out.push_str(if line.is_empty() { mark.trim_end() } else { mark });
        out.push_str(line);
    }
    out
}

/// What stands at the beginning of a line and would make it something else.
fn paragraph(content: &[Inline], signs: &Signs<'_>) -> String {
    let lines = line(content, signs);
    lines
        .split('\n')
        .map(|whole| {
            let line = whole.trim_start_matches(is_sign);
            let signs = &whole[..whole.len() - line.len()];
            let digits = line.chars().take_while(char::is_ascii_digit).count();
            if digits > 0 && line[digits..].starts_with(['.', ')']) {
                format!("{signs}{}\\{}", &line[..digits], &line[digits..])
            } else if line.starts_with(['-', '+', '=']) {
                format!("{signs}\\{line}")
            } else {
                whole.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn line(content: &[Inline], signs: &Signs<'_>) -> String {
    let mut out = String::new();
    for inline in content {
        match inline {
            Inline::HardBreak { .. } => out.push_str("\\\n"),
            Inline::Footnote { attrs, .. } => {
                let mut notes = signs.notes.borrow_mut();
                notes.push(attrs.text.clone());
                let _ = write!(out, "[^{}]", notes.len());
            }
            Inline::Text { text, marks } => {
                let text = &text.replace(is_sign, "");
                out.push_str(&(signs.sign)(Some(marks)));
                // Marks hold at letters alone: spaces go outside of them.
                let inner = text.trim();
                if inner.is_empty() {
                    out.push_str(text);
                    out.push_str(&(signs.sign)(None));
                    continue;
                }
                let start = text.len() - text.trim_start().len();
                out.push_str(&text[..start]);
                out.push_str(&marked(inner, marks));
                out.push_str(&text[start + inner.len()..]);
                out.push_str(&(signs.sign)(None));
            }
        }
    }
    out
}

fn marked(text: &str, marks: &[Mark]) -> String {
    let has = |wanted: fn(&Mark) -> bool| marks.iter().any(wanted);
    let mut out = if has(|mark| matches!(mark, Mark::Code {})) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest + 1);
        let space = if longest > 0 { " " } else { "" };
        format!("{fence}{space}{text}{space}{fence}")
    } else {
        markdown::within_line(text)
    };
    for (is, sign) in [
        (has(|mark| matches!(mark, Mark::Em {})), "*"),
        (has(|mark| matches!(mark, Mark::Strong {})), "**"),
        (has(|mark| matches!(mark, Mark::Strike {})), "~~"),
    ] {
        if is {
            out = format!("{sign}{out}{sign}");
        }
    }
    match marks.iter().find_map(|mark| if let Mark::Link { attrs } = mark { Some(&attrs.href) } else { None })
    {
        Some(href) => format!("[{out}](<{}>)", href.replace(['<', '>', '\n'], "")),
        None => out,
    }
}

fn plain(content: &[Inline]) -> String {
    let words = content.iter().map(|inline| match inline {
        Inline::Text { text, .. } => text.as_str(),
        // None stands in code.
        Inline::Footnote { .. } => "",
        Inline::HardBreak { .. } => "\n",
    });
    words.collect()
}

fn signed_plain(content: &[Inline], signs: &Signs<'_>) -> String {
    content
        .iter()
        .map(|inline| match inline {
            Inline::Text { text, marks } => {
                (signs.sign)(Some(marks)) + &text.replace(is_sign, "") + &(signs.sign)(None)
            }
            Inline::Footnote { .. } => String::new(),
            Inline::HardBreak { .. } => "\n".to_owned(),
        })
        .collect()
}

/// `above`: how many levels of headings stand above those of the page.
pub(crate) fn to_html(blocks: &[Block], above: u8, source: Source<'_>) -> String {
    let mut out = String::new();
    for block in blocks {
        // Writing into a string does not fail.
        let _ = match block {
            Block::Paragraph { content } => writeln!(out, "<p dir=\"auto\">{}</p>", inline_html(content)),
            Block::Heading { attrs, content } => {
                let level = (attrs.level + above).min(6);
                writeln!(out, "<h{level} dir=\"auto\">{}</h{level}>", inline_html(content))
            }
            Block::SceneBreak {} => writeln!(out, "<hr/>"),
            Block::Picture { attrs } => match source(attrs) {
                Some(source) => writeln!(out, "{}", pictures::figure(attrs, &source)),
                None => {
                    writeln!(out, "<p dir=\"auto\">{}</p>", inline_html(&pictures::in_words(attrs)))
                }
            },
            Block::Blockquote { content } => {
                writeln!(out, "<blockquote>\n{}</blockquote>", to_html(content, above, source))
            }
            Block::BulletList { content } => {
                writeln!(out, "<ul>\n{}</ul>", items_html(content, above, source))
            }
            Block::OrderedList { attrs, content } => {
                writeln!(out, "<ol start=\"{}\">\n{}</ol>", attrs.order, items_html(content, above, source))
            }
            Block::CodeBlock { content } => {
                writeln!(out, "<pre><code>{}</code></pre>", html::escaped(&plain(content)))
            }
        };
    }
    out
}

fn items_html(content: &[ListItem], above: u8, source: Source<'_>) -> String {
    let mut out = String::new();
    for ListItem::ListItem { content } in content {
        let _ = writeln!(out, "<li>{}</li>", to_html(content, above, source));
    }
    out
}

fn inline_html(content: &[Inline]) -> String {
    let mut out = String::new();
    for inline in content {
        match inline {
            // Spelled out before (`notes::spelled`).
            Inline::Footnote { .. } => {}
            Inline::HardBreak { .. } => out.push_str("<br/>\n"),
            Inline::Text { text, marks } => {
                let mut words = html::escaped(text);
                for mark in marks.iter().rev() {
                    words = match mark {
                        Mark::Em {} => format!("<em>{words}</em>"),
                        Mark::Strong {} => format!("<strong>{words}</strong>"),
                        Mark::Strike {} => format!("<s>{words}</s>"),
                        Mark::Code {} => format!("<code>{words}</code>"),
                        Mark::Link { attrs } => {
                            format!("<a href=\"{}\">{words}</a>", html::escaped(&attrs.href))
                        }
                        Mark::Origin { .. } | Mark::Comment { .. } => words,
                    };
                }
                out.push_str(&words);
            }
        }
    }
    out
}
