//! A hub of our own on this device: it speaks the protocol of Hugging Face as far as
//! downloads need it, and misbehaves on command.
//!
//! Two hosts, as with the real one: the first describes files and sends on to the
//! second, which has the bytes. What the next answers will be like is queued with
//! [`Hub::misbehave`]; when the queue is empty, it behaves.

#![allow(clippy::disallowed_types)] // a test may speak to itself

// Whatever fails here fails the test that uses it.
#![allow(clippy::unwrap_used)]

use std::{
    collections::{HashMap, VecDeque},
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    thread,
    time::Duration,
};

use serde_json::json;
use sotto_models::Digest;

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
    front: SocketAddr,
    store: SocketAddr,
}

struct Shop {
    files: Mutex<HashMap<String, Vec<u8>>>,
    faults: Mutex<HashMap<At, VecDeque<Fault>>>,
    asked: Mutex<Vec<Asked>>,
    store: Mutex<Option<SocketAddr>>,
    token: Mutex<Option<String>>,
    closed: Mutex<bool>,
}

impl Hub {
    /// Opens one.
    pub fn open() -> Self {
        let shop = Arc::new(Shop {
            files: Mutex::default(),
            faults: Mutex::default(),
            asked: Mutex::default(),
            store: Mutex::default(),
            token: Mutex::default(),
            closed: Mutex::default(),
        });
        let store = listen(&shop, Shop::serve_bytes);
        *held(&shop.store) = Some(store);
        let front = listen(&shop, Shop::serve_front);
        Self { shop, front, store }
    }

    /// What `HF_ENDPOINT` would be.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.front)
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

impl Drop for Hub {
    fn drop(&mut self) {
        *held(&self.shop.closed) = true;
        // Whoever waits for a caller sees that it is closed.
        for address in [self.front, self.store] {
            let _ = TcpStream::connect(address);
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn listen(shop: &Arc<Shop>, serve: fn(&Shop, &Request, &mut TcpStream) -> std::io::Result<()>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let shop = shop.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if *held(&shop.closed) {
                return;
            }
            let shop = shop.clone();
            thread::spawn(move || {
                let mut stream = stream;
                if let Some(request) = Request::read(&stream) {
                    // Callers hang up as they please.
                    let _ = serve(&shop, &request, &mut stream);
                }
            });
        }
    });
    address
}

struct Request {
    method: String,
    path: String,
    headers: HashMap<String, String>,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut lines = BufReader::new(stream).lines();
        let first = lines.next()?.ok()?;
        let mut words = first.split(' ');
        let (method, path) = (words.next()?.into(), words.next()?.into());
        let mut headers = HashMap::new();
        for line in lines {
            let line = line.ok()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.insert(name.trim().to_lowercase(), value.trim().to_owned());
        }
        Some(Self { method, path, headers })
    }

