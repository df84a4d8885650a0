//! `sotto export` and `sotto import`: the real program, a real library, real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)] // a test may

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use journeys::{NO_BUS, app_program, open_app};
use serde_json::Value;
use sotto_domain::{ConversationId, MessageId, MessageState, ProjectId, Role};
use sotto_store::NewMessage;
use tempfile::TempDir;

/// A home with a project of two conversations, of which one has two answers, and one without.
fn home() -> (TempDir, ConversationId) {
    let home = TempDir::new().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = runtime.block_on(async { open_app(home.path()) }).unwrap();
    let store = &app.library;
    let say = |conversation, parent, role, text: &str| -> MessageId {
        let (text, state) = (text.into(), MessageState::Complete);
        let message = NewMessage { conversation, parent, role, text, state, made: None, pictures: vec![] };
        store.add_message(message, 5).unwrap().id
    };
    let talk = |project: Option<ProjectId>, title: &str, text: &str| {
        let id = store.create_conversation(project, "", 1).unwrap().id;
        store.rename_conversation(id, title).unwrap();
        (id, say(id, None, Role::User, text))
    };
    let road = store.create_project("The Salt Road", 1).unwrap().id;
    store.update_project(road, "The Salt Road", "Mirela keeps the lighthouse.").unwrap();
    let (opening, asked) = talk(Some(road), "Opening: lines", "How do I begin?");
    say(opening, Some(asked), Role::Assistant, "With the sea.");
    say(opening, Some(asked), Role::Assistant, "With the <road>.");
    talk(Some(road), "Names", "Names for a lighthouse?");
    talk(None, "Names", "Names for a bakery?");
    let (gone, _) = talk(None, "Gone", "Never mind");
    store.trash_conversation(gone, 9).unwrap();
    (home, opening)
}

fn export(home: &Path, arguments: &[&str]) -> Output {
    sotto(home, "export", arguments)
}

fn sotto(home: &Path, task: &str, arguments: &[&str]) -> Output {
    Command::new(app_program())
        .env("SOTTO_HOME", home)
        .env("DBUS_SESSION_BUS_ADDRESS", NO_BUS)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .arg(task)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Everything in `folder`, by the path from there.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            found.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    found
}

#[test]
fn one_conversation_goes_to_standard_output_by_its_title_or_its_number() {
    let (home, opening) = home();
    let text = said(&export(home.path(), &["conversation", "opening: LINES"]));
    assert!(text.starts_with("# Opening: lines\n\nProject: The Salt Road\n"), "{text}");
    assert!(text.contains("How do I begin?") && text.contains("With the <road>."), "{text}");
    assert!(!text.contains("With the sea."), "the branch on show: {text}");
    assert_eq!(said(&export(home.path(), &["conversation", &opening.to_string()])), text);

    let page = said(&export(home.path(), &["conversation", "Opening: lines", "--as", "html"]));
    assert!(page.contains("With the &lt;road&gt;."), "{page}");

    let whole = said(&export(home.path(), &["conversation", "Opening: lines", "--as", "json"]));
    let whole: Value = serde_json::from_str(&whole).unwrap();
    let texts: Vec<_> = whole["messages"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
    assert_eq!(texts, ["How do I begin?", "With the sea.", "With the <road>."]);
}

#[test]
fn everything_goes_into_a_folder_and_replaces_nothing_there() {
    let (home, _) = home();
    let folder = TempDir::new().unwrap();
    let into = folder.path().join("new/place");
    let all = ["all", "--into", into.to_str().unwrap()];
    export(home.path(), &all);
    let first = files(&into);
    let names: Vec<_> = first.keys().map(String::as_str).collect();
    let expected =
        ["Names.md", "The Salt Road/Names.md", "The Salt Road/Notes.md", "The Salt Road/Opening lines.md"];
    assert_eq!(names, expected);
    assert!(first["The Salt Road/Notes.md"].contains("Mirela keeps the lighthouse."));

    fs::write(into.join("Names.md"), "of the user's own").unwrap();
    said(&export(home.path(), &all));
    let second = files(&into);
    assert_eq!(second["Names.md"], "of the user's own");
    assert_eq!(second["Names (2).md"], first["Names.md"]);
    assert_eq!(second.len(), 8);
}

#[test]
fn a_project_goes_out_as_one_text_or_as_lines_for_programs() {
    let (home, _) = home();
    let text = said(&export(home.path(), &["project", "The Salt Road"]));
    assert_eq!(text.matches("\n---\n").count(), 2, "notes and two conversations: {text}");
    let lines = said(&export(home.path(), &["project", "The Salt Road", "--as", "json"]));
    let formats: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["format"].take()).collect();
    assert_eq!(formats, ["sotto-notes", "sotto-conversation", "sotto-conversation"]);
}

