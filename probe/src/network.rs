//! `/proc/net/dev`, `/proc/net/sockstat` and `/proc/net/sockstat6`.

use crate::rates::per_second;
use procfs_core::FromBufRead;
use procfs_core::net::{DeviceStatus, InterfaceDeviceStatus};
use protocol::snapshot::{Nic, TcpSockets};

/// Counters of one interface since it appeared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NicCounters {
    pub name: String,
    pub in_bytes: u64,
    pub in_packets: u64,
    pub in_errors: u64,
    pub in_drops: u64,
    pub out_bytes: u64,
    pub out_packets: u64,
    pub out_errors: u64,
    pub out_drops: u64,
}

/// All interfaces, loopback too, sorted by name.
pub(crate) fn parse_nics(text: &[u8]) -> Vec<NicCounters> {
    let text = String::from_utf8_lossy(text);
    let Ok(InterfaceDeviceStatus(interfaces)) = InterfaceDeviceStatus::from_buf_read(text.as_bytes()) else { return Vec::new() };
    let mut nics: Vec<NicCounters> = interfaces.into_values().map(NicCounters::from).collect();
    nics.sort_by(|left, right| left.name.cmp(&right.name));
    nics
}

impl From<DeviceStatus> for NicCounters {
    fn from(status: DeviceStatus) -> Self {
        Self {
            name: status.name,
            in_bytes: status.recv_bytes,
            in_packets: status.recv_packets,
            in_errors: status.recv_errs,
            in_drops: status.recv_drop,
            out_bytes: status.sent_bytes,
            out_packets: status.sent_packets,
            out_errors: status.sent_errs,
            out_drops: status.sent_drop,
        }
    }
}

impl NicCounters {
    /// Rates since `previous`, which are gaps when there is none.
    pub(crate) fn since(&self, previous: Option<&Self>, elapsed_s: f64) -> Nic {
        let rate = |counter: fn(&Self) -> u64| previous.and_then(|previous| per_second(counter(previous), counter(self), elapsed_s));
        Nic {
            name: self.name.clone(),
            in_bytes_per_s: rate(|nic| nic.in_bytes),
            out_bytes_per_s: rate(|nic| nic.out_bytes),
            in_packets_per_s: rate(|nic| nic.in_packets),
            out_packets_per_s: rate(|nic| nic.out_packets),
            faults_per_s: rate(|nic| [nic.in_errors, nic.in_drops, nic.out_errors, nic.out_drops].into_iter().fold(0, u64::saturating_add)),
            in_bytes_total: self.in_bytes,
            out_bytes_total: self.out_bytes,
        }
    }
}

/// Lines of sockstat: protocol, then name and value of each of its figures (TCP inuse, orphan, tw, alloc, mem).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sockets {
    pub figures: Vec<(String, String, u64)>,
}

/// The kernel has about twelve lines in both texts.
const MAX_FIGURES: usize = 100;

impl Sockets {
    pub(crate) fn parse(sockstat: &[u8], sockstat6: &[u8]) -> Self {
        let mut figures = Vec::new();
        for text in [sockstat, sockstat6] {
            for line in String::from_utf8_lossy(text).lines() {
                let Some((protocol, rest)) = line.split_once(':') else { continue };
                let words: Vec<&str> = rest.split_ascii_whitespace().collect();
                for pair in words.chunks_exact(2) {
                    if let Ok(value) = pair[1].parse() {
                        figures.push((protocol.to_owned(), pair[0].to_owned(), value));
                    }
                }
            }
        }
        figures.truncate(MAX_FIGURES);
        Self { figures }
    }

    fn get(&self, protocol: &str, name: &str) -> Option<u32> {
        let found = self.figures.iter().find(|figure| figure.0 == protocol && figure.1 == name);
        found.map(|(_, _, value)| u32::try_from(*value).unwrap_or(u32::MAX))
    }

