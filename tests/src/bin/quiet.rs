//! `quiet COMMAND…`: runs a command where every packet that wants to leave is caught, and
//! says which did. It must be started in a network namespace of its own (`unshare -rn`),
//! where all ways lead to the loopback device: there, what is not for this machine itself
//! is what would have left it.
#![allow(clippy::print_stderr, clippy::disallowed_methods)] // a tool of the tests

use std::{
    env,
    io::Read,
    process::{Command, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use socket2::{Domain, Protocol, Socket, Type};

/// All kinds of packets: `ETH_P_ALL` of `linux/if_ether.h`, in network order.
const ALL: i32 = (0x0003_u16).to_be() as i32;

/// Something left: a number that no program of ours ends with.
const LEFT: u8 = 99;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("quiet: {error}");
            ExitCode::from(98)
        }
    }
}

fn run() -> Result<ExitCode, String> {
    for words in ["link set lo up", "route add default dev lo", "-6 route add default dev lo"] {
        let done = ip(words)?;
        let is_spared = words.starts_with("-6") && has_no_ipv6();
        if !done && !is_spared {
            return Err(format!("ip {words} failed: is this a network namespace of its own?"));
        }
    }
    // Packets as they are, without the frame around them.
    let socket = Socket::new(Domain::PACKET, Type::DGRAM, Some(Protocol::from(ALL)))
        .and_then(|socket| socket.set_read_timeout(Some(Duration::from_millis(100))).map(|()| socket))
        .map_err(|error| format!("packets cannot be seen: {error}"))?;
    let over = Arc::new(AtomicBool::new(false));
    let watching = {
        let over = over.clone();
        thread::spawn(move || watch(socket, &over))
    };
    let mut words = env::args_os().skip(1);
    let program = words.next().ok_or("say what to run")?;
    let ended = Command::new(program).args(words).status().map_err(|error| error.to_string())?;
    over.store(true, Ordering::Relaxed);
    let left = watching.join().map_err(|_| "the watch broke off")?;
    for packet in &left {
        eprintln!("quiet: a packet would have left, to {packet}");
    }
    let code = u8::try_from(ended.code().unwrap_or(97)).unwrap_or(97);
    Ok(ExitCode::from(if left.is_empty() { code } else { LEFT }))
}

fn ip(words: &str) -> Result<bool, String> {
    let done = Command::new("ip").args(words.split(' ')).status().map_err(|error| format!("ip: {error}"))?;
    Ok(done.success())
}

/// Some systems have none, or have it switched off: nothing leaves by it then.
fn has_no_ipv6() -> bool {
    std::fs::read_to_string("/proc/net/if_inet6").map_or(true, |addresses| addresses.trim().is_empty())
}

/// Where packets wanted to go that were not for this machine itself.
fn watch(mut socket: Socket, over: &AtomicBool) -> Vec<String> {
    let mut left = Vec::new();
    let mut packet = [0; 2048];
    loop {
        match socket.read(&mut packet) {
            Ok(length) => left.extend(stranger(&packet[..length])),
            // What was sent before the end has arrived by then: it never leaves the kernel.
            Err(_) if over.load(Ordering::Relaxed) => return left,
            Err(_) => {}
        }
    }
}

/// The address that an IP packet is for, unless it is this machine's own.
fn stranger(packet: &[u8]) -> Option<String> {
    match packet.first()? >> 4 {
        4 => {
            let to: [u8; 4] = packet.get(16..20)?.try_into().ok()?;
            let to = std::net::Ipv4Addr::from(to);
            (!to.is_loopback()).then(|| to.to_string())
        }
        6 => {
            let to: [u8; 16] = packet.get(24..40)?.try_into().ok()?;
            let to = std::net::Ipv6Addr::from(to);
            // The kernel itself greets its neighbours when the device comes up.
            (!to.is_loopback() && !to.is_multicast()).then(|| to.to_string())
        }
        _ => None,
    }
}
