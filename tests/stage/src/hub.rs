//! A hub of our own on this device: it speaks the protocol of Hugging Face as far as
//! downloads need it, and misbehaves on command.
//!
//! Two hosts, as with the real one: the first describes files and sends on to the
//! second, which has the bytes. What the next answers will be like is queued with
//! [`Hub::misbehave`]; when the queue is empty, it behaves.

use std::{
    collections::{HashMap, VecDeque},
    fmt::Write as _,
    io::Result,
    sync::{Arc, Mutex, MutexGuard},
    thread,
    time::Duration,
};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{Line, Request, Server, wire};

/// Which of its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// What the hub says of a repository.
    Details,
    /// Where it says that the bytes are.
    Resolve,
    /// The bytes.
    Bytes,
}

/// How an answer goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed without a word.
    Silence,
    /// A status, and how many seconds to wait if it says so.
    Status(u16, Option<u64>),
    /// The connection breaks after this many bytes of the body.
    Drop(usize),
    /// Nothing more comes after this many bytes, and nothing is closed.
    Stall(usize),
    /// After this many bytes the rest comes in drops.
    Drip(usize),
    /// All of it is sent, whatever part was asked for.
    IgnoreRange,
    /// Another part is sent than was asked for.
    WrongPart,
    /// The head says that the file is one byte longer.
    ClaimsMore,
    /// More comes than there is, and the head does not say how much.
    SendsMore,
    /// The byte at this place is another one.
    WrongByte(usize),
    /// From now on the file is another one, of the same length.
    Changed,
    /// A page to sign in on, as cafés have.
    Portal,
    /// A part is sent without saying which.
    Unplaced,
    /// The same bytes under another mark (`ETag`), as another machine of the server gives them; the
    /// connection breaks after this many.
    OtherMark(usize),
    /// The file is said to be this long.
    ClaimsToBe(u64),
}

/// What somebody asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which answer they got.
    pub at: At,
    /// The range they asked for.
    pub range: Option<String>,
    /// How they said who they are.
    pub authorization: Option<String>,
}

/// The hub. It goes when it is dropped.
pub struct Hub {
    shop: Arc<Shop>,
    front: Server,
    _store: Server,
}

#[derive(Default)]
struct Shop {
    files: Mutex<HashMap<String, Vec<u8>>>,
    faults: Mutex<HashMap<At, VecDeque<Fault>>>,
    asked: Mutex<Vec<Asked>>,
    /// Where the bytes are.
    store: Mutex<String>,
    token: Mutex<Option<String>>,
}

impl Hub {
    /// Opens one.
    pub fn open() -> Self {
        let shop = Arc::new(Shop::default());
        let (back, front) = (shop.clone(), shop.clone());
        let store = Server::open(move |request, line| back.serve_bytes(request, line));
        held(&shop.store).clone_from(&store.address);
        let front = Server::open(move |request, line| front.serve_front(request, line));
        Self { shop, front, _store: store }
    }

    /// What `HF_ENDPOINT` would be.
    pub fn endpoint(&self) -> String {
        self.front.address.clone()
    }

    /// Puts a file into a repository, `owner/name`.
    pub fn put(&self, repo: &str, file: &str, bytes: Vec<u8>) {
        held(&self.shop.files).insert(format!("{repo}/{file}"), bytes);
    }

    /// The file as it is now.
    pub fn file(&self, repo: &str, file: &str) -> Vec<u8> {
        held(&self.shop.files)[&format!("{repo}/{file}")].clone()
    }

    /// Lets the next answers of this kind go wrong, one after another.
    pub fn misbehave(&self, at: At, faults: impl IntoIterator<Item = Fault>) {
        held(&self.shop.faults).entry(at).or_default().extend(faults);
    }

    /// Behaves from now on.
    pub fn behave(&self) {
        held(&self.shop.faults).clear();
    }

    /// Gives files only to those who have this token.
    pub fn wants(&self, token: &str) {
        *held(&self.shop.token) = Some(token.into());
    }

