//! The parts of a Word file that are the same for every text, or nearly so.

use std::fmt::Write;

use crate::xml::escaped;

pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
pub(super) const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

pub(super) fn types(manuscript: bool, comments: bool) -> String {
    let base = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let running = if manuscript { "header" } else { "footer" };
    let comments = if comments {
        format!(
            "<Override PartName=\"/word/comments.xml\" ContentType=\"{base}.comments+xml\"/>\
             <Override PartName=\"/word/commentsExtended.xml\" ContentType=\"{base}.commentsExtended+xml\"/>"
        )
    } else {
        String::new()
    };
    format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"png\" ContentType=\"image/png\"/>\
         <Default Extension=\"jpg\" ContentType=\"image/jpeg\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
         <Override PartName=\"/word/document.xml\" ContentType=\"{base}.document.main+xml\"/>\
         <Override PartName=\"/word/styles.xml\" ContentType=\"{base}.styles+xml\"/>\
         <Override PartName=\"/word/numbering.xml\" ContentType=\"{base}.numbering+xml\"/>\
         <Override PartName=\"/word/footnotes.xml\" ContentType=\"{base}.footnotes+xml\"/>\
         <Override PartName=\"/word/running.xml\" ContentType=\"{base}.{running}+xml\"/>{comments}</Types>"
    )
}

pub(super) fn package() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"core\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
         <Relationship Id=\"document\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
    )
}

/// The line above footnotes, and what they say.
pub(super) fn footnotes(notes: &[String]) -> String {
    let mut out = format!(
        "{HEAD}<w:footnotes {NAMESPACES}>\
         <w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>\
         <w:footnote w:type=\"continuationSeparator\" w:id=\"0\"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"
    );
    for (at, note) in notes.iter().enumerate() {
        let _ = write!(
            out,
            "<w:footnote w:id=\"{}\"><w:p><w:pPr><w:pStyle w:val=\"FootnoteText\"/></w:pPr>\
             <w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteRef/></w:r>\
             <w:r><w:t xml:space=\"preserve\"> {}</w:t></w:r></w:p></w:footnote>",
            at + 1,
            escaped(note)
        );
    }
    out + "</w:footnotes>"
}

/// One list of its own for each, so that each counts from where it should.
pub(super) fn numbering(lists: &[(usize, Option<u32>)]) -> String {
    let mut out = format!("{HEAD}<w:numbering {NAMESPACES}>");
    for (kind, format) in ["bullet", "decimal"].into_iter().enumerate() {
        let _ = write!(
            out,
            "<w:abstractNum w:abstractNumId=\"{kind}\"><w:multiLevelType w:val=\"hybridMultilevel\"/>"
        );
        for level in 0..9 {
            let text = if kind == 0 { "•".to_owned() } else { format!("%{}.", level + 1) };
            let _ = write!(
                out,
                "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/>\
                 <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{}\" w:hanging=\"360\"/></w:pPr></w:lvl>",
                360 * (level + 1)
            );
        }
        out += "</w:abstractNum>";
    }
    for (at, (level, order)) in lists.iter().enumerate() {
        let kind = usize::from(order.is_some());
        let start = order.map_or(String::new(), |order| {
            format!("<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{order}\"/></w:lvlOverride>")
        });
        let _ =
            write!(out, "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"{kind}\"/>{start}</w:num>", at + 1);
    }
    out + "</w:numbering>"
}

