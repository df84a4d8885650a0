//! The clients behind the door: one for each reach. They follow nothing, remember nothing and
//! try nothing twice.
//!
//! They are lent to nobody. A layer around the connector is not told where a connection goes, so
//! a client that is lent could be used for any errand; and hf-hub, which takes one, makes another
//! of its own for the headers of files and for Xet, and sends a token it finds on the disk.

use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, Client, redirect, retry};

use crate::origin::Reach;
use crate::resolve::Lookup;
use crate::{DoorOptions, Failure, Proxy};

pub(crate) struct Clients {
    device: Client,
    network: Client,
    world: Client,
}

impl Clients {
    pub(crate) fn new(options: &DoorOptions) -> Result<Self, Failure> {
        let certificates = match &options.extra_ca {
            Some(file) => certificates(file)?,
            None => Vec::new(),
        };
        Ok(Self {
            device: client(Reach::Device, options, &certificates)?,
            network: client(Reach::Network, options, &certificates)?,
            world: client(Reach::World, options, &certificates)?,
        })
    }

    pub(crate) fn reaching(&self, reach: Reach) -> &Client {
        match reach {
            Reach::Device => &self.device,
            Reach::Network => &self.network,
            Reach::World => &self.world,
        }
    }
}

#[allow(clippy::disallowed_methods)] // this is their one home
fn client(reach: Reach, options: &DoorOptions, certificates: &[Certificate]) -> Result<Client, Failure> {
    let builder = Client::builder()
        .user_agent(concat!("Sotto/", env!("CARGO_PKG_VERSION")))
        // Followed by the client, a redirect would take keys and words to a host that
        // nobody decided on.
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        // An idle connection would stay open, and speak once more when it is closed, after
        // the offline lock went on.
        .pool_max_idle_per_host(0)
        .connect_timeout(options.connect_timeout)
        .tcp_keepalive(Duration::from_secs(30))
        .tls_certs_merge(certificates.iter().cloned())
        .dns_resolver(Lookup(reach));
    let builder = match (reach, &options.proxy) {
        // With a proxy in the environment, a call to 127.0.0.1 would otherwise leave the device.
        (Reach::Device | Reach::Network, _) | (Reach::World, Proxy::None) => builder.no_proxy(),
        (Reach::World, Proxy::System) => builder,
        (Reach::World, Proxy::At(address)) => builder.proxy(proxy(address).ok_or(Failure::BadProxy)?),
    };
    builder.build().map_err(|error| match &options.extra_ca {
        // What is in the file is looked into here, and not before.
        Some(file) => Failure::BadCertificate { file: file.clone(), cause: error.into() },
        None => Failure::NoClient(error.into()),
    })
}

/// The proxy at this address; `None` for what is none. What a client makes of a word that is no
/// address shows only when it connects, and then as something else.
fn proxy(address: &str) -> Option<reqwest::Proxy> {
    let address = address.trim();
    let whole = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let url = reqwest::Url::parse(&whole).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    // A word alone is no host that anybody means, unless a port stands behind it.
    let is_meant = host.contains(['.', ':']) || host == "localhost" || url.port().is_some();
    let is_known = matches!(url.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h");
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none();
    (is_meant && is_known && is_bare).then(|| reqwest::Proxy::all(whole).ok())?
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Failure> {
    let bad = |cause| Failure::BadCertificate { file: file.into(), cause };
    let pem = std::fs::read(file).map_err(|error| bad(error.into()))?;
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| bad(error.into()))?;
    if certificates.is_empty() {
        return Err(bad("there is no certificate in it".into()));
    }
    Ok(certificates)
}