    /// What was asked for so far.
    pub fn asked(&self) -> Vec<Asked> {
        held(&self.shop.asked).clone()
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Where the range begins that is asked for.
fn begins(request: &Request) -> Option<usize> {
    request.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// SHA-256, in hexadecimal: how the hub names bytes.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |name, byte| name + &format!("{byte:02x}"))
}

/// A commit that follows from what is in a repository.
fn commit(repo: &str) -> String {
    digest(repo.as_bytes())[..40].into()
}

impl Shop {
    fn note(&self, at: At, request: &Request) {
        let header = |name: &str| request.header(name).map(str::to_owned);
        held(&self.asked).push(Asked { at, range: header("range"), authorization: header("authorization") });
    }

    fn fault(&self, at: At) -> Option<Fault> {
        held(&self.faults).get_mut(&at)?.pop_front()
    }

    fn serve_front(&self, request: &Request, to: &mut Line) -> Result<()> {
        let path = request.path().split('?').next().unwrap_or_default().to_owned();
        let at = if path.starts_with("/api/") { At::Details } else { At::Resolve };
        self.note(at, request);
        match self.fault(at) {
            Some(Fault::Silence) => return Ok(()),
            Some(Fault::Status(status, wait)) => return answer(to, status, &waiting(wait), ""),
            Some(Fault::Stall(_)) => return to.hold(),
            Some(Fault::Portal) => return answer(to, 200, "Content-Type: text/html\r\n", PORTAL),
            Some(Fault::ClaimsToBe(bytes)) if at == At::Details => {
                return self.describe(&path, Some(bytes), to);
            }
            Some(other) => panic!("{other:?} is nothing that happens at {at:?}"),
            None => {}
        }
        let wanted = held(&self.token).clone().map(|token| format!("Bearer {token}"));
        if wanted.is_some() && request.header("authorization") != wanted.as_deref() {
            return answer(to, 401, "", "who are you");
        }
        match at {
            At::Details => self.describe(&path, None, to),
            At::Resolve | At::Bytes => self.send_on(&path, to),
        }
    }

    fn describe(&self, path: &str, claim: Option<u64>, to: &mut Line) -> Result<()> {
        let parts: Vec<&str> = path.trim_start_matches("/api/models/").split('/').collect();
        let &[owner, name, "revision", _] = parts.as_slice() else { return answer(to, 404, "", "") };
        let repo = format!("{owner}/{name}");
        let siblings: Vec<_> = held(&self.files)
            .iter()
            .filter_map(|(path, bytes)| {
                let file = path.strip_prefix(&repo)?.strip_prefix('/')?;
                let size = claim.unwrap_or(bytes.len() as u64);
                let lfs = json!({ "sha256": digest(bytes), "size": size, "pointerSize": 135 });
                Some(json!({ "rfilename": file, "size": bytes.len(), "lfs": lfs }))
            })
            .collect();
        if siblings.is_empty() {
            return answer(to, 404, "", "");
        }
        let text = json!({ "id": repo, "sha": commit(&repo), "siblings": siblings }).to_string();
        answer(to, 200, "Content-Type: application/json\r\n", &text)
    }

    fn send_on(&self, path: &str, to: &mut Line) -> Result<()> {
        let parts: Vec<&str> = path.trim_start_matches('/').splitn(5, '/').collect();
        let &[owner, name, "resolve", _, file] = parts.as_slice() else { return answer(to, 404, "", "") };
        let key = format!("{owner}/{name}/{file}");
        let Some(bytes) = held(&self.files).get(&key).cloned() else { return answer(to, 404, "", "") };
        let store = held(&self.store).clone();
        let mut headers = format!("Location: {store}/{key}?signed=yes\r\n");
        let _ = write!(headers, "X-Repo-Commit: {}\r\n", commit(&format!("{owner}/{name}")));
        let _ =
            write!(headers, "X-Linked-Size: {}\r\nX-Linked-ETag: \"{}\"\r\n", bytes.len(), digest(&bytes));
        answer(to, 302, &headers, "moved")
    }

    fn serve_bytes(&self, request: &Request, to: &mut Line) -> Result<()> {
        self.note(At::Bytes, request);
        let fault = self.fault(At::Bytes);
        let key = request.path().trim_start_matches('/').split('?').next().unwrap_or_default().to_owned();
        if fault == Some(Fault::Changed)
            && let Some(bytes) = held(&self.files).get_mut(&key)
            && let Some(last) = bytes.last_mut()
        {
            *last ^= 0x55;
        }
        let Some(mut bytes) = held(&self.files).get(&key).cloned() else { return answer(to, 404, "", "") };
        let mut etag = format!("\"{}\"", &digest(&bytes)[..16]);
        if let Some(Fault::OtherMark(_)) = fault {
            etag = format!("\"machine-{}\"", held(&self.asked).len());
        }
        let whole = bytes.len();
        if let Some(Fault::WrongByte(at)) = fault {
            bytes[at % whole] ^= 0xff;
        }
        let mut from = begins(request).filter(|_| fault != Some(Fault::IgnoreRange));
        match &fault {
            Some(Fault::Silence) => return Ok(()),
            Some(Fault::Status(status, wait)) => return answer(to, *status, &waiting(*wait), ""),
            Some(Fault::Portal) => return answer(to, 200, "Content-Type: text/html\r\n", PORTAL),
            Some(Fault::WrongPart) => from = Some(from.map_or(1, |from| from / 2)),
            _ => {}
        }
        if from.is_some_and(|from| from >= whole) {
            return answer(to, 416, &format!("Content-Range: bytes */{whole}\r\n"), "");
        }
        let body = &bytes[from.unwrap_or(0)..];
        let more = usize::from(fault == Some(Fault::ClaimsMore));
        let mut head = match from {
            Some(_) if fault == Some(Fault::Unplaced) => "HTTP/1.1 206 Partial Content\r\n".into(),
            Some(from) => format!(
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{}/{}\r\n",
                whole - 1,
                whole + more
            ),
            None => "HTTP/1.1 200 OK\r\n".into(),
        };
        if fault != Some(Fault::SendsMore) {
            let _ = write!(head, "Content-Length: {}\r\n", body.len() + more);
        }
        let _ = write!(head, "ETag: {etag}\r\nAccept-Ranges: bytes\r\nConnection: close\r\n\r\n");
        to.send(head)?;
        if request.method() == "HEAD" {
            return Ok(());
        }
        match fault {
            Some(Fault::Drop(after) | Fault::OtherMark(after)) => to.send(&body[..after.min(body.len())]),
            Some(Fault::Stall(after)) => {
                to.send(&body[..after.min(body.len())])?;
                to.hold()
            }
            Some(Fault::Drip(after)) => {
                let (first, rest) = body.split_at(after.min(body.len()));
                to.send(first)?;
                rest.chunks(4).try_for_each(|drop| {
                    thread::sleep(Duration::from_millis(5));
                    to.send(drop)
                })
            }
            Some(Fault::SendsMore) => {
                to.send(body)?;
                to.send(b"and more")
            }
            _ => to.send(body),
        }
    }
}

const PORTAL: &str = "<!doctype html><title>Welcome to the cafe</title><p>Please sign in.";

fn waiting(seconds: Option<u64>) -> String {
    seconds.map_or_else(String::new, |seconds| format!("Retry-After: {seconds}\r\n"))
}

fn answer(to: &mut Line, status: u16, headers: &str, body: &str) -> Result<()> {
    to.send(wire::status(&format!("{status} So"), headers, body))
}