#[test]
fn what_cannot_be_done_is_said_and_fails() {
    let (home, _) = home();
    for (arguments, sentence) in [
        (vec!["conversation", "names"], "More than one conversation is called “names”"),
        (vec!["conversation", "Nowhere"], "No conversation is called “Nowhere”"),
        (vec!["project", "Nowhere"], "No project"),
        (vec!["all", "--as", "html"], "--into"),
        (vec!["all", "--into", "/dev/null/here"], "could not be saved"),
    ] {
        let output = export(home.path(), &arguments);
        let trouble = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && trouble.contains(sentence), "{arguments:?}: {trouble}");
        assert_eq!(output.stdout, b"", "{arguments:?}");
    }
}

#[test]
fn an_empty_library_says_that_there_is_nothing_yet() {
    let home = TempDir::new().unwrap();
    let output = export(home.path(), &["all"]);
    assert_eq!(said(&output), "");
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing to export"));
}

/// `sotto import`, in the same home.
fn import(home: &Path, arguments: &[&str]) -> Output {
    sotto(home, "import", arguments)
}

#[test]
fn pages_go_out_in_every_form_and_come_in_again() {
    let home = TempDir::new().unwrap();
    let folder = TempDir::new().unwrap();
    let dawn = folder.path().join("Dawn.md");
    fs::write(&dawn, "# Dawn\n\nIt *dawned*.\n\n***\n\n> Said\n").unwrap();
    let bad = folder.path().join("Bad.docx");
    fs::write(&bad, "no archive").unwrap();
    let paths = [dawn.to_str().unwrap(), bad.to_str().unwrap()];
    let output = import(home.path(), &[paths[0], paths[1], "--project", "The Salt Road"]);
    let said_of = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said_of}");
    assert!(said_of.contains("“Bad.docx” is damaged") && said_of.contains("Imported 1 page."), "{said_of}");

    let into = folder.path().join("out");
    for form in ["docx", "manuscript", "epub", "pdf", "txt", "html", "markdown", "json"] {
        let one = ["page", "Dawn", "--as", form, "--into", into.to_str().unwrap()];
        said(&export(home.path(), &one));
        let all =
            ["pages", "The Salt Road", "--as", form, "--into", into.to_str().unwrap(), "--author", "Mirela"];
        said(&export(home.path(), &all));
    }
    let page = said(&export(home.path(), &["page", "Dawn"]));
    assert_eq!(page, "# Dawn\n\nIt *dawned*.\n\n***\n\n> Said\n");
    for again in ["Dawn.docx", "Dawn.epub", "Dawn.html", "Dawn.txt"] {
        let other = TempDir::new().unwrap();
        let output = import(other.path(), &[into.join(again).to_str().unwrap()]);
        assert!(output.status.success(), "{again}: {}", String::from_utf8_lossy(&output.stderr));
        let text = said(&export(other.path(), &["page", "Dawn", "--as", "txt"]));
        assert!(text.contains("It dawned.") && text.contains("Said"), "{again}: {text}");
    }
    let nothing = import(home.path(), &[bad.to_str().unwrap()]);
    assert!(
        !nothing.status.success()
            && String::from_utf8_lossy(&nothing.stderr).contains("Nothing was imported.")
    );
}

