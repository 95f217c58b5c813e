//! What kind of place an address is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of place an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Public,
    /// A local network's own (RFC 1918, RFC 4193).
    Private,
    /// This machine.
    Loopback,
    /// Nothing that a message is ever for; the word for it.
    Never(&'static str),
}

/// Metadata of clouds, by which programs get passwords: AWS over IPv6, and Alibaba's, which lies in the shared range.
const METADATA: [IpAddr; 2] =
    [IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254)), IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200))];

/// What kind of place an address is, by the IANA registries of special addresses
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>, <https://www.iana.org/assignments/iana-ipv6-special-registry>).
/// An IPv6 address that carries an IPv4 address is what that one is.
pub fn place_of(address: IpAddr) -> Place {
    if METADATA.contains(&address) {
        return Place::Never("a cloud's metadata service");
    }
    match address {
        IpAddr::V4(address) => place_of_v4(address),
        IpAddr::V6(address) => place_of_v6(address),
    }
}

fn place_of_v4(address: Ipv4Addr) -> Place {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (0, ..) => Place::Never("\"this network\""),
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => Place::Private,
        (127, ..) => Place::Loopback,
        (100, 64..=127, _) => Place::Never("shared by a provider's customers"),
        (169, 254, _) => Place::Never("link-local"),
        (192, 0, 0) => Place::Never("reserved for protocols"),
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => Place::Never("for documentation only"),
        (192, 88, 99) => Place::Never("a relay between IPv6 and IPv4"),
        (198, 18..=19, _) => Place::Never("for measurements only"),
        (224..=239, ..) => Place::Never("multicast"),
        (255, 255, 255) if address.is_broadcast() => Place::Never("broadcast"),
        (240..=255, ..) => Place::Never("reserved"),
        _ => Place::Public,
    }
}

fn place_of_v6(address: Ipv6Addr) -> Place {
    let parts = address.segments();
    let carried = |high: u16, low: u16| place_of(IpAddr::V4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))));
    match parts {
        [0, 0, 0, 0, 0, 0, 0, 0] => Place::Never("unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Place::Loopback,
        // IPv4-mapped, IPv4-compatible, IPv4-translated (RFC 4291, RFC 2765) and NAT64's well-known prefix (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            carried(high, low)
        }
        [0x64, 0xff9b, 1, ..] => Place::Never("a local network's translation to IPv4"),
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => carried(high, low),
        // Teredo (RFC 4380): the client's address is there with all bits turned.
        [0x2001, 0, server_high, server_low, _, _, high, low] => match carried(server_high, server_low) {
            Place::Public => carried(!high, !low),
            other => other,
        },
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => Place::Never("for documentation only"),
        [0x2001, 0..=0x1ff, ..] => Place::Never("reserved for protocols"),
        [0xfc00..=0xfdff, ..] => Place::Private,
        [0xfe80..=0xfebf, ..] => Place::Never("link-local"),
        [0xff00..=0xffff, ..] => Place::Never("multicast"),
        [0x2000..=0x3fff, ..] => Place::Public,
        _ => Place::Never("reserved"),
    }
}
