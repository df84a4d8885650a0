//! What leaves by itself: nothing. A download that was under way when its process was killed is gone
//! on with by whoever asks for it again, there where it began, and by no other command.

use sotto_stage::{Line, Server};
use tempfile::TempDir;

use super::{ok, run, sotto, text};

const NAME: &str = "poets/tiny:tiny.gguf";

/// A hub that describes the file, and sends its beginning alone.
fn hub() -> Server {
    Server::open(|request, line| {
        if request.path().starts_with("/api/models/") {
            line.head("application/json", "")?;
            return line.send(described());
        }
        begin(line)
    })
}

fn described() -> String {
    let (sha, digest) = ("0".repeat(40), "a".repeat(64));
    format!(
        r#"{{"sha":"{sha}","siblings":[{{"rfilename":"tiny.gguf","lfs":{{"sha256":"{digest}","size":1000000}}}}]}}"#
    )
}

fn begin(line: &mut Line) -> std::io::Result<()> {
    line.head("application/octet-stream", "content-length: 1000000\r\n")?;
    line.send("GGUF")?;
    line.hold()
}

#[test]
fn after_a_kill_no_command_goes_on_with_a_download_but_the_one_that_asks_for_it() {
    let server = hub();
    let home = TempDir::new().unwrap();
    let get = ["models", "get", NAME, "--endpoint", &server.address];
    let mut child = sotto(home.path(), &get).spawn().unwrap();
    server.hear("held");
    child.kill().unwrap();
    child.wait().unwrap();
    server.hear("gone");
    let (connections, journal) = (server.connections(), ok(home.path(), &["journal"]));

    let model = journeys::tiny_model().join("tiny-f16.gguf");
    let commands: [&[&str]; 10] = [
        &["lock"],
        &["journal"],
        &["ledger"],
        &["cloud", "off"],
        &["cloud", "on"],
        &["cloud", "providers"],
        &["models", "list"],
        &["ask", "Hi", "--model", model.to_str().unwrap()],
        &["lock", "on"],
        &["lock", "off"],
    ];
    for words in commands {
        let output = run(home.path(), words);
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        assert_eq!(server.connections(), connections, "{words:?}");
        assert_eq!(ok(home.path(), &["journal"]), journal, "{words:?}");
    }

    // Where it began it goes on.
    let mut again = sotto(home.path(), &get).spawn().unwrap();
    server.hear("held");
    again.kill().unwrap();
    again.wait().unwrap();
    let lines = ok(home.path(), &["journal", "--json"]);
    assert!(lines.lines().all(|line| line.contains(&server.address)), "{lines}");
}
