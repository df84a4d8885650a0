//! Plain text and Markdown as the document of a page.

use std::collections::HashMap;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use sotto_manuscript::{Document, Mark};

use crate::{
    builder::{Builder, Line},
    gathering::imported,
    text::is_scene_break,
};

/// A text without marks: paragraphs are set apart by empty lines, or, where there are none, each
/// line is one. `name`: of its file.
pub fn from_text(text: &str, name: &str) -> Document {
    let mut builder = Builder::new(Some(imported(name)));
    plain(text, &mut builder);
    builder.finish()
}

pub(crate) fn plain(text: &str, builder: &mut Builder) {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
    let apart = text.trim().contains("\n\n");
    let paragraphs: Vec<&str> = if apart { text.split("\n\n").collect() } else { text.split('\n').collect() };
    for paragraph in paragraphs {
        let paragraph = paragraph.trim_matches('\n');
        if paragraph.trim().is_empty() {
            continue;
        }
        if is_scene_break(paragraph) {
            builder.scene_break();
            continue;
        }
        builder.begin_line(Line::Paragraph);
        for (at, line) in paragraph.split('\n').enumerate() {
            if at > 0 {
                builder.hard_break();
            }
            builder.text(line);
        }
        builder.end_line();
    }
}

/// A text with Markdown's marks. What a page cannot hold stays as it was written. `name`: of its
/// file.
pub fn from_markdown(text: &str, name: &str) -> Document {
    let mut builder = Builder::new(Some(imported(name)));
    markdown(text, &mut builder);
    builder.finish()
}

pub(crate) fn markdown(text: &str, builder: &mut Builder) {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let notes = footnotes(Parser::new_ext(text, options));
    let mut in_note = false;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => in_note = true,
            Event::End(TagEnd::FootnoteDefinition) => in_note = false,
            // It stands where it is spoken of.
            _ if in_note => {}
            Event::Start(tag) => start(builder, tag),
            Event::End(tag) => end(builder, tag),
            Event::Text(text) => builder.text(&text),
            Event::Code(text) => {
                builder.mark(Mark::Code {});
                builder.text(&text);
                builder.unmark();
            }
            Event::SoftBreak => builder.text(" "),
            Event::HardBreak => builder.hard_break(),
            Event::Rule => builder.scene_break(),
            // As it was written: nothing is dropped in silence.
            Event::Html(text) | Event::InlineHtml(text) => builder.text(text.trim_end_matches('\n')),
            Event::FootnoteReference(name) => match notes.get(&*name) {
                Some(note) => builder.footnote(note),
                None => builder.text(&format!("[^{name}]")),
            },
            Event::InlineMath(text) | Event::DisplayMath(text) => {
                builder.text(&text);
            }
            Event::TaskListMarker(done) => builder.text(if done { "[x] " } else { "[ ] " }),
        }
    }
}

/// What each footnote says, in words alone, by its name.
fn footnotes<'t>(events: impl Iterator<Item = Event<'t>>) -> HashMap<String, String> {
    let mut notes = HashMap::new();
    let mut name: Option<String> = None;
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(begun)) => name = Some(begun.into_string()),
            Event::End(TagEnd::FootnoteDefinition) => name = None,
            _ => {
                let Some(name) = &name else { continue };
                let note: &mut String = notes.entry(name.clone()).or_default();
                match event {
                    Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                        note.push_str(&text);
                    }
                    Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => note.push(' '),
                    _ => {}
                }
            }
        }
    }
    notes
}

fn start(builder: &mut Builder, tag: Tag<'_>) {
    match tag {
        Tag::Paragraph => builder.begin_line(Line::Paragraph),
        Tag::Heading { level, .. } => builder.begin_line(Line::Heading(height(level))),
        Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => builder.begin_line(Line::Code),
        Tag::BlockQuote(_) => builder.quote(),
        Tag::List(order) => builder.list(order.map(|order| u32::try_from(order).unwrap_or(1))),
        Tag::Item => builder.item(),
        Tag::Emphasis => builder.mark(Mark::Em {}),
        Tag::Strong => builder.mark(Mark::Strong {}),
        Tag::Strikethrough => builder.mark(Mark::Strike {}),
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => builder.link(&dest_url),
        _ => {}
    }
}

fn end(builder: &mut Builder, tag: TagEnd) {
    match tag {
        TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock => builder.end_line(),
        TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => builder.close_last(),
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => {
            builder.unmark();
        }
        _ => {}
    }
}

fn height(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => 4,
    }
}
