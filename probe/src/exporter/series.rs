//! Lines of the text format, version 0.0.4: <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::borrow::Cow;

/// A usual machine has about a thousand series; what comes after these is not read.
const MAX_SERIES: usize = 50_000;

/// More labels than this has no series that is read here.
const MAX_LABELS: usize = 32;

/// Names and values, the values without their escapes.
type Labels<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// One line.
#[derive(Debug, PartialEq)]
pub(super) struct Series<'a> {
    pub name: &'a str,
    pub labels: Labels<'a>,
    /// Finite.
    pub value: f64,
}

impl Series<'_> {
    /// Value of a label; empty where there is none.
    pub fn label(&self, name: &str) -> &str {
        self.labels.iter().find(|(other, _)| *other == name).map_or("", |(_, value)| value)
    }
}

/// The series of a text. Lines that cannot be read, and values that are no finite number, are passed over.
pub(super) fn series_of(text: &str) -> impl Iterator<Item = Series<'_>> {
    text.lines().filter(|line| !line.starts_with('#')).take(MAX_SERIES).filter_map(parse)
}

fn parse(line: &str) -> Option<Series<'_>> {
    let end = line.find(|letter: char| letter == '{' || letter.is_ascii_whitespace())?;
    let (name, rest) = line.split_at(end);
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(inside) => parse_labels(inside)?,
        None => (Vec::new(), rest),
    };
    // A timestamp may follow.
    let value: f64 = rest.split_ascii_whitespace().next()?.parse().ok()?;
    value.is_finite().then_some(Series { name, labels, value })
}

/// Labels, and what stands behind the closing brace.
fn parse_labels(mut rest: &str) -> Option<(Labels<'_>, &str)> {
    let mut labels = Vec::new();
    loop {
        rest = rest.trim_start_matches([',', ' ']);
        if let Some(behind) = rest.strip_prefix('}') {
            return Some((labels, behind));
        }
        let (name, value) = rest.split_once("=\"")?;
        let (value, behind) = parse_value(value)?;
        if labels.len() >= MAX_LABELS {
            return None;
        }
        labels.push((name, value));
        rest = behind;
    }
}

/// A value up to its closing quote, with its escapes undone, and what stands behind.
fn parse_value(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = text.find(['"', '\\'])?;
    if text[end..].starts_with('"') {
        return Some((Cow::Borrowed(&text[..end]), &text[end + 1..]));
    }
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((Cow::Owned(value), &text[at + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                escaped => value.push(escaped),
            },
            other => value.push(other),
        }
    }
    None
}
