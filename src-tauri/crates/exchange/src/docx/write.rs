//! Pages as a Word file: a plain one, or in Standard Manuscript Format, as agents and magazines
//! want it. The way from an earlier text goes out as tracked changes.

use std::{collections::BTreeSet, fmt::Write, sync::Arc};

use sotto_manuscript::{Block, Change, Inline, ListItem, Mark, Picture};

use super::comments::Ranges;
use super::drawing::drawing;
use super::parts::{HEAD, NAMESPACES, footnotes, numbering, package, styles, types};
use crate::{
    archive::pack,
    book::{Book, Chapter, PictureFiles},
    pictures,
    revision::{Revised, revise},
    xml::escaped,
};

/// Who made a change: the text does not say, and a word processor wants a name.
const REVISER: &str = "w:author=\"Sotto\" w:date=\"2000-01-01T00:00:00Z\"";
const HEADING: &[&str] = &["Heading1", "Heading2", "Heading3", "Heading4"];

pub(crate) fn write(book: &Book, manuscript: bool) -> Vec<u8> {
    let mut writer = Writer { manuscript, files: book.pictures.clone(), ..Writer::default() };
    writer.book(book);
    let section = section(manuscript);
    let comments = &writer.comments;
    let body = comments.marked(&writer.out);
    let document = format!("{HEAD}<w:document {NAMESPACES}><w:body>{body}{section}</w:body></w:document>");
    let commented = !comments.is_empty();
    let (said, settled) = (comments.part(&book.author), comments.extended());
    let (numbering, links) = (numbering(&writer.lists), links(&writer, commented));
    let running = if manuscript { running_head(book) } else { running_foot() };
    let (core, notes) = (core(book), footnotes(&writer.notes));
    let types = types(manuscript, commented);
    let styles = styles(manuscript, &book.language);
    let package = package();
    let mut parts = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", package.as_bytes()),
        ("docProps/core.xml", core.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", links.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
        ("word/running.xml", running.as_bytes()),
        ("word/footnotes.xml", notes.as_bytes()),
    ];
    if commented {
        parts.extend([
            ("word/comments.xml", said.as_bytes()),
            ("word/commentsExtended.xml", settled.as_bytes()),
        ]);
    }
    let drawn: BTreeSet<&String> = writer.pictures.iter().collect();
    let drawn: Vec<(String, &Arc<[u8]>)> = drawn
        .into_iter()
        .filter_map(|file| Some((format!("word/media/{file}"), writer.files.get(file)?)))
        .collect();
    parts.extend(drawn.iter().map(|(name, bytes)| (name.as_str(), &***bytes)));
    pack(&parts)
}

#[derive(Default)]
struct Writer {
    manuscript: bool,
    out: String,
    links: Vec<String>,
    files: PictureFiles,
    /// The files of the pictures that were drawn.
    pictures: Vec<String>,
    notes: Vec<String>,
    comments: Ranges,
    /// Which of the pages is written.
    at: usize,
    /// Each list, with where it counts from; none: bullets.
    lists: Vec<(usize, Option<u32>)>,
    /// How changed text is marked; each mark has a number.
    change: Option<Change>,
    changes: usize,
}

impl Writer {
    fn book(&mut self, book: &Book) {
        if self.manuscript {
            self.title_page(book);
        } else if !book.title.is_empty() {
            self.heading("Title", &book.title, false);
        }
        let mut part = "";
        for (at, chapter) in book.chapters.iter().enumerate() {
            if chapter.part != part {
                part = &chapter.part;
                if !part.is_empty() {
                    self.heading("Heading1", part, self.manuscript && at > 0);
                }
            }
            if !book.is_one_page() && !chapter.title.is_empty() {
                self.heading("Heading1", &chapter.title, self.manuscript && at > 0);
            }
            self.at = at;
            self.chapter(chapter);
        }
        if self.manuscript {
            self.out += "<w:p><w:pPr><w:pStyle w:val=\"SceneBreak\"/></w:pPr><w:r><w:t>END</w:t></w:r></w:p>";
        }
    }