    /// Where the range begins that is asked for.
    fn from(&self) -> Option<usize> {
        self.headers.get("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    }
}

/// A commit that follows from what is in a repository.
fn commit(repo: &str) -> String {
    Digest::of(repo.as_bytes()).to_string()[..40].into()
}

impl Shop {
    fn note(&self, at: At, request: &Request) {
        let header = |name: &str| request.headers.get(name).cloned();
        held(&self.asked).push(Asked { at, range: header("range"), authorization: header("authorization") });
    }

    fn fault(&self, at: At) -> Option<Fault> {
        held(&self.faults).get_mut(&at)?.pop_front()
    }

    fn serve_front(&self, request: &Request, to: &mut TcpStream) -> std::io::Result<()> {
        let path = request.path.split('?').next().unwrap_or_default().to_owned();
        let at = if path.starts_with("/api/") { At::Details } else { At::Resolve };
        self.note(at, request);
        match self.fault(at) {
            Some(Fault::Silence) => return Ok(()),
            Some(Fault::Status(status, wait)) => return answer(to, status, &waiting(wait), b""),
            Some(Fault::Stall(_)) => return until_they_hang_up(to),
            Some(Fault::Portal) => return answer(to, 200, "Content-Type: text/html\r\n", PORTAL),
            Some(Fault::ClaimsToBe(bytes)) if at == At::Details => {
                return self.describe(&path, Some(bytes), to);
            }
            Some(other) => panic!("{other:?} is nothing that happens at {at:?}"),
            None => {}
        }
        let wanted = held(&self.token).clone().map(|token| format!("Bearer {token}"));
        if wanted.is_some() && request.headers.get("authorization") != wanted.as_ref() {
            return answer(to, 401, "", b"who are you");
        }
        match at {
            At::Details => self.describe(&path, None, to),
            At::Resolve | At::Bytes => self.send_on(&path, to),
        }
    }

    fn describe(&self, path: &str, claim: Option<u64>, to: &mut TcpStream) -> std::io::Result<()> {
        let parts: Vec<&str> = path.trim_start_matches("/api/models/").split('/').collect();
        let &[owner, name, "revision", _] = parts.as_slice() else { return answer(to, 404, "", b"") };
        let repo = format!("{owner}/{name}");
        let siblings: Vec<_> = held(&self.files)
            .iter()
            .filter_map(|(path, bytes)| {
                let file = path.strip_prefix(&repo)?.strip_prefix('/')?;
                let size = claim.unwrap_or(bytes.len() as u64);
                let lfs = json!({ "sha256": Digest::of(bytes), "size": size, "pointerSize": 135 });
                Some(json!({ "rfilename": file, "size": bytes.len(), "lfs": lfs }))
            })
            .collect();
        if siblings.is_empty() {
            return answer(to, 404, "", b"");
        }
        let text = json!({ "id": repo, "sha": commit(&repo), "siblings": siblings }).to_string();
        answer(to, 200, "Content-Type: application/json\r\n", text.as_bytes())
    }

    fn send_on(&self, path: &str, to: &mut TcpStream) -> std::io::Result<()> {
        let parts: Vec<&str> = path.trim_start_matches('/').splitn(5, '/').collect();
        let &[owner, name, "resolve", _, file] = parts.as_slice() else { return answer(to, 404, "", b"") };
        let key = format!("{owner}/{name}/{file}");
        let Some(bytes) = held(&self.files).get(&key).cloned() else { return answer(to, 404, "", b"") };
        let store = held(&self.store).unwrap();
        let mut headers = format!("Location: http://{store}/{key}?signed=yes\r\n");
        let _ = write!(headers, "X-Repo-Commit: {}\r\n", commit(&format!("{owner}/{name}")));
        let _ = write!(
            headers,
            "X-Linked-Size: {}\r\nX-Linked-ETag: \"{}\"\r\n",
            bytes.len(),
            Digest::of(&bytes)
        );
        answer(to, 302, &headers, b"moved")
    }

    fn serve_bytes(&self, request: &Request, to: &mut TcpStream) -> std::io::Result<()> {
        self.note(At::Bytes, request);
        let fault = self.fault(At::Bytes);
        let key = request.path.trim_start_matches('/').split('?').next().unwrap_or_default().to_owned();
        if fault == Some(Fault::Changed)
            && let Some(bytes) = held(&self.files).get_mut(&key)
            && let Some(last) = bytes.last_mut()
        {
            *last ^= 0x55;
        }
        let Some(mut bytes) = held(&self.files).get(&key).cloned() else { return answer(to, 404, "", b"") };
        let mut etag = format!("\"{}\"", &Digest::of(&bytes).to_string()[..16]);
        if let Some(Fault::OtherMark(_)) = fault {
            etag = format!("\"machine-{}\"", held(&self.asked).len());
        }
        let whole = bytes.len();
        if let Some(Fault::WrongByte(at)) = fault {
            bytes[at % whole] ^= 0xff;
        }
        let mut from = request.from().filter(|_| fault != Some(Fault::IgnoreRange));
        match &fault {
            Some(Fault::Silence) => return Ok(()),
            Some(Fault::Status(status, wait)) => return answer(to, *status, &waiting(*wait), b""),
            Some(Fault::Portal) => return answer(to, 200, "Content-Type: text/html\r\n", PORTAL),
            Some(Fault::WrongPart) => from = Some(from.map_or(1, |from| from / 2)),
            _ => {}
        }
        if from.is_some_and(|from| from >= whole) {
            return answer(to, 416, &format!("Content-Range: bytes */{whole}\r\n"), b"");
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
        to.write_all(head.as_bytes())?;
        if request.method == "HEAD" {
            return Ok(());
        }
        match fault {
            Some(Fault::Drop(after) | Fault::OtherMark(after)) => {
                to.write_all(&body[..after.min(body.len())])
            }
            Some(Fault::Stall(after)) => {
                to.write_all(&body[..after.min(body.len())])?;
                until_they_hang_up(to)
            }
            Some(Fault::Drip(after)) => {
                let (first, rest) = body.split_at(after.min(body.len()));
                to.write_all(first)?;
                rest.chunks(4).try_for_each(|drop| {
                    thread::sleep(Duration::from_millis(5));
                    to.write_all(drop)
                })
            }
            Some(Fault::SendsMore) => {
                to.write_all(body)?;
                to.write_all(b"and more")
            }
            _ => to.write_all(body),
        }
    }
}

const PORTAL: &[u8] = b"<!doctype html><title>Welcome to the cafe</title><p>Please sign in.";

fn waiting(seconds: Option<u64>) -> String {
    seconds.map_or_else(String::new, |seconds| format!("Retry-After: {seconds}\r\n"))
}

fn answer(to: &mut TcpStream, status: u16, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    write!(to, "HTTP/1.1 {status} So\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n")?;
    to.write_all(body)
}

fn until_they_hang_up(to: &mut TcpStream) -> std::io::Result<()> {
    while to.read(&mut [0; 64])? > 0 {}
    Ok(())
}
