//! The bar, shown: the engine's program tries what it must not be able to do, and the app listens
//! where something would arrive. The engine's word is not enough: what arrived was not refused.

#![allow(clippy::disallowed_types)] // ears of this computer's own, at which nothing is to arrive

use std::{
    io,
    net::{TcpListener, UdpSocket},
    path::Path,
};

use sotto_engine_protocol::{Attempt, PROVE, Targets, Tried};

use crate::{Engine, TaskLimits};

const LIMITS: TaskLimits = TaskLimits { memory: 2 << 30, seconds: 20, answer: 64 * 1024 };

/// Where something would be heard.
struct Ears {
    tcp: TcpListener,
    ipv6: Option<TcpListener>,
    udp: UdpSocket,
    #[cfg(unix)]
    local: Option<(std::os::unix::net::UnixListener, tempfile::TempDir)>,
}

impl Engine {
    /// Has the engine's program, behind the bar, try to get out, and to `file`, which is the user's;
    /// says what came of each attempt.
    ///
    /// # Errors
    /// It could not be tried; nothing is proven then.
    pub async fn prove(&self, file: &Path) -> io::Result<Vec<Tried>> {
        let ears = Ears::open()?;
        let targets = ears.targets(file)?;
        let said = self.do_task(PROVE, &serde_json::to_vec(&targets)?, LIMITS).await?;
        let mut tried: Vec<Tried> = serde_json::from_slice(&said)?;
        for attempt in expected(&targets) {
            if !tried.iter().any(|one| one.attempt == attempt) {
                return Err(io::Error::other("the engine did not try all of it"));
            }
        }
        for one in &mut tried {
            if ears.heard(one.attempt) {
                one.refused = false;
            }
        }
        Ok(tried)
    }
}

fn expected(targets: &Targets) -> Vec<Attempt> {
    let mut all = vec![Attempt::Tcp, Attempt::Udp, Attempt::ReadFile, Attempt::WriteFile];
    all.extend(targets.ipv6.as_ref().map(|_| Attempt::Ipv6));
    all.extend(targets.local.as_ref().map(|_| Attempt::Local));
    all.extend(cfg!(target_os = "linux").then_some(Attempt::AppMemory));
    all
}

impl Ears {
    fn open() -> io::Result<Self> {
        let tcp = TcpListener::bind("127.0.0.1:0")?;
        tcp.set_nonblocking(true)?;
        // Not every system has it.
        let ipv6 = TcpListener::bind("[::1]:0").ok();
        if let Some(ear) = &ipv6 {
            ear.set_nonblocking(true)?;
        }
        let udp = UdpSocket::bind("127.0.0.1:0")?;
        udp.set_nonblocking(true)?;
        #[cfg(unix)]
        let local = {
            let folder = tempfile::tempdir()?;
            let ear = std::os::unix::net::UnixListener::bind(folder.path().join("ear"))?;
            ear.set_nonblocking(true)?;
            Some((ear, folder))
        };
        Ok(Self {
            tcp,
            ipv6,
            udp,
            #[cfg(unix)]
            local,
        })
    }

    fn targets(&self, file: &Path) -> io::Result<Targets> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let ipv6 = self.ipv6.as_ref().map(TcpListener::local_addr).transpose()?;
        #[cfg(unix)]
        let local = self.local.as_ref().map(|(_, folder)| text(&folder.path().join("ear")));
        #[cfg(not(unix))]
        let local = None;
        Ok(Targets {
            tcp: self.tcp.local_addr()?.to_string(),
            ipv6: ipv6.map(|address| address.to_string()),
            udp: self.udp.local_addr()?.to_string(),
            local,
            file: text(file),
            planted: text(&file.with_file_name("lock.planted")),
            app: std::process::id(),
        })
    }

    /// Whether something arrived by this way.
    fn heard(&self, attempt: Attempt) -> bool {
        match attempt {
            Attempt::Tcp => self.tcp.accept().is_ok(),
            Attempt::Ipv6 => self.ipv6.as_ref().is_some_and(|ear| ear.accept().is_ok()),
            Attempt::Udp => self.udp.recv(&mut [0; 8]).is_ok(),
            #[cfg(unix)]
            Attempt::Local => self.local.as_ref().is_some_and(|(ear, _)| ear.accept().is_ok()),
            #[cfg(not(unix))]
            Attempt::Local => false,
            Attempt::AppMemory | Attempt::ReadFile | Attempt::WriteFile => false,
        }
    }
}
