//! A server on this computer that answers as it is told, keeps a connection for as long as the
//! other side does, and counts.

#![allow(clippy::disallowed_types)] // a test may speak to itself

use std::{
    io::{BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use journeys::http::question;

/// Longer than anything here takes on a slow machine; what never comes fails then.
const PATIENCE: Duration = Duration::from_mins(3);

pub struct Server {
    pub address: String,
    connections: Arc<AtomicUsize>,
    heard: Receiver<&'static str>,
}

/// One connection, and how to tell the test what became of it.
pub struct Line {
    stream: TcpStream,
    tell: Sender<&'static str>,
}

impl Server {
    /// Each request is answered by `answer`, which is given its first line.
    pub fn open(answer: impl Fn(&str, &mut Line) -> std::io::Result<()> + Send + Sync + 'static) -> Self {
        Self::taking(move |stream, tell| serve(stream, tell, &answer))
    }

    fn taking(
        answer: impl Fn(TcpStream, Sender<&'static str>) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let (tell, heard) = mpsc::channel();
        let (count, answer) = (connections.clone(), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let (tell, answer) = (tell.clone(), answer.clone());
                // Whoever hangs up in between is heard by the test, or is nobody's matter.
                thread::spawn(move || answer(stream, tell));
            }
        });
        Self { address, connections, heard }
    }

    /// Takes connections, and never says a word on any: one that is to be encrypted is never ready.
    pub fn mute() -> Self {
        Self::taking(|stream, tell| {
            let mut line = Line { stream, tell };
            // Whatever comes first: from now on the other side waits for us.
            line.stream.read_exact(&mut [0])?;
            line.hold()
        })
    }

    /// Waits until a connection says this.
    pub fn hear(&self, what: &str) {
        while self.heard.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never heard: {what}")) != what {}
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn serve(
    stream: TcpStream,
    tell: Sender<&'static str>,
    answer: &dyn Fn(&str, &mut Line) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let Some((head, _)) = question(&mut reader)? else { return Ok(()) };
    answer(head.lines().next().unwrap_or_default(), &mut Line { stream, tell })
}

impl Line {
    pub fn tell(&self, what: &'static str) {
        // Where nobody listens any more, the test is over.
        let _ = self.tell.send(what);
    }

    pub fn send(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.write_all(text.as_bytes())?;
        self.stream.flush()
    }

    pub fn head(&mut self, kind: &str, more: &str) -> std::io::Result<()> {
        self.send(&format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n{more}\r\n"))
    }

    /// Says nothing more until the other side has hung up, and tells that.
    #[allow(clippy::unnecessary_wraps)] // it is an answer like the others
    pub fn hold(&mut self) -> std::io::Result<()> {
        self.tell("held");
        // Nothing more is asked on it: an end, or an error, is the other side's.
        while matches!(self.stream.read(&mut [0; 64]), Ok(read) if read > 0) {}
        self.tell("gone");
        Ok(())
    }
}
