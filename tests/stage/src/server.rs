use std::{
    io::Result,
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::watch;

use crate::{Line, Request, tls};

/// Longer than anything here takes on a slow machine; what never comes fails then.
const PATIENCE: Duration = Duration::from_mins(3);

/// A server. When it is dropped it takes no more connections.
pub struct Server {
    /// Where it is: `http://127.0.0.1:PORT`.
    pub address: String,
    seen: Arc<Seen>,
    heard: Mutex<Receiver<&'static str>>,
    taking: Option<JoinHandle<()>>,
}

struct Seen {
    connections: Arc<AtomicUsize>,
    /// How many of them are there now.
    open: watch::Sender<usize>,
    requests: Mutex<Vec<Request>>,
    left: AtomicBool,
}

impl Server {
    /// Each connection's request is answered by `answer`; then the connection is closed.
    pub fn open(answer: impl Fn(&Request, &mut Line) -> Result<()> + Send + Sync + 'static) -> Self {
        Self::taking(move |stream, tell, seen| seen.answer(&mut Line::plain(stream, tell), &answer).map(drop))
    }

    /// The same over TLS, at `https://localhost:PORT`, and also as a proxy on the way to everybody
    /// it has a certificate for. Gives that of its authority, in PEM.
    pub fn secure(
        answer: impl Fn(&Request, &mut Line) -> Result<()> + Send + Sync + 'static,
    ) -> (Self, String) {
        let (config, authority) = tls::identity();
        let config = Arc::new(config);
        let server = Self::taking(move |stream, tell, seen| {
            // Whoever does not believe us hangs up: then there is nothing to answer.
            seen.answer(&mut Line::encrypted(stream, config.clone(), tell)?, &answer).map(drop)
        });
        (server, authority)
    }

    /// Answers each request with the same bytes, and keeps the connection for as long as the other
    /// side does.
    pub fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::taking(move |stream, tell, seen| {
            let mut line = Line::plain(stream, tell);
            while seen.answer(&mut line, &|_: &Request, line: &mut Line| line.send(&bytes))? {}
            Ok(())
        })
    }

    /// Takes connections, and never says a word on any: one that is to be encrypted is never ready.
    pub fn mute() -> Self {
        Self::taking(|stream, tell, _| {
            let mut line = Line::plain(stream, tell);
            // Whatever comes first: from now on the other side waits for us.
            line.wait()?;
            line.hold()
        })
    }

    fn taking(
        serve: impl Fn(TcpStream, Sender<&'static str>, &Seen) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Seen {
            connections: Arc::default(),
            open: watch::Sender::new(0),
            requests: Mutex::default(),
            left: AtomicBool::new(false),
        });
        let (tell, heard) = mpsc::channel();
        let (shared, serve) = (seen.clone(), Arc::new(serve));
        let taking = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.left.load(Ordering::SeqCst) {
                    return;
                }
                shared.connections.fetch_add(1, Ordering::SeqCst);
                shared.open.send_modify(|open| *open += 1);
                let (tell, seen, serve) = (tell.clone(), shared.clone(), serve.clone());
                thread::spawn(move || {
                    // Whoever hangs up in between is heard by the test, or is nobody's matter.
                    let _ = serve(stream, tell, &seen);
                    seen.open.send_modify(|open| *open -= 1);
                });
            }
        });
        Self { address, seen, heard: Mutex::new(heard), taking: Some(taking) }
    }

    /// An address at it.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Waits until a connection tells this.
    pub fn hear(&self, what: &str) {
        let heard = self.heard.lock().unwrap();
        while heard.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never heard: {what}")) != what {}
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// The same, as it is at any time.
    pub fn counter(&self) -> Arc<AtomicUsize> {
        self.seen.connections.clone()
    }

    /// All that it was ever sent, heads and bodies.
    pub fn requests(&self) -> Vec<String> {
        let requests = self.seen.requests.lock().unwrap();
        requests.iter().map(|request| request.head.clone() + &request.text()).collect()
    }

    /// The bodies of what was posted.
    pub fn questions(&self) -> Vec<String> {
        let requests = self.seen.requests.lock().unwrap();
        requests.iter().filter(|request| request.method() == "POST").map(Request::text).collect()
    }

    /// Waits until every connection there was is gone.
    pub async fn all_closed(&self) {
        let mut open = self.seen.open.subscribe();
        let closed = open.wait_for(|open| *open == 0);
        tokio::time::timeout(PATIENCE, closed).await.expect("a connection stays open").unwrap();
    }
}

impl Seen {
    /// Hears a request and answers it; `false` where the other side asks nothing more.
    fn answer(&self, line: &mut Line, answer: &impl Fn(&Request, &mut Line) -> Result<()>) -> Result<bool> {
        let Some(request) = line.hear()? else { return Ok(false) };
        self.requests.lock().unwrap().push(request.clone());
        answer(&request, line)?;
        line.end()?;
        Ok(true)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.seen.left.store(true, Ordering::SeqCst);
        // Whoever waits for a caller sees that it is over.
        let woken = TcpStream::connect(self.address.trim_start_matches("http://")).is_ok();
        if let Some(taking) = self.taking.take().filter(|_| woken) {
            let _ = taking.join();
        }
    }
}