    fn title_page(&mut self, book: &Book) {
        let words: usize = book.chapters.iter().map(|chapter| chapter.document.words()).sum();
        // To the nearest hundred, as editors count.
        let rounded = (words + 50) / 100 * 100;
        let count = format!("about {} words", if rounded == 0 { words } else { rounded });
        for line in [book.author.as_str(), &count] {
            if !line.is_empty() {
                let _ = write!(
                    self.out,
                    "<w:p><w:pPr><w:pStyle w:val=\"Contact\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                    escaped(line)
                );
            }
        }
        self.heading("Title", &book.title, false);
        if !book.author.is_empty() {
            self.heading("Subtitle", &format!("by {}", book.author), false);
        }
    }

    fn heading(&mut self, style: &str, text: &str, new_page: bool) {
        let new_page = if new_page { "<w:pageBreakBefore/>" } else { "" };
        let _ = write!(
            self.out,
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{new_page}</w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
            escaped(text)
        );
    }

    fn chapter(&mut self, chapter: &Chapter) {
        let Some(before) = &chapter.before else { return self.blocks(&chapter.document.blocks, "") };
        for revised in revise(before, &chapter.document) {
            match revised {
                Revised::Kept(block) => self.block(block, ""),
                Revised::Removed(block) => {
                    self.change = Some(Change::Removed);
                    self.block(block, "");
                }
                Revised::Added(block) => {
                    self.change = Some(Change::Added);
                    self.block(block, "");
                }
                Revised::Changed(block, pieces) => {
                    self.begin(&style_of(block, ""));
                    for (change, inline) in pieces {
                        self.change = Some(change);
                        self.inline(&inline);
                    }
                    self.out += "</w:p>";
                }
            }
            self.change = None;
        }
    }

    fn blocks(&mut self, blocks: &[Block], style: &str) {
        for block in blocks {
            self.block(block, style);
        }
    }

