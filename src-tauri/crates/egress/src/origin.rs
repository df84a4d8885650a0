//! Where something goes: scheme, host and port, and nothing else of an address.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::Refusal;

/// Scheme, host and port, in one spelling: `https://api.mistral.ai`, `http://127.0.0.1:11434`.
/// Two addresses with the same origin are answered by the same server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin {
    encrypted: bool,
    host: String,
    port: u16,
}

/// How far away an origin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// This device.
    Device,
    /// The network this device is in, as far as the name tells.
    Network,
    /// Anywhere else: whoever carries it could read it.
    World,
}

impl Origin {
    /// The origin of a whole address or of a base URL. Other schemes than http and https,
    /// and addresses with a name or password in them, are refused.
    pub fn of(address: &str) -> Result<Self, Refusal> {
        Self::of_url(&parse(address)?)
    }

    pub(crate) fn of_url(url: &Url) -> Result<Self, Refusal> {
        let encrypted = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(Refusal::Address),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UserInfo);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refusal::Address)?;
        let port = url.port_or_known_default().ok_or(Refusal::Address)?;
        // "example.com." and "example.com" are the same place.
        let host = host.strip_suffix('.').unwrap_or(host).to_string();
        Ok(Self { encrypted, host, port })
    }

    /// Whether what goes there is encrypted on its way.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// The host alone, as it is shown to the person.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also where it is the scheme's own.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How far away it is, judged by its name alone.
    pub fn reach(&self) -> Reach {
        match self.ip() {
            Some(ip) if is_loopback(ip) => Reach::Device,
            Some(ip) if is_local(ip) => Reach::Network,
            None if is_loopback_name(&self.host) => Reach::Device,
            None if is_network_name(&self.host) => Reach::Network,
            Some(_) | None => Reach::World,
        }
    }

    pub(crate) fn ip(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.encrypted { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port == usual { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

impl FromStr for Origin {
    type Err = Refusal;

    fn from_str(address: &str) -> Result<Self, Refusal> {
        Self::of(address)
    }
}

impl TryFrom<String> for Origin {
    type Error = Refusal;

    fn try_from(address: String) -> Result<Self, Refusal> {
        Self::of(&address)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.to_string()
    }
}

/// An address as people type it: `localhost:11434` means a program on this computer, which speaks
/// plain http. Whatever lies further away has to say how it is spoken to.
pub fn typed(address: &str) -> Cow<'_, str> {
    let address = address.trim();
    if address.contains("://") {
        return address.into();
    }
    let plain = format!("http://{address}");
    let here = Origin::of(&plain).is_ok_and(|origin| origin.reach() == Reach::Device);
    if here { plain.into() } else { address.into() }
}

pub(crate) fn parse(address: &str) -> Result<Url, Refusal> {
    Url::parse(address.trim()).map_err(|_| Refusal::Address)
}

/// "localhost" and what is below it are this device, whatever a name server says.
pub(crate) fn is_loopback_name(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

fn is_network_name(host: &str) -> bool {
    let endings = [".local", ".lan", ".home.arpa", ".internal", ".localdomain"];
    !host.contains('.') || endings.iter().any(|ending| host.ends_with(ending))
}

/// This device itself.
pub(crate) fn is_loopback(ip: IpAddr) -> bool {
    match plain(ip) {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified(),
    }
}

/// Reachable from here without any router: also where clouds keep the keys of their machines.
pub(crate) fn is_link_local(ip: IpAddr) -> bool {
    match plain(ip) {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// This device or the network it is in.
pub(crate) fn is_local(ip: IpAddr) -> bool {
    let shared = |ip: Ipv4Addr| ip.octets()[0] == 100 && (64..128).contains(&ip.octets()[1]);
    let site = |ip: Ipv6Addr| ip.is_unique_local() || ip.is_multicast();
    is_loopback(ip)
        || is_link_local(ip)
        || match plain(ip) {
            IpAddr::V4(ip) => ip.is_private() || shared(ip) || ip.is_broadcast() || ip.is_multicast(),
            IpAddr::V6(ip) => site(ip),
        }
}

/// An IPv4 address in an IPv6 coat is judged as what it is.
fn plain(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    }
}

#[cfg(test)]
mod tests;
