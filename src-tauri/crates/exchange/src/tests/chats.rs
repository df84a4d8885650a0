//! Conversations of other apps, in files made by hand after what is publicly said of them.

use std::io::{Cursor, Read};

use sotto_domain::Role::{Assistant, User};

use crate::{Chat, ChatsEnd, Found, read_chats, read_jan};

fn read(text: &str) -> (Vec<Found>, ChatsEnd) {
    let mut found = Vec::new();
    let end = read_chats(text.as_bytes(), &mut |one| {
        found.push(one);
        true
    });
    (found, end)
}

fn one(text: &str) -> Chat {
    let (mut found, end) = read(text);
    assert_eq!(end, ChatsEnd::Whole);
    match found.pop() {
        Some(Found::Chat(chat)) if found.is_empty() => chat,
        other => panic!("{other:?}, {found:?}"),
    }
}

fn shape(chat: &Chat) -> Vec<(Option<usize>, &str)> {
    chat.messages.iter().map(|said| (said.parent, said.text.as_str())).collect()
}

pub(super) const CHATGPT: &str = r#"[{"title":"Opening  lines","create_time":1700000000.5,"update_time":1700000100,"current_node":"d","default_model_slug":"gpt-4o",
 "mapping":{
  "r":{"id":"r","message":null,"parent":null,"children":["s"]},
  "s":{"message":{"author":{"role":"system"},"content":{"content_type":"text","parts":["hidden"]}},"parent":"r","children":["a"]},
  "a":{"message":{"author":{"role":"user"},"create_time":1700000001,"content":{"content_type":"multimodal_text","parts":[{"content_type":"image_asset_pointer","asset_pointer":"file-service://file-Ab1"},"How do I begin?"]}},"parent":"s","children":["b","c"]},
  "b":{"message":{"author":{"role":"assistant"},"create_time":1700000002,"content":{"content_type":"text","parts":["With the sea."]},"metadata":{"model_slug":"gpt-5"}},"parent":"a","children":[]},
  "c":{"message":{"author":{"role":"assistant"},"create_time":1700000003,"recipient":"python","content":{"content_type":"code","text":"1+1"}},"parent":"a","children":["t"]},
  "t":{"message":{"author":{"role":"tool"},"content":{"content_type":"execution_output","text":"2"}},"parent":"c","children":["d"]},
  "d":{"message":{"author":{"role":"assistant"},"create_time":1700000004,"content":{"content_type":"text","parts":["With the road."]},"metadata":{}},"parent":"t","children":[]}
 }}]"#;

#[test]
fn chatgpts_branches_dates_and_pictures_are_kept() {
    let chat = one(CHATGPT);
    assert_eq!((chat.title.as_str(), chat.updated_at), ("Opening lines", 1_700_000_100_000));
    assert_eq!(
        shape(&chat),
        [(None, "How do I begin?"), (Some(0), "With the sea."), (Some(0), "With the road.")]
    );
    assert_eq!(chat.head, Some(2));
    assert_eq!(chat.messages[0].pictures, ["file-Ab1"]);
    let models: Vec<_> = chat.messages.iter().map(|said| said.by.model.as_deref()).collect();
    assert_eq!(models[1..], [Some("gpt-5"), Some("gpt-4o")], "one without a model is of the usual one");
    assert_eq!(chat.messages[1].at, 1_700_000_002_000);
}