#[test]
fn letters_that_a_pdf_cannot_show_are_said() {
    let home = TempDir::new().unwrap();
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("東京.md");
    fs::write(&page, "海へ").unwrap();
    assert!(import(home.path(), &[page.to_str().unwrap()]).status.success());
    let output =
        export(home.path(), &["page", "東京", "--as", "pdf", "--into", folder.path().to_str().unwrap()]);
    let trouble = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && trouble.contains("“東”") && trouble.contains("EPUB"), "{trouble}");
}

/// Two conversations as ChatGPT gives them out, with a picture, a branch and no model's name.
fn chatgpt(extra: &str) -> String {
    let message = |id: &str, role: &str, at: u32, parent: &str, words: &str| {
        format!(
            r#""{id}":{{"id":"{id}","parent":{parent},"children":[],"message":{{"author":{{"role":"{role}"}},"create_time":{at},"content":{{"content_type":"multimodal_text","parts":[{words}]}}}}}}"#
        )
    };
    let picture =
        r#"{"content_type":"image_asset_pointer","asset_pointer":"file-service://file-Ab1"},"Look""#;
    let nodes = [
        message("a", "user", 1_700_000_001, "null", picture),
        message("b", "assistant", 1_700_000_002, "\"a\"", "\"A lighthouse.\""),
        message("c", "assistant", 1_700_000_003, "\"a\"", "\"A red one.\""),
    ];
    format!(
        r#"[{{"title":"Salt","create_time":1700000000,"current_node":"c","mapping":{{{}}}}}{extra}]"#,
        nodes.join(",")
    )
}

#[test]
fn conversations_of_other_apps_come_in_once() {
    let home = TempDir::new().unwrap();
    let given = TempDir::new().unwrap();
    let folder = given.path();
    let more = r#",{"title":"Void","mapping":{}}"#;
    fs::write(folder.join("conversations.json"), chatgpt(more)).unwrap();
    fs::write(folder.join("user.json"), "{}").unwrap();
    let picture = image::RgbImage::from_pixel(8, 6, image::Rgb([200, 30, 30]));
    picture.save(folder.join("file-Ab1-lighthouse.png")).unwrap();

    let output = import(home.path(), &[folder.to_str().unwrap(), "--project", "Old talks"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("Imported 1 conversation.") && told.contains("“Void”"), "{told}");
    let whole = said(&export(home.path(), &["conversation", "Salt", "--as", "json"]));
    let whole: Value = serde_json::from_str(&whole).unwrap();
    let messages = whole["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[0]["pictures"][0]["width"], 8, "{whole}");
    assert_eq!(messages[1]["created_at"], 1_700_000_002_000_i64);
    assert_eq!(messages[1]["made"]["by"]["provider"], "ChatGPT");
    assert_eq!((&whole["project"], &whole["head"]), (&"Old talks".into(), &messages[2]["id"]));

    // The same once more, split as newer exports are, with one that is new.
    fs::rename(folder.join("conversations.json"), folder.join("conversations-000.json")).unwrap();
    let road = r#"[{"name":"Road","created_at":"2025-03-04T05:06:07Z","chat_messages":[{"sender":"human","text":"Hi"}]}]"#;
    fs::write(folder.join("conversations-001.json"), road).unwrap();
    let output = import(home.path(), &[folder.to_str().unwrap()]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("Imported 1 conversation; 1 conversation had been imported before."), "{told}");

    fs::write(folder.join("conversations-000.json"), "[{\"title\":").unwrap();
    let output = import(home.path(), &[folder.join("conversations-000.json").to_str().unwrap()]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("is damaged"), "{told}");
}