    /// What a snapshot shows; the kernel counts waiting and orphaned sockets of both families together.
    pub(crate) fn tcp(&self) -> Option<TcpSockets> {
        let in_use = self.get("TCP", "inuse")?.saturating_add(self.get("TCP6", "inuse").unwrap_or(0));
        Some(TcpSockets { in_use, time_wait: self.get("TCP", "tw")?, orphaned: self.get("TCP", "orphan")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Inter-|   Receive                                                |  Transmit\n \
        face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";

    #[test]
    fn reads_a_real_text() {
        let text = format!(
            "{HEADER}    lo:  123456     789    0    0    0     0          0         0   123456     789    0    0    0     0       0          0\n\
             \x20 eth0: 18446744073709551615 15475    1    2    0     0          0         3  1664139    9711    4    5    0     0       0          0\n"
        );
        let nics = parse_nics(text.as_bytes());
        assert_eq!(nics.iter().map(|nic| nic.name.as_str()).collect::<Vec<_>>(), ["eth0", "lo"]);
        let eth0 = &nics[0];
        assert_eq!((eth0.in_bytes, eth0.in_errors, eth0.in_drops), (u64::MAX, 1, 2));
        assert_eq!((eth0.out_bytes, eth0.out_packets, eth0.out_errors, eth0.out_drops), (1_664_139, 9_711, 4, 5));
    }

    #[test]
    fn garbage_is_a_gap() {
        for text in ["", "x", HEADER, &format!("{HEADER}eth0: 1 2 3\n"), &format!("{HEADER}eth0: a b c d e f g h i j k l m n o p\n")] {
            assert_eq!(parse_nics(text.as_bytes()), [], "{text}");
        }
        assert_eq!(parse_nics(b"\n\n\xff\xff"), []);
    }

    #[test]
    fn rates_and_their_gaps() {
        let counters = |in_bytes, in_drops| NicCounters { in_bytes, in_drops, out_errors: 1, ..NicCounters::default() };
        for (previous, now, in_bytes_per_s, faults_per_s) in [
            (Some(counters(100, 0)), counters(600, 2), Some(1_000.0), Some(4.0)),
            // The interface was made anew.
            (Some(counters(100, 9)), counters(50, 0), None, None),
            // A 32-bit counter wraps.
            (Some(counters(u64::from(u32::MAX), 0)), counters(7, 0), None, Some(0.0)),
            (Some(counters(0, 0)), counters(u64::MAX, u64::MAX), None, None),
            (None, counters(50, 0), None, None),
        ] {
            let nic = now.since(previous.as_ref(), 0.5);
            assert_eq!((nic.in_bytes_per_s, nic.faults_per_s), (in_bytes_per_s, faults_per_s), "{previous:?}");
            assert_eq!(nic.in_bytes_total, now.in_bytes);
        }
    }

    #[test]
    fn sockets_of_both_families() {
        let v4 = "sockets: used 118\nTCP: inuse 10 orphan 1 tw 9 alloc 14 mem 218\nUDP: inuse 2 mem 0\nFRAG: inuse 0 memory 0\n";
        let tcp =
            |v4: &str, v6: &str| Sockets::parse(v4.as_bytes(), v6.as_bytes()).tcp().map(|tcp| (tcp.in_use, tcp.time_wait, tcp.orphaned));
        for (v4, v6, expected) in [
            (v4, "TCP6: inuse 3\nUDP6: inuse 0\n", Some((13, 9, 1))),
            (v4, "", Some((10, 9, 1))),
            ("TCP: inuse 99999999999 orphan 0 tw 0\n", "TCP6: inuse 3\n", Some((u32::MAX, 0, 0))),
            ("", "TCP6: inuse 3\n", None),
            ("TCP: inuse\nTCP tw 5\nTCP: inuse x orphan y\n", "", None),
        ] {
            assert_eq!(tcp(v4, v6), expected, "{v4}");
        }
        assert_eq!(Sockets::parse(b"\xff: a 1", b"").figures.len(), 1);
    }
}