#[test]
fn links_that_are_missing_or_lead_in_a_circle_lose_no_word() {
    let node = |id: &str, role: &str, at: u32, links: &str| {
        format!(
            r#""{id}":{{"message":{{"author":{{"role":"{role}"}},"create_time":{at},"content":{{"parts":["{id}"]}}}},{links}}}"#
        )
    };
    let chat = |nodes: &[String]| format!(r#"[{{"title":"T","mapping":{{{}}}}}]"#, nodes.join(","));
    // No children are named; then no parents; then a circle.
    let up = chat(&[node("a", "user", 1, r#""parent":null"#), node("b", "assistant", 2, r#""parent":"a""#)]);
    assert_eq!(shape(&one(&up)), [(None, "a"), (Some(0), "b")]);
    let down =
        chat(&[node("a", "user", 1, r#""children":["b"]"#), node("b", "assistant", 2, r#""children":[]"#)]);
    assert_eq!(shape(&one(&down)), [(None, "a"), (Some(0), "b")]);
    let circle = chat(&[
        node("a", "user", 1, r#""parent":"b","children":["b"]"#),
        node("b", "assistant", 2, r#""parent":"a","children":["a"]"#),
    ]);
    assert_eq!(one(&circle).messages.len(), 2);
    let nowhere = chat(&[node("a", "user", 1, r#""parent":"gone","children":["gone"]"#)]);
    assert_eq!(shape(&one(&nowhere)), [(None, "a")]);
}

#[test]
fn claudes_conversations_are_kept_with_what_was_pasted() {
    let text = r#"{"conversations":[{"uuid":"x","name":"Road","created_at":"2025-03-04T05:06:07.890Z","updated_at":"2025-03-04T06:00:00Z","chat_messages":[
      {"uuid":"1","sender":"human","text":"Read this","created_at":"2025-03-04T05:06:07.890123Z","attachments":[{"file_name":"a.txt","extracted_content":"The road."}],"files":[{"file_name":"b.png"}]},
      {"uuid":"2","sender":"assistant","text":"","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Read."},{"type":"tool_use"}],"created_at":"2025-03-04T05:07:00Z"}]}]}"#;
    let chat = one(text);
    assert_eq!(shape(&chat), [(None, "Read this\n\na.txt\n\nThe road."), (Some(0), "Read.")]);
    assert_eq!((chat.messages[0].at, chat.messages[0].left_out), (1_741_064_767_890, 1));
    assert_eq!(chat.messages.iter().map(|said| said.role).collect::<Vec<_>>(), [User, Assistant]);
    let branched = r#"[{"name":"","created_at":"2025-03-04T05:06:07Z","chat_messages":[
      {"uuid":"1","sender":"human","text":"a","parent_message_uuid":"00000000-0000-4000-8000-000000000000"},
      {"uuid":"2","sender":"assistant","text":"b","parent_message_uuid":"1"},{"uuid":"3","sender":"assistant","text":"c","parent_message_uuid":"1"}]}]"#;
    assert_eq!(shape(&one(branched)), [(None, "a"), (Some(0), "b"), (Some(0), "c")]);
}

#[test]
fn the_conversations_of_lm_studio_open_webui_and_jan_are_kept() {
    let lm = r#"{"name":"Salt","createdAt":1700000000000,"messages":[
      {"versions":[{"type":"singleStep","role":"user","content":[{"type":"text","text":"Hi"}]}],"currentlySelected":0},
      {"versions":[{"type":"multiStep","role":"assistant","senderInfo":{"senderName":"gemma"},"steps":[{"type":"contentBlock","content":[{"type":"text","text":"One"}]},{"type":"debugInfoBlock"}]},
                   {"type":"multiStep","role":"assistant","steps":[{"content":[{"type":"text","text":"Two"}]}]}],"currentlySelected":1},
      {"versions":[{"role":"user","content":[{"type":"text","text":"More"}]}],"currentlySelected":0}]}"#;
    let chat = one(lm);
    assert_eq!(shape(&chat), [(None, "Hi"), (Some(0), "One"), (Some(0), "Two"), (Some(2), "More")]);
    assert_eq!(chat.messages[1].by.model.as_deref(), Some("gemma"));

    let web = r#"[{"id":"1","title":"Salt","created_at":1700000000,"updated_at":1700000009,"chat":{"history":{"currentId":"c","messages":{
      "a":{"parentId":null,"role":"user","content":"Hi","timestamp":1700000001},
      "b":{"parentId":"a","role":"assistant","content":"One","model":"llama","timestamp":1700000002},
      "c":{"parentId":"a","role":"assistant","content":"Two","timestamp":1700000003}}}}}]"#;
    let chat = one(web);
    assert_eq!((shape(&chat).len(), chat.head), (3, Some(2)));

    let lines = "{\"role\":\"user\",\"created_at\":1700000000000,\"content\":[{\"type\":\"text\",\"text\":{\"value\":\"Hi\"}}]}\nnot json\n\
                 {\"role\":\"assistant\",\"created_at\":1700000001000,\"content\":[{\"type\":\"text\",\"text\":{\"value\":\"Hello\"}}]}\n";
    let Some(Found::Chat(chat)) = read_jan(r#"{"title":"Salt","created":1700000000}"#, lines) else {
        panic!()
    };
    assert_eq!(shape(&chat), [(None, "Hi"), (Some(0), "Hello")]);
}

#[test]
fn what_is_no_conversation_is_said_and_the_others_are_taken() {
    let (found, end) =
        read(r#"[{"title":"Empty","mapping":{}},{"x":1},{"chat_messages":[{"sender":"human","text":"a"}]}]"#);
    assert!(matches!(&*found, [Found::Unread(title), Found::Chat(_)] if title == "Empty"), "{found:?}");
    assert_eq!(end, ChatsEnd::Whole);
    for (text, end) in [
        ("{}", ChatsEnd::Unknown),
        ("[]", ChatsEnd::Unknown),
        ("7", ChatsEnd::Unknown),
        ("", ChatsEnd::Broken),
        (&CHATGPT[..CHATGPT.len() - 1], ChatsEnd::Broken),
    ] {
        assert_eq!(read(text).1, end, "{text:.20}");
    }
    assert_eq!(read(&CHATGPT[..CHATGPT.len() - 1]).0.len(), 1, "what was whole was given");
    let stopped = read_chats(CHATGPT.as_bytes(), &mut |_| false);
    assert_eq!(stopped, ChatsEnd::Stopped);
    let deep = "[".repeat(100_000);
    assert_eq!(read(&deep).1, ChatsEnd::Broken);
}

#[test]
fn one_conversation_too_long_ends_the_reading_and_many_do_not() {
    let chat = &CHATGPT[1..CHATGPT.len() - 1];
    // Together more than one may be.
    let mut many: Box<dyn Read> = Box::new(&b"["[..]);
    for at in 0..40 {
        let comma = if at == 0 { "" } else { "," };
        let long = format!("{comma}{}", chat.replace("With the sea.", &"x".repeat(2_000_000)));
        many = Box::new(many.chain(Cursor::new(long)));
    }
    let mut count = 0;
    let end = read_chats(many.chain(&b"]"[..]), &mut |_| {
        count += 1;
        true
    });
    assert_eq!((end, count), (ChatsEnd::Whole, 40));
    let endless = (&b"[{\"title\":\""[..]).chain(std::io::repeat(b'x'));
    assert_eq!(read_chats(endless, &mut |_| true), ChatsEnd::Broken);
}
