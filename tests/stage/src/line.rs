use std::{
    io::{BufReader, Read, Result, Write},
    net::TcpStream,
    sync::{Arc, mpsc::Sender},
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::{request::Request, wire};

/// One connection, and how to tell the test what became of it.
pub struct Line {
    wire: BufReader<Wire>,
    tell: Sender<&'static str>,
}

enum Wire {
    Plain(TcpStream),
    Encrypted(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Line {
    pub(crate) fn plain(stream: TcpStream, tell: Sender<&'static str>) -> Self {
        Self { wire: BufReader::new(Wire::Plain(stream)), tell }
    }

    /// Encrypts; whoever takes us for a proxy is let through to ourselves first.
    pub(crate) fn encrypted(
        mut stream: TcpStream,
        config: Arc<ServerConfig>,
        tell: Sender<&'static str>,
    ) -> Result<Self> {
        let mut first = [0];
        if stream.peek(&mut first)? == 1 && first == *b"C" {
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte)?;
                head.push(byte[0]);
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        }
        let connection = ServerConnection::new(config).expect("a configuration that works");
        let stream = StreamOwned::new(connection, stream);
        Ok(Self { wire: BufReader::new(Wire::Encrypted(Box::new(stream))), tell })
    }

    /// The next request; `None` where the other side has hung up.
    pub(crate) fn hear(&mut self) -> Result<Option<Request>> {
        Request::read(&mut self.wire)
    }

    /// Waits until anything at all comes.
    pub(crate) fn wait(&mut self) -> Result<()> {
        self.wire.read_exact(&mut [0])
    }

    /// Says that nothing more comes.
    pub(crate) fn end(&mut self) -> Result<()> {
        if let Wire::Encrypted(stream) = self.wire.get_mut() {
            stream.conn.send_close_notify();
        }
        self.wire.get_mut().flush()
    }

    /// Says this to whoever waits in [`Server::hear`](crate::Server::hear).
    pub fn tell(&self, what: &'static str) {
        // Where nobody listens any more, the test is over.
        let _ = self.tell.send(what);
    }

    /// Sends this at once, text or not.
    ///
    /// # Errors
    /// Where the other side has hung up.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        let wire = self.wire.get_mut();
        wire.write_all(bytes.as_ref())?;
        wire.flush()
    }

    /// Begins an answer of this kind; `more` are headers, each ended.
    ///
    /// # Errors
    /// Where the other side has hung up.
    pub fn head(&mut self, kind: &str, more: &str) -> Result<()> {
        self.send(wire::head(kind, more))
    }

    /// Says nothing more until the other side has hung up, and tells that: `held`, then `gone`.
    ///
    /// # Errors
    /// None: it is an answer like the others.
    #[allow(clippy::unnecessary_wraps)]
    pub fn hold(&mut self) -> Result<()> {
        self.tell("held");
        // Nothing more is asked on it: an end, or an error, is the other side's.
        while matches!(self.wire.read(&mut [0; 64]), Ok(read) if read > 0) {}
        self.tell("gone");
        Ok(())
    }
}

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(into),
            Self::Encrypted(stream) => stream.read(into),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Encrypted(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Encrypted(stream) => stream.flush(),
        }
    }
}
