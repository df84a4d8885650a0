use std::net::SocketAddr;

use socket2::{Domain, Socket, Type};

/// A place on this computer at which nobody listens, and nobody else begins to.
pub struct Nobody(Socket);

impl Nobody {
    /// Such a place.
    pub fn here() -> Self {
        // A port that is taken, and not listened at: whoever knocks is refused.
        Self(bound())
    }

    /// Where that is, as `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        address(&self.0)
    }
}

/// A place at which connections are neither taken nor refused: as many wait there as may.
pub struct Crowd {
    listener: Socket,
    _waiting: Vec<Socket>,
}

impl Crowd {
    /// Such a place.
    pub fn here() -> Self {
        let listener = bound();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let waiting = (0..4).map(|_| {
            let waiting = socket();
            waiting.set_nonblocking(true).unwrap();
            // It is under way, which is all that is wanted.
            let _ = waiting.connect(&address);
            waiting
        });
        Self { _waiting: waiting.collect(), listener }
    }

    /// Where that is, as `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        address(&self.listener)
    }
}

fn socket() -> Socket {
    Socket::new(Domain::IPV4, Type::STREAM, None).unwrap()
}

fn bound() -> Socket {
    let socket = socket();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    socket
}

fn address(socket: &Socket) -> String {
    socket.local_addr().unwrap().as_socket().unwrap().to_string()
}