    /// `style`: of the paragraphs of what it stands in.
    fn block(&mut self, block: &Block, style: &str) {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } | Block::CodeBlock { content } => {
                self.line(&style_of(block, style), content);
            }
            Block::SceneBreak {} => {
                let stars = if self.manuscript { "#" } else { "* * *" };
                let text = Inline::Text { text: stars.into(), marks: vec![] };
                self.line("<w:pStyle w:val=\"SceneBreak\"/>", &[text]);
            }
            Block::Picture { attrs } => self.picture(attrs, style),
            Block::Blockquote { content } => self.blocks(content, "<w:pStyle w:val=\"Quote\"/>"),
            Block::BulletList { content } => self.list(content, None, 0),
            Block::OrderedList { attrs, content } => self.list(content, Some(attrs.order), 0),
        }
    }

    fn picture(&mut self, picture: &Picture, style: &str) {
        if !self.files.contains_key(&picture.file) {
            return self.line(style, &pictures::in_words(picture));
        }
        self.pictures.push(picture.file.clone());
        let caption = picture.caption.split_whitespace().collect::<Vec<_>>().join(" ");
        let keep = if caption.is_empty() { "" } else { "<w:keepNext/>" };
        self.begin(&format!("{style}{keep}<w:ind w:firstLine=\"0\"/><w:jc w:val=\"center\"/>"));
        let (open, close) = self.change_marks();
        let drawing = drawing(picture, self.pictures.len(), self.manuscript);
        let _ = write!(self.out, "{open}<w:r>{drawing}</w:r>{close}</w:p>");
        if !caption.is_empty() {
            let text = Inline::Text { text: caption, marks: vec![] };
            self.line("<w:pStyle w:val=\"Caption\"/>", &[text]);
        }
    }

    fn list(&mut self, items: &[ListItem], order: Option<u32>, level: usize) {
        let shown = level.min(8);
        self.lists.push((shown, order));
        let number = self.lists.len();
        for ListItem::ListItem { content } in items {
            let mut begun = false;
            for block in content {
                let style = if std::mem::replace(&mut begun, true) {
                    format!("<w:pStyle w:val=\"ListContinue{}\"/>", shown + 1)
                } else {
                    format!(
                        "<w:pStyle w:val=\"ListParagraph\"/><w:numPr><w:ilvl w:val=\"{shown}\"/><w:numId w:val=\"{number}\"/></w:numPr>"
                    )
                };
                match block {
                    Block::BulletList { content } => self.list(content, None, level + 1),
                    Block::OrderedList { attrs, content } => self.list(content, Some(attrs.order), level + 1),
                    other => self.block(other, &style),
                }
            }
        }
    }

    fn begin(&mut self, style: &str) {
        let end = match self.change {
            Some(Change::Added) => format!("<w:rPr>{}</w:rPr>", self.mark("ins", true)),
            Some(Change::Removed) => format!("<w:rPr>{}</w:rPr>", self.mark("del", true)),
            Some(Change::Kept) | None => String::new(),
        };
        let _ = write!(self.out, "<w:p><w:pPr>{style}{end}</w:pPr>");
    }

    fn line(&mut self, style: &str, content: &[Inline]) {
        self.begin(style);
        for inline in content {
            self.inline(inline);
        }
        self.out += "</w:p>";
    }

    /// The element that marks a change; `empty`: it has nothing in it.
    fn mark(&mut self, name: &str, empty: bool) -> String {
        self.changes += 1;
        format!("<w:{name} w:id=\"{}\" {REVISER}{}>", self.changes, if empty { "/" } else { "" })
    }

    /// What stands around words that were added or removed.
    fn change_marks(&mut self) -> (String, String) {
        let name = match self.change {
            Some(Change::Added) => "ins",
            Some(Change::Removed) => "del",
            Some(Change::Kept) | None => return (String::new(), String::new()),
        };
        (self.mark(name, false), format!("</w:{name}>"))
    }

    fn inline(&mut self, inline: &Inline) {
        let start = self.out.len();
        self.words(inline);
        // What was said of words that are gone went with them.
        if self.change != Some(Change::Removed) {
            for comment in inline.comments() {
                self.comments.put(self.at, comment, start, self.out.len());
            }
        }
    }

    fn words(&mut self, inline: &Inline) {
        let (open, close) = self.change_marks();
        let element = if self.change == Some(Change::Removed) { "delText" } else { "t" };
        match inline {
            Inline::Footnote { attrs, .. } => {
                self.notes.push(attrs.text.clone());
                let _ = write!(
                    self.out,
                    "{open}<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteReference w:id=\"{}\"/></w:r>{close}",
                    self.notes.len()
                );
            }
            Inline::HardBreak { .. } => {
                let _ = write!(self.out, "{open}<w:r><w:br/></w:r>{close}");
            }
            Inline::Text { text, marks } => {
                let link = marks.iter().find_map(|mark| match mark {
                    Mark::Link { attrs } => Some(&attrs.href),
                    _ => None,
                });
                if let Some(href) = link {
                    self.links.push(href.clone());
                    let _ = write!(self.out, "<w:hyperlink r:id=\"link{}\">", self.links.len());
                }
                let looks = looks(marks, self.manuscript, link.is_some());
                self.out += &open;
                let _ = write!(self.out, "<w:r>{looks}");
                // A line of code ends with a break.
                for (at, line) in text.split('\n').enumerate() {
                    if at > 0 {
                        self.out += "<w:br/>";
                    }
                    let _ = write!(
                        self.out,
                        "<w:{element} xml:space=\"preserve\">{}</w:{element}>",
                        escaped(line)
                    );
                }
                self.out += "</w:r>";
                self.out += &close;
                if link.is_some() {
                    self.out += "</w:hyperlink>";
                }
            }
        }
    }
}

fn style_of(block: &Block, within: &str) -> String {
    match block {
        Block::Heading { attrs, .. } => {
            let style = HEADING[usize::from(attrs.level.clamp(1, 4)) - 1];
            format!("<w:pStyle w:val=\"{style}\"/>")
        }
        Block::CodeBlock { .. } if within.is_empty() => "<w:pStyle w:val=\"CodeBlock\"/>".into(),
        _ => within.into(),
    }
}

