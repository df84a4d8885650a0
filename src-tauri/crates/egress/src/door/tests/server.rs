//! A server that says what it is told to, and remembers what it heard.

#![allow(clippy::disallowed_types)] // a test may speak to itself

use std::io::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub struct Server {
    origin: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
    open: watch::Sender<usize>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers each request with the same bytes, and then waits for the other side to hang up.
    pub async fn answering(answer: &[u8]) -> Self {
        let answer = answer.to_vec();
        Self::serving(move |mut stream| {
            let answer = answer.clone();
            async move {
                stream.write_all(&answer).await?;
                Ok(stream)
            }
        })
        .await
    }

    /// Hands the connection to `serve` after each request; what that gives back is kept open
    /// until the other side hangs up.
    pub async fn serving<F, S>(serve: S) -> Self
    where
        S: Fn(TcpStream) -> F + Clone + Send + 'static,
        F: Future<Output = Result<TcpStream, Error>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let open = watch::Sender::new(0);
        let task = tokio::spawn({
            let (connections, requests, open) = (connections.clone(), requests.clone(), open.clone());
            async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    connections.fetch_add(1, Ordering::SeqCst);
                    open.send_modify(|open| *open += 1);
                    let (requests, open, serve) = (requests.clone(), open.clone(), serve.clone());
                    tokio::spawn(async move {
                        while let Some(request) = heard(&mut stream).await {
                            requests.lock().unwrap().push(request);
                            match serve(stream).await {
                                Ok(served) => stream = served,
                                Err(_) => break,
                            }
                        }
                        open.send_modify(|open| *open -= 1);
                    });
                }
            }
        });
        Self { origin, connections, requests, open, task }
    }

    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn counter(&self) -> Arc<AtomicUsize> {
        self.connections.clone()
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Waits until every connection there was is gone.
    pub async fn all_closed(&self) {
        let mut open = self.open.subscribe();
        let closed = open.wait_for(|open| *open == 0);
        tokio::time::timeout(Duration::from_mins(1), closed).await.expect("a connection stays open").unwrap();
    }

    /// Stops listening.
    pub async fn leave(self) {
        self.task.abort();
        _ = self.task.await;
    }
}

/// The head of a request, in lower case.
pub fn head(request: &str) -> String {
    request.split("\r\n\r\n").next().unwrap_or_default().to_lowercase()
}

/// One whole request; `None` when the other side has hung up.
pub async fn heard(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        request.push(byte[0]);
    }
    let mut request = String::from_utf8(request).unwrap();
    let length = head(&request)
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ").and_then(|length| length.parse().ok()))
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    request.push_str(std::str::from_utf8(&body).unwrap());
    Some(request)
}
