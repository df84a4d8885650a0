//! What answers elsewhere cost, in the real program: several processes at once, one that is killed,
//! and one that is cut. The provider is our own, and stands where `OpenRouter` would.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)] // a test may

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        mpsc::{self, Receiver},
    },
    time::Duration,
};

use journeys::{OPEN_KEYCHAIN, app_program};
use serde_json::{Value, json};
use sotto_stage::provider::{MODEL, Provider};
use tempfile::TempDir;

/// How an answer ends that does not say what was used: it counts with its ceiling.
const NO_USAGE: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// What cannot take so long on any machine.
const LONGEST: Duration = Duration::from_mins(5);

/// A home for the app, a keychain, and a provider with prices.
struct Desk {
    folder: TempDir,
    provider: Provider,
}

impl Desk {
    fn with(provider: Provider) -> Self {
        let desk = Self { folder: TempDir::new().unwrap(), provider };
        let authority = desk.folder.path().join("authority.pem");
        fs::write(&authority, &desk.provider.authority).unwrap();
        // As an earlier version would have left it.
        let settings = json!({
            "network": { "proxy": desk.provider.proxy, "ca_file": authority },
            "cloud": { "on": true },
        });
        fs::write(desk.home().join("settings.json"), settings.to_string()).unwrap();
        journeys::keep_key_beside(&desk.home());
        desk.run_with_key("printf sk-key | \"$APP\" cloud set openrouter --key-from-stdin");
        desk
    }

    fn home(&self) -> PathBuf {
        let home = self.folder.path().join("sotto");
        fs::create_dir_all(&home).unwrap();
        home
    }

    /// A script that has the app as `$APP`, with a keychain that lasts as long as the script.
    fn session(&self, script: &str) -> Command {
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "bash", "-c", &format!("{OPEN_KEYCHAIN}{script}")]);
        self.at_home(command)
    }

    fn at_home(&self, mut command: Command) -> Command {
        command
            .env("APP", app_program())
            .env("ASK", format!("ask Hello --provider openrouter --model {MODEL} --json"))
            .env("SOTTO_HOME", self.home())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, folder) in
            [("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "run"), ("XDG_CONFIG_HOME", "config")]
        {
            let folder = self.folder.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            command.env(name, folder);
        }
        command
    }

    /// What a script says that needs no key, also while a session runs.
    fn run(&self, script: &str) -> String {
        let mut command = Command::new("bash");
        command.args(["-c", script]);
        said(script, self.at_home(command))
    }

    /// What a script says that needs the key.
    fn run_with_key(&self, script: &str) -> String {
        said(script, self.session(script))
    }

    /// What a script says that needs no key, as JSON, one object a line.
    fn lines(&self, script: &str) -> Vec<Value> {
        self.run(script).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The most that a message can cost, in billionths of a dollar.
    fn ceiling(&self) -> u64 {
        let sheet = self.run_with_key("\"$APP\" $ASK || [ $? = 3 ]");
        let sheet: Value = serde_json::from_str(sheet.lines().next().unwrap()).unwrap();
        assert_eq!(self.provider.questions(), 0, "it was only shown");
        sheet["highestCost"].as_u64().unwrap()
    }

    /// A limit with room for one message, and not for two.
    fn room_for_one(&self) -> u64 {
        let ceiling = self.ceiling();
        self.run(&format!("\"$APP\" cloud cap 0.{:09}", ceiling * 3 / 2));
        ceiling
    }

    /// Asks, and leaves the app running.
    fn asking(&self) -> Child {
        self.session("\"$APP\" $ASK --consent & echo $! > pid; wait $!").spawn().unwrap()
    }

    /// How each entry of the ledger is known, and its figure.
    fn ledger(&self) -> Vec<(String, Option<u64>)> {
        let entry = |entry: Value| {
            let cost = &entry["cost"];
            (cost["known"].as_str().unwrap().to_owned(), cost["nanoUsd"].as_u64())
        };
        self.lines("\"$APP\" ledger --json").into_iter().map(entry).collect()
    }
}

fn said(script: &str, mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A provider that begins to answer, says so, and holds the rest back for ever.
fn half() -> (Provider, Receiver<()>) {
    let (begun, heard) = mpsc::channel();
    let begun = Mutex::new(begun);
    let provider = Provider::answering(move |say| {
        say("Half")?;
        let _ = begun.lock().unwrap().send(());
        loop {
            std::thread::park();
        }
    });
    (provider, heard)
}

#[test]
fn of_eight_processes_with_room_for_one_exactly_one_sends() {
    let desk = Desk::with(Provider::ending(NO_USAGE, |say| say("Yes.")));
    let ceiling = desk.room_for_one();
    let script = "for n in 1 2 3 4 5 6 7 8; do
        { \"$APP\" $ASK --consent >said.$n 2>&1; echo $? >code.$n; } &
    done; wait";
    desk.run_with_key(script);
    assert_eq!(desk.provider.questions(), 1);
    let read = |name: String| fs::read_to_string(desk.folder.path().join(name)).unwrap();
    let codes: Vec<_> = (1..=8).map(|number| read(format!("code.{number}")).trim().to_owned()).collect();
    assert_eq!(codes.iter().filter(|code| *code == "0").count(), 1, "{codes:?}");
    let refused = (1..=8).filter(|number| read(format!("said.{number}")).contains("spent or set aside"));
    assert_eq!(refused.count(), 7);
    assert_eq!(desk.ledger(), [("upperBound".to_owned(), Some(ceiling))]);
}

#[test]
fn an_answer_whose_app_was_killed_is_in_the_ledger_with_its_ceiling() {
    for signal in ["KILL", "TERM", "HUP"] {
        killed_by(signal);
    }
}

fn killed_by(signal: &str) {
    let (provider, begun) = half();
    let desk = Desk::with(provider);
    let ceiling = desk.room_for_one();
    let mut asking = desk.asking();
    begun.recv_timeout(LONGEST).unwrap();
    desk.run(&format!("kill -{signal} $(cat pid)"));
    asking.wait().unwrap();
    // Also after others were here.
    for _ in 0..2 {
        assert_eq!(desk.ledger(), [("upperBound".to_owned(), Some(ceiling))], "{signal}");
    }
    let journal = desk.lines("\"$APP\" journal --json");
    assert_eq!((&journal[0]["purpose"], &journal[0]["outcome"]), (&json!("answer"), &Value::Null));
    let again = desk.session("\"$APP\" $ASK --consent").output().unwrap();
    assert!(String::from_utf8_lossy(&again.stdout).contains("spent or set aside"), "{again:?}");
    assert_eq!(desk.provider.questions(), 1);
}

#[test]
fn an_answer_that_another_process_cuts_is_in_the_ledger_with_its_ceiling() {
    let (provider, begun) = half();
    let desk = Desk::with(provider);
    let ceiling = desk.ceiling();
    let asking = desk.asking();
    begun.recv_timeout(LONGEST).unwrap();
    desk.run("\"$APP\" lock on");
    let output = asking.wait_with_output().unwrap();
    let last = String::from_utf8(output.stdout).unwrap().lines().last().unwrap().to_owned();
    let last: Value = serde_json::from_str(&last).unwrap();
    assert_eq!((&last["state"], &last["text"]), (&json!("interrupted"), &json!("Half")));
    assert_eq!(desk.ledger(), [("upperBound".to_owned(), Some(ceiling))]);
}
