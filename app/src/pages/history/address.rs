//! What the page shows, as its address says it. Pure.

use super::range::{Compare, LONGEST_MS, Period, Range, Span};
use protocol::host::HostId;
use protocol::metric::{Metric, Series};
use std::fmt::Write;

/// Path of the page.
const PATH: &str = "/history";

/// Width of the finest rows that are stored for all times.
const STORED_MS: i64 = 10_000;

/// Everything that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Empty: the first host.
    pub hosts: Vec<HostId>,
    /// At least one.
    pub series: Vec<Series>,
    pub span: Span,
    pub compare: Compare,
}

impl Default for View {
    fn default() -> Self {
        Self { hosts: Vec::new(), series: vec![Series::Metric(Metric::Cpu)], span: Span::Last(Period::Day), compare: Compare::Nothing }
    }
}

/// A part of an address that cannot be understood; what is usual stands in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Hosts,
    Series,
    Range,
    Compare,
}

/// Reads an address by its parameters, and tells which of them make no sense.
pub fn read(parameter: impl Fn(&str) -> Option<String>) -> (View, Vec<Wrong>) {
    let (mut view, mut wrong) = (View::default(), Vec::new());
    if let Some(text) = parameter("hosts") {
        let all: Vec<Option<HostId>> = text.split(',').map(|part| part.parse().ok().filter(|id| *id > 0)).collect();
        note(&mut wrong, Wrong::Hosts, all.contains(&None));
        view.hosts = without_doubles(all);
    }
    if let Some(text) = parameter("series") {
        let all: Vec<Option<Series>> = text.split(',').map(|part| unmasked(part).parse().ok()).collect();
        note(&mut wrong, Wrong::Series, all.contains(&None));
        let known = without_doubles(all);
        if !known.is_empty() {
            view.series = known;
        }
    }
    match (parameter("range"), parameter("from"), parameter("to")) {
        (None, None, None) => {}
        (Some(word), None, None) => match Period::ALL.into_iter().find(|period| period.word() == word) {
            Some(period) => view.span = Span::Last(period),
            None => wrong.push(Wrong::Range),
        },
        (None, from, to) => match read_range(from, to) {
            Some(range) => view.span = Span::Fixed(range),
            None => wrong.push(Wrong::Range),
        },
        _ => wrong.push(Wrong::Range),
    }
    if let Some(word) = parameter("compare") {
        let found = Compare::ALL.into_iter().find(|compare| compare.word() == word);
        note(&mut wrong, Wrong::Compare, found.is_none());
        view.compare = found.unwrap_or_default();
    }
    (view, wrong)
}

fn read_range(from: Option<String>, to: Option<String>) -> Option<Range> {
    let moment = |text: Option<String>| text?.parse::<i64>().ok().filter(|at_ms| *at_ms >= 0);
    let range = Range { from_ms: moment(from)?, to_ms: moment(to)? };
    (range.from_ms < range.to_ms && range.length_ms() <= LONGEST_MS).then_some(range)
}

fn note(wrong: &mut Vec<Wrong>, part: Wrong, is_wrong: bool) {
    if is_wrong {
        wrong.push(part);
    }
}

