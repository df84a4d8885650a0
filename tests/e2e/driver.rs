//! As much of the `WebDriver` protocol as the story needs (W3C, <https://www.w3.org/TR/webdriver2/>):
//! JSON over HTTP, to a driver on this machine, one connection for each command.

#![allow(clippy::disallowed_types)] // a test may speak to itself

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

/// Longer than anything here takes on a slow machine; what never comes fails then.
pub const PATIENCE: Duration = Duration::from_mins(3);

/// The key under which the protocol passes elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A session: one window under a driver.
pub struct Driver {
    port: u16,
    session: String,
}

/// An element of the page.
pub struct Element(String);

/// What the driver answers when it cannot.
pub type Outcome<T> = Result<T, String>;

impl Driver {
    /// Has the driver at `port` start the app, and waits for its window.
    pub fn begin(port: u16, capabilities: &Value) -> Outcome<Self> {
        let patience = u64::try_from(PATIENCE.as_millis()).unwrap();
        let begun =
            call(port, "POST", "/session", &json!({ "capabilities": { "alwaysMatch": capabilities } }))?;
        let session = format!("/session/{}", begun["sessionId"].as_str().ok_or("no session")?);
        let driver = Self { port, session };
        driver.post("timeouts", &json!({ "script": patience }))?;
        Ok(driver)
    }

    /// The first element at an `XPath`, if it is there now.
    pub fn find(&self, path: &str) -> Outcome<Element> {
        Ok(element(&self.post("element", &json!({ "using": "xpath", "value": path }))?))
    }

    pub fn click(&self, element: &Element) -> Outcome<()> {
        self.post(&format!("element/{}/click", element.0), &json!({})).map(drop)
    }

    pub fn type_into(&self, element: &Element, text: &str) -> Outcome<()> {
        self.post(&format!("element/{}/value", element.0), &json!({ "text": text })).map(drop)
    }

    /// Presses the keys one after another, wherever the focus is by then; `held` ones stay down
    /// meanwhile.
    pub fn keys(&self, held: &[&str], keys: &str) -> Outcome<()> {
        let down = |key: &str| json!({ "type": "keyDown", "value": key });
        let up = |key: &str| json!({ "type": "keyUp", "value": key });
        let mut actions: Vec<Value> = held.iter().map(|key| down(key)).collect();
        for key in keys.chars().map(String::from) {
            actions.extend([down(&key), up(&key)]);
        }
        actions.extend(held.iter().rev().map(|key| up(key)));
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.post("actions", &json!({ "actions": [keyboard] })).map(drop)
    }

    /// What the body of a function comes to.
    pub fn execute(&self, script: &str) -> Outcome<Value> {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// As [`Self::execute`], for a function that says through its last argument when it is done.
    pub fn execute_async(&self, script: &str) -> Outcome<Value> {
        self.post("execute/async", &json!({ "script": script, "args": [] }))
    }

    /// A picture of the window: a PNG in base64.
    pub fn screenshot(&self) -> Outcome<String> {
        Ok(self.get("screenshot")?.as_str().unwrap_or_default().to_string())
    }

    pub fn close_window(&self) -> Outcome<()> {
        call(self.port, "DELETE", &format!("{}/window", self.session), &Value::Null).map(drop)
    }

    fn get(&self, command: &str) -> Outcome<Value> {
        call(self.port, "GET", &format!("{}/{command}", self.session), &Value::Null)
    }

    fn post(&self, command: &str, body: &Value) -> Outcome<Value> {
        call(self.port, "POST", &format!("{}/{command}", self.session), body)
    }
}

fn element(value: &Value) -> Element {
    Element(value[ELEMENT].as_str().unwrap_or_default().to_string())
}

fn call(port: u16, method: &str, path: &str, body: &Value) -> Outcome<Value> {
    let mut answer =
        exchange(port, method, path, body).map_err(|error| format!("{method} {path}: {error}"))?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
        None => Ok(value),
    }
}

fn exchange(port: u16, method: &str, path: &str, body: &Value) -> std::io::Result<Value> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    // The driver's own patience ends first, and says more.
    connection.set_read_timeout(Some(PATIENCE * 2))?;
    write!(
        connection,
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    let (_, json) = answer.split_once("\r\n\r\n").unwrap_or_default();
    Ok(serde_json::from_str(json)?)
}