fn looks(marks: &[Mark], manuscript: bool, link: bool) -> String {
    let mut looks = String::new();
    let has = |wanted: fn(&Mark) -> bool| marks.iter().any(wanted);
    if has(|mark| matches!(mark, Mark::Code {})) {
        looks += "<w:rStyle w:val=\"CodeWords\"/>";
    } else if link && !manuscript {
        looks += "<w:rStyle w:val=\"Hyperlink\"/>";
    }
    if has(|mark| matches!(mark, Mark::Strong {})) {
        looks += "<w:b/>";
    }
    if has(|mark| matches!(mark, Mark::Em {})) {
        looks += "<w:i/>";
    }
    if has(|mark| matches!(mark, Mark::Strike {})) {
        looks += "<w:strike/>";
    }
    if looks.is_empty() { looks } else { format!("<w:rPr>{looks}</w:rPr>") }
}

/// Letter paper and an inch around for a manuscript, A4 otherwise.
fn section(manuscript: bool) -> String {
    let (size, margin) = if manuscript {
        ("w:w=\"12240\" w:h=\"15840\"", 1440)
    } else {
        ("w:w=\"11906\" w:h=\"16838\"", 1418)
    };
    let running = if manuscript { "header" } else { "footer" };
    // A manuscript's first page has no running head.
    let first = if manuscript { "<w:titlePg/>" } else { "" };
    format!(
        "<w:sectPr><w:{running}Reference w:type=\"default\" r:id=\"running\"/><w:pgSz {size}/>\
         <w:pgMar w:top=\"{margin}\" w:right=\"{margin}\" w:bottom=\"{margin}\" w:left=\"{margin}\" \
         w:header=\"720\" w:footer=\"720\" w:gutter=\"0\"/>{first}</w:sectPr>"
    )
}

const PAGE_NUMBER: &str = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
     <w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>\
     <w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";

/// "Surname / TITLE / 2", on each page but the first.
fn running_head(book: &Book) -> String {
    let surname = book.author.split_whitespace().last().map_or(String::new(), |name| format!("{name} / "));
    let title: String = book.title.chars().take(40).collect::<String>().to_uppercase();
    format!(
        "{HEAD}<w:hdr {NAMESPACES}><w:p><w:pPr><w:jc w:val=\"right\"/><w:ind w:firstLine=\"0\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>{PAGE_NUMBER}</w:p></w:hdr>",
        escaped(&format!("{surname}{title} / "))
    )
}

fn running_foot() -> String {
    format!(
        "{HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>{PAGE_NUMBER}</w:p></w:ftr>"
    )
}

fn core(book: &Book) -> String {
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator></cp:coreProperties>",
        escaped(&book.title),
        escaped(&book.author)
    )
}

fn links(writer: &Writer, commented: bool) -> String {
    let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut out = format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"styles\" Type=\"{base}/styles\" Target=\"styles.xml\"/>\
         <Relationship Id=\"numbering\" Type=\"{base}/numbering\" Target=\"numbering.xml\"/>\
         <Relationship Id=\"footnotes\" Type=\"{base}/footnotes\" Target=\"footnotes.xml\"/>"
    );
    let running = if writer.manuscript { "header" } else { "footer" };
    let _ = write!(out, "<Relationship Id=\"running\" Type=\"{base}/{running}\" Target=\"running.xml\"/>");
    if commented {
        let _ = write!(
            out,
            "<Relationship Id=\"comments\" Type=\"{base}/comments\" Target=\"comments.xml\"/>\
             <Relationship Id=\"settled\" Type=\"http://schemas.microsoft.com/office/2011/relationships/commentsExtended\" Target=\"commentsExtended.xml\"/>"
        );
    }
    for (at, file) in writer.pictures.iter().enumerate() {
        let number = at + 1;
        let _ = write!(
            out,
            "<Relationship Id=\"picture{number}\" Type=\"{base}/image\" Target=\"media/{file}\"/>"
        );
    }
    for (at, href) in writer.links.iter().enumerate() {
        let _ = write!(
            out,
            "<Relationship Id=\"link{}\" Type=\"{base}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
            at + 1,
            escaped(href)
        );
    }
    out + "</Relationships>"
}