/// How the text looks: a book's page, or a typist's in twelve points with two lines' height.
pub(super) fn styles(manuscript: bool, language: &str) -> String {
    let (font, size, spacing) = if manuscript {
        ("Times New Roman", 24, "<w:spacing w:line=\"480\" w:lineRule=\"auto\"/><w:ind w:firstLine=\"720\"/>")
    } else {
        ("Georgia", 23, "<w:spacing w:after=\"160\" w:line=\"320\" w:lineRule=\"auto\"/>")
    };
    let code = if manuscript { "Courier New" } else { "Consolas" };
    let language = language.replace(['"', '<', '>', '&'], "");
    let language =
        if language.is_empty() { String::new() } else { format!("<w:lang w:val=\"{language}\"/>") };
    let mut out = format!(
        "{HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" w:cs=\"{font}\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>{language}</w:rPr></w:rPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:pPr>{spacing}</w:pPr></w:style>"
    );
    let mut style = |id: &str, name: &str, paragraph: &str, words: &str| {
        let _ = write!(
            out,
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/>\
             <w:next w:val=\"Normal\"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{words}</w:rPr></w:style>"
        );
    };
    let flat = "<w:ind w:firstLine=\"0\"/>";
    let centred = format!("{flat}<w:jc w:val=\"center\"/>");
    for level in 1..=4_usize {
        let sizes: [u32; 4] = if manuscript { [24; 4] } else { [36, 30, 26, 24] };
        let paragraph = if manuscript {
            format!("<w:keepNext/>{centred}<w:outlineLvl w:val=\"{}\"/>", level - 1)
        } else {
            format!(
                "<w:keepNext/><w:spacing w:before=\"360\" w:after=\"160\"/><w:outlineLvl w:val=\"{}\"/>",
                level - 1
            )
        };
        let words = format!("<w:b/><w:sz w:val=\"{}\"/>", sizes[level - 1]);
        style(&format!("Heading{level}"), &format!("heading {level}"), &paragraph, &words);
    }
    if manuscript {
        style("Title", "Title", &format!("<w:spacing w:before=\"4000\"/>{centred}"), "");
        style("Subtitle", "Subtitle", &format!("<w:spacing w:after=\"1400\"/>{centred}"), "");
        let tight = format!("<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>{flat}");
        style("Contact", "Contact", &tight, "");
    } else {
        style("Title", "Title", "<w:spacing w:after=\"480\"/>", "<w:sz w:val=\"52\"/>");
    }
    style("Quote", "Quote", "<w:ind w:left=\"720\" w:right=\"720\" w:firstLine=\"0\"/>", "");
    style(
        "FootnoteText",
        "footnote text",
        "<w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/><w:ind w:firstLine=\"0\"/>",
        "<w:sz w:val=\"20\"/>",
    );
    style(
        "CommentText",
        "annotation text",
        "<w:spacing w:after=\"0\"/><w:ind w:firstLine=\"0\"/>",
        "<w:sz w:val=\"20\"/>",
    );
    style("Caption", "caption", &centred, "<w:sz w:val=\"20\"/>");
    style("SceneBreak", "Scene Break", &centred, "");
    style(
        "CodeBlock",
        "Code Block",
        flat,
        &format!("<w:rFonts w:ascii=\"{code}\" w:hAnsi=\"{code}\" w:cs=\"{code}\"/>"),
    );
    style("ListParagraph", "List Paragraph", "<w:contextualSpacing/>", "");
    for level in 1..=9 {
        let name = if level == 1 { "List Continue".into() } else { format!("List Continue {level}") };
        style(
            &format!("ListContinue{level}"),
            &name,
            &format!("<w:ind w:left=\"{}\" w:firstLine=\"0\"/>", 360 * level),
            "",
        );
    }
    out + &format!(
        "<w:style w:type=\"character\" w:styleId=\"CodeWords\"><w:name w:val=\"HTML Code\"/><w:rPr><w:rFonts w:ascii=\"{code}\" w:hAnsi=\"{code}\" w:cs=\"{code}\"/></w:rPr></w:style>\
             <w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/><w:rPr><w:color w:val=\"1F4E9E\"/><w:u w:val=\"single\"/></w:rPr></w:style>\
             <w:style w:type=\"character\" w:styleId=\"CommentReference\"><w:name w:val=\"annotation reference\"/><w:rPr><w:sz w:val=\"16\"/></w:rPr></w:style>\
             <w:style w:type=\"character\" w:styleId=\"FootnoteReference\"><w:name w:val=\"footnote reference\"/><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style></w:styles>"
    )
}
