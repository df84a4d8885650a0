//! Names are looked up here, so that a name cannot lead where it has no business: no public
//! name to this device, and no confirmed server of the user's out of their network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::origin::{self, Reach};

/// The system's own look-up, with addresses out of reach left out. What means this device is asked
/// of nobody (RFC 6761, 6.3): a name server would hear of it, and not every system has the name.
pub(crate) struct Lookup(pub(crate) Reach);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            // A public host is never called localhost; a proxy that the system is set to may be.
            if origin::is_loopback_name(name.as_str()) {
                let here = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
                return Ok(Box::new(here.map(|ip| SocketAddr::new(ip, 0)).into_iter()) as Addrs);
            }
            #[allow(clippy::disallowed_methods)] // this is its one home
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fitting: Vec<SocketAddr> = found.filter(|address| fits(address.ip(), reach)).collect();
            if fitting.is_empty() {
                return Err(format!("{} has no address where it should be", name.as_str()).into());
            }
            Ok(Box::new(fitting.into_iter()) as Addrs)
        })
    }
}

fn fits(ip: IpAddr, reach: Reach) -> bool {
    match reach {
        Reach::Device => origin::is_loopback(ip),
        // Some systems give their own name an address of this device.
        Reach::Network => origin::is_local(ip),
        Reach::World => !origin::is_loopback(ip) && !origin::is_link_local(ip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_name_does_not_lead_to_this_device_or_to_a_cloud_machine_s_keys() {
        for ip in ["127.0.0.1", "::1", "0.0.0.0", "169.254.169.254", "fe80::1", "::ffff:127.0.0.1"] {
            assert!(!fits(ip.parse().unwrap(), Reach::World), "{ip}");
        }
        assert!(fits("93.184.216.34".parse().unwrap(), Reach::World));
    }

    #[test]
    fn a_confirmed_server_stays_in_the_users_network() {
        for ip in ["192.168.1.5", "10.0.0.7", "172.20.0.1", "fd00::5", "169.254.3.4", "127.0.1.1"] {
            assert!(fits(ip.parse().unwrap(), Reach::Network), "{ip}");
        }
        assert!(!fits("93.184.216.34".parse().unwrap(), Reach::Network));
    }

    #[tokio::test]
    async fn localhost_is_this_device_whatever_a_name_server_says_and_none_is_asked() {
        for name in ["localhost", "api.localhost", "nobody-ever-entered-this.localhost"] {
            for reach in [Reach::Device, Reach::World] {
                let found: Vec<_> = Lookup(reach).resolve(name.parse().unwrap()).await.unwrap().collect();
                assert!(!found.is_empty(), "{name}");
                assert!(found.iter().all(|address| address.ip().is_loopback()), "{name}: {found:?}");
            }
        }
    }
}