fn without_doubles<T: PartialEq>(all: Vec<Option<T>>) -> Vec<T> {
    let mut kept = Vec::new();
    for one in all.into_iter().flatten() {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

/// The address of a view.
pub fn written(view: &View) -> String {
    let mut address = format!("{PATH}?hosts={}&series=", host_list(&view.hosts));
    let series: Vec<String> = view.series.iter().map(|series| encoded(&masked(&series.to_string()))).collect();
    address.push_str(&series.join(","));
    // Writing to a String cannot fail.
    let _ = match view.span {
        Span::Last(period) => write!(address, "&range={}", period.word()),
        Span::Fixed(range) => write!(address, "&from={}&to={}", range.from_ms, range.to_ms),
    };
    if view.compare != Compare::Nothing {
        let _ = write!(address, "&compare={}", view.compare.word());
    }
    if view.hosts.is_empty() { address.replacen("hosts=&", "", 1) } else { address }
}

/// The address that shows some series of a host between two moments.
pub fn link(host: HostId, series: Series, from_ms: i64, to_ms: i64) -> String {
    let span = Span::Fixed(Range { from_ms, to_ms });
    written(&View { hosts: vec![host], series: vec![series], span, compare: Compare::Nothing })
}

/// The address from which the centre sends the data as a file.
pub fn download(view: &View, range: Range, format: &str, step_ms: Option<i64>) -> String {
    // Encoded twice, a comma does not end a name.
    let series: Vec<String> = view.series.iter().map(|series| encoded(&series.to_string().replace(',', "%2C"))).collect();
    let step = step_ms.filter(|step_ms| *step_ms >= STORED_MS).map_or_else(String::new, |step_ms| format!("&step={step_ms}"));
    let (hosts, series) = (host_list(&view.hosts), series.join(","));
    format!("/api/history/download?hosts={hosts}&series={series}&from={}&to={}&format={format}{step}", range.from_ms, range.to_ms)
}

fn host_list(hosts: &[HostId]) -> String {
    hosts.iter().map(HostId::to_string).collect::<Vec<_>>().join(",")
}

/// A mount point may hold a comma, and a percent sign would be read twice.
fn masked(name: &str) -> String {
    name.replace('~', "~~").replace(',', "~c").replace('%', "~p")
}

fn unmasked(text: &str) -> String {
    let (mut name, mut letters) = (String::new(), text.chars());
    while let Some(letter) = letters.next() {
        name.push(match letter {
            '~' => match letters.next() {
                Some('c') => ',',
                Some('p') => '%',
                _ => '~',
            },
            letter => letter,
        });
    }
    name
}

/// As part of an address. <https://www.rfc-editor.org/rfc/rfc3986#section-3.4>
fn encoded(text: &str) -> String {
    let mut address = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' => address.push(char::from(byte)),
            _ => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// As a browser and the router read an address: what is encoded is read twice.
    fn parameters(address: &str) -> impl Fn(&str) -> Option<String> {
        let (_, query) = address.split_once('?').unwrap_or_default();
        let pairs: Vec<(String, String)> =
            query.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key.into(), decoded(&decoded(value)))).collect();
        move |wanted| pairs.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.clone())
    }

    fn decoded(text: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            match (first, tail) {
                (b'%', [high, low, tail @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&[*high, *low]).unwrap(), 16).unwrap());
                    rest = tail;
                }
                _ => {
                    bytes.push(*first);
                    rest = tail;
                }
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_view_survives_its_address() {
        let mount = |place: &str| Series::Mount(place.into());
        let fixed = Span::Fixed(Range { from_ms: 1_795_420_328_000, to_ms: 1_795_420_329_000 });
        for view in [
            View::default(),
            View { hosts: vec![3], ..View::default() },
            View { hosts: vec![1, 20], span: fixed, compare: Compare::LastWeek, ..View::default() },
            View { series: vec![mount("/a,b"), mount("/~c %41 数据&x=1#"), Series::Inodes("/".into())], ..View::default() },
            View { span: Span::Last(Period::Quarter), compare: Compare::Yesterday, ..View::default() },
        ] {
            let address = written(&view);
            assert_eq!(read(parameters(&address)), (view, vec![]), "{address}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_named_and_replaced() {
        let usual = View::default();
        for (query, view, wrong) in [
            ("", usual.clone(), vec![]),
            ("hosts=a,2,2,-1", View { hosts: vec![2], ..usual.clone() }, vec![Wrong::Hosts]),
            ("hosts=", usual.clone(), vec![Wrong::Hosts]),
            ("series=cpu", usual.clone(), vec![Wrong::Series]),
            ("series=load_1,%zz", View { series: vec![Series::Metric(Metric::Load1)], ..usual.clone() }, vec![Wrong::Series]),
            ("range=2h", usual.clone(), vec![Wrong::Range]),
            ("from=5", usual.clone(), vec![Wrong::Range]),
            ("from=9&to=5", usual.clone(), vec![Wrong::Range]),
            ("from=0&to=9223372036854775807", usual.clone(), vec![Wrong::Range]),
            ("range=1h&from=1&to=2", usual.clone(), vec![Wrong::Range]),
            ("compare=year&hosts=1", View { hosts: vec![1], ..usual.clone() }, vec![Wrong::Compare]),
        ] {
            assert_eq!(read(parameters(&format!("/history?{query}"))), (view, wrong), "{query}");
        }
    }

    #[test]
    fn a_link_leads_to_what_it_names() {
        let (view, wrong) = read(parameters(&link(3, Series::Mount("/data".into()), 5, 9)));
        assert_eq!(
            (view.hosts, view.series, view.span, wrong),
            (vec![3], vec![Series::Mount("/data".into())], Span::Fixed(Range { from_ms: 5, to_ms: 9 }), vec![])
        );
    }

    #[test]
    fn the_download_names_what_is_shown() {
        let view = View { hosts: vec![1, 2], series: vec![Series::Metric(Metric::Cpu), Series::Mount("/a b,c".into())], ..View::default() };
        let range = Range { from_ms: 5, to_ms: 9 };
        assert_eq!(
            download(&view, range, "csv", Some(10_000)),
            "/api/history/download?hosts=1,2&series=cpu_percent,mount:/a%20b%252Cc&from=5&to=9&format=csv&step=10000"
        );
        assert!(download(&view, range, "jsonl", Some(500)).ends_with("&format=jsonl"));
    }
}
