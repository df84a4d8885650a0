//! Where the words of pages came from, for people to read: how many came how, and the text with
//! each stretch marked by a line and a word, never by colour alone.

use std::fmt::Write;

use sotto_manuscript::{How, Origin, Totals};

use crate::{Book, html};

const STYLE: &str = "<style>
.stretches { white-space: pre-wrap; }
.stretches span { text-decoration: underline 2px; text-underline-offset: 4px; }
.pasted, .imported { text-decoration-style: dotted !important; }
.here { text-decoration-style: dashed !important; }
.elsewhere { text-decoration-style: double !important; }
.stretches sup { font: 11px/1 system-ui, sans-serif; }
</style>
";

pub(crate) fn write(book: &Book) -> String {
    let mut body = STYLE.to_owned();
    let mut totals = Totals::default();
    for chapter in &book.chapters {
        totals += chapter.document.totals();
    }
    // Writing into a string does not fail.
    let _ = write!(
        body,
        "<h1 dir=\"auto\">{}</h1>\n<p class=\"note\">Where the words came from: a record of how they came onto the page while it was \
         written in Sotto. It is not a proof.</p>\n{}",
        html::escaped(&book.title),
        table(&totals)
    );
    for chapter in &book.chapters {
        if !book.is_one_page() {
            let title = if chapter.title.is_empty() { "Page" } else { &chapter.title };
            let _ = writeln!(body, "<h2 dir=\"auto\">{}</h2>", html::escaped(title));
        }
        let text = chapter.document.text();
        body += "<div class=\"stretches\" dir=\"auto\">";
        for span in chapter.document.spans() {
            let words = html::escaped(&text[span.range]);
            let _ = match span.origin.as_ref().map(|origin| (class(origin), said(origin))) {
                Some((class, said)) => {
                    let said = html::escaped(&said);
                    write!(body, "<span class=\"{class}\" title=\"{said}\">{words}</span><sup>{said}</sup>")
                }
                None => write!(body, "{words}"),
            };
        }
        body += "</div>\n";
    }
    html::page(&book.title, &book.language, &body)
}

fn table(totals: &Totals) -> String {
    let rows = [
        ("Typed here", totals.typed),
        ("Pasted", totals.pasted),
        ("From a file", totals.imported),
        ("Proposed by a model on this device", totals.model_here),
        ("Proposed by a model elsewhere", totals.model_elsewhere),
        ("Of those not typed, changed by the author since", totals.edited),
    ];
    let mut out = String::from("<table>\n");
    for (how, words) in rows {
        let _ = writeln!(out, "<tr><th scope=\"row\">{how}</th><td>{words} words</td></tr>");
    }
    out + "</table>\n"
}

fn class(origin: &Origin) -> &'static str {
    match origin.how {
        How::Pasted => "pasted",
        How::Imported => "imported",
        How::ModelHere => "here",
        How::ModelElsewhere => "elsewhere",
    }
}

fn said(Origin { how, who, edited }: &Origin) -> String {
    let how = match (how, who) {
        (How::Pasted, _) => "pasted".to_owned(),
        (How::Imported, _) => "from a file".to_owned(),
        (How::ModelHere, who) => format!("{}, on this device", who.as_deref().unwrap_or("a model")),
        (How::ModelElsewhere, who) => format!("{}, elsewhere", who.as_deref().unwrap_or("a model")),
    };
    if *edited { how + ", edited" } else { how }
}
