//! HTML that any browser shows and that does nothing: no scripts, nothing fetched, and what a
//! model wrote as HTML is shown as it was written.

use std::fmt::Write;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};

use crate::{
    conversation::{Talk, ending, pictures, speaker},
    text::leads_somewhere,
};

pub(crate) use crate::xml::escaped;

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 18px/1.6 Georgia, serif; max-width: 38rem; margin: 3rem auto; padding: 0 1.5rem; }
h1, h2 { line-height: 1.3; font-weight: 600; }
h2.who { font: 600 14px/1.4 system-ui, sans-serif; margin-top: 2.5rem; }
pre, code { font: 15px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; }
hr { border: 0; margin: 2rem 0; text-align: center; }
hr::before { content: \"* * *\"; }
table { border-collapse: collapse; }
td, th { border: 1px solid; padding: 0.2rem 0.6rem; }
figure { margin: 2rem 0; text-align: center; }
figure img { max-width: 100%; height: auto; }
figure.half img { max-width: 50%; }
figcaption { font-size: 0.85em; opacity: 0.75; }
.note { font: 14px/1.5 system-ui, sans-serif; opacity: 0.75; }
";

/// The branch on show.
pub(crate) fn conversation(talk: &Talk) -> String {
    let mut body = format!("<h1 dir=\"auto\">{}</h1>\n", escaped(talk.title()));
    if let Some(project) = &talk.project {
        let _ = writeln!(body, "<p class=\"note\" dir=\"auto\">Project: {}</p>", escaped(project));
    }
    if !talk.conversation.instructions.trim().is_empty() {
        body += "<h2 class=\"who\">Instructions</h2>\n";
        body += &prose(&talk.conversation.instructions);
    }
    for (message, version) in talk.branch() {
        let version = version.map_or(String::new(), |version| format!(" ({version})"));
        let _ =
            write!(body, "<section>\n<h2 class=\"who\">{}</h2>\n", escaped(&(speaker(message) + &version)));
        for picture in pictures(message) {
            let _ = writeln!(body, "<p class=\"note\">{}</p>", escaped(&picture));
        }
        let _ = write!(body, "<div dir=\"auto\">\n{}</div>\n", prose(&message.text));
        for note in message.remark.as_deref().into_iter().chain(ending(message)) {
            let _ = writeln!(body, "<p class=\"note\">{}</p>", escaped(note));
        }
        body += "</section>\n";
    }
    if !talk.conversation.draft.trim().is_empty() {
        body += "<h2 class=\"who\">Not sent yet</h2>\n";
        body += &prose(&talk.conversation.draft);
    }
    page(talk.title(), "", &body)
}

/// A whole page around `body`. Its policy holds whatever stands in it: nothing runs or is fetched.
pub(crate) fn page(title: &str, language: &str, body: &str) -> String {
    let language =
        if language.is_empty() { String::new() } else { format!(" lang=\"{}\"", escaped(language)) };
    format!(
        "<!doctype html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"Sotto\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

/// Markdown as HTML, without what could do anything.
pub(crate) fn prose(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut out = String::new();
    push_html(&mut out, Parser::new_ext(markdown, options).map(harmless));
    out
}

/// The same event, or what may stand in its place.
fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // A picture from elsewhere would tell that somebody reads this: it becomes a link.
        Event::Start(
            Tag::Image { link_type, dest_url, title, id } | Tag::Link { link_type, dest_url, title, id },
        ) => {
            let dest_url = if leads_somewhere(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        other => other,
    }
}
