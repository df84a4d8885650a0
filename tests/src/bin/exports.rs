//! What goes out, as the programs of others see it: LibreOffice opens the Word files and gives the
//! tracked changes back, epubcheck finds nothing in the book, the PDF has text to be searched.
//! `cargo xtask exports` installs those and calls this.

// It talks to the terminal, starts programs, and ends where something does not hold.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use journeys::open_app;
use sotto_app::{Document, Step, Why};

/// A page with everything that a page can hold.
const PAGE: &str = include_str!("../../fixtures/page.json");

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let app = PathBuf::from(arguments.next().expect("the app's program"));
    let home = tempfile::TempDir::new().unwrap();
    let (project, page, version) = library(home.path());
    let out = home.path().join("out");
    let export = |what: &[&str], form: &str| {
        let mut command = Command::new(&app);
        command.env("SOTTO_HOME", home.path()).arg("export").args(what).args([
            "--as",
            form,
            "--author",
            "Mirela Ilić",
        ]);
        let file = command.output().unwrap();
        assert!(file.status.success(), "{}", String::from_utf8_lossy(&file.stderr));
        let path = out.join(format!("{}-{form}", what.join("-").replace([' ', '/'], "_")));
        let ending = if form == "manuscript" { "docx" } else { form };
        let path = path.with_extension(ending);
        fs::create_dir_all(&out).unwrap();
        fs::write(&path, file.stdout).unwrap();
        path
    };
    let mut failed = 0;
    let mut say = |what: &str, holds: bool| {
        println!("{} {what}", if holds { "✓" } else { "✗" });
        failed += usize::from(!holds);
    };

    let changed = export(&["page", &page, "--since", &version], "docx");
    let again = converted(home.path(), &changed, "docx");
    let xml = part(&again, "word/document.xml");
    say("LibreOffice opens a Word file and writes its tracked changes again", {
        xml.contains("<w:ins ") && xml.contains("<w:del ") && xml.contains("bitter") && xml.contains("cold")
    });
    let notes = part(&again, "word/footnotes.xml");
    say("LibreOffice gives its footnote back", notes.contains("By the church’s clock."));
    let comments = part(&again, "word/comments.xml");
    say("LibreOffice gives its comment back", {
        comments.contains("Too soon?") && comments.contains("Ann") && xml.contains("<w:commentRangeStart ")
    });
    let text =
        fs::read_to_string(converted(home.path(), &export(&["pages", &project], "docx"), "txt")).unwrap();
    say("a Word file has all of the text", text.contains("It was bitter") && text.contains("Said Mirela"));
    let text = fs::read_to_string(converted(home.path(), &export(&["pages", &project], "manuscript"), "txt"))
        .unwrap();
    say("a manuscript has the words, the count and the author", {
        text.contains("It was bitter") && text.contains("words") && text.contains("Mirela Ilić")
    });
    let program = "/usr/share/java/epubcheck.jar";
    let checked = Command::new("java")
        .args(["-jar", program])
        .arg(export(&["pages", &project], "epub"))
        .output()
        .unwrap();
    let report = [checked.stdout, checked.stderr].concat();
    let report = String::from_utf8_lossy(&report);
    say("epubcheck finds nothing in the book", checked.status.success() && !report.contains("WARNING("));
    if !checked.status.success() {
        println!("{report}");
    }
    let pdf = Command::new("pdftotext").arg(export(&["pages", &project], "pdf")).arg("-").output().unwrap();
    let text = String::from_utf8_lossy(&pdf.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    say("the PDF has a text layer", text.contains("It was bitter") && text.contains("“Said Mirela”"));
    println!("{} of 7 hold", 7 - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A project with a page that was changed since a version of it; their numbers.
fn library(home: &Path) -> (String, String, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = runtime.block_on(async { open_app(home) }).unwrap();
    let project = app.projects().create("The Salt Road").unwrap().id;
    let document = Document::parse(PAGE).unwrap();
    let page = app.pages().create(Some(project), "Dawn", &document).unwrap();
    app.pages().take_version(page.id, Why::Named, Some("First draft")).unwrap();
    let version = app.library.versions(page.id).unwrap()[0].id;
    let changed = r#"[{"type":"paragraph","content":[{"type":"text","text":"It was bitter, "},
        {"type":"text","text":"and late","marks":[{"type":"comment","attrs":
          {"id":"a","author":"Ann","at":null,"text":"Too soon?","resolved":false}}]},
        {"type":"text","text":"."},
        {"type":"footnote","attrs":{"text":"By the church’s clock."}}]}]"#;
    app.pages().save(page.id, page.revision, &Step::parse(1, 1, changed).unwrap()).unwrap();
    (project.to_string(), page.id.to_string(), version.to_string())
}

/// What LibreOffice makes of a file.
fn converted(home: &Path, file: &Path, form: &str) -> PathBuf {
    let into = home.join("converted");
    // A profile of its own: the user's is nobody's business.
    let profile = format!("-env:UserInstallation=file://{}", home.join("office").display());
    let filter = if form == "txt" { "txt:Text (encoded):UTF8" } else { form };
    let mut office = Command::new("soffice");
    office
        .env("HOME", home)
        .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
        .arg(&into)
        .arg(file);
    let outcome = office.output().unwrap();
    let made = into.join(file.file_name().unwrap()).with_extension(form);
    assert!(
        made.is_file(),
        "LibreOffice made nothing of {}: {}",
        file.display(),
        String::from_utf8_lossy(&outcome.stderr)
    );
    made
}

/// One part of an archive, as text.
fn part(archive: &Path, name: &str) -> String {
    let out = Command::new("unzip").arg("-p").arg(archive).arg(name).output().unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned()
}
