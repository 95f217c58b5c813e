//! The grammar of both text formats.

use std::fmt::Write;

/// Which of the two formats.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Prometheus,
    OpenMetrics,
}

/// What kind of value a family has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    Gauge,
}

/// A text of a usual machine.
const USUAL_BYTES: usize = 16 * 1024;

/// Writes families one after the other. Writing to a `String` cannot fail, so its results are dropped.
pub(super) struct Writer {
    style: Style,
    text: String,
}

impl Writer {
    pub(super) fn new(style: Style) -> Self {
        Self { style, text: String::with_capacity(USUAL_BYTES) }
    }

    /// Heads a family. The names of counters end in `_total`, which OpenMetrics has in the samples only.
    pub(super) fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let (family, kind) = match (self.style, kind) {
            (Style::OpenMetrics, Kind::Counter) => (name.strip_suffix("_total").unwrap_or(name), "counter"),
            (Style::Prometheus, Kind::Counter) => (name, "counter"),
            (_, Kind::Gauge) => (name, "gauge"),
        };
        let _ = write!(self.text, "# HELP {family} {help}\n# TYPE {family} {kind}\n");
    }

    /// One sample. A value that is not finite is a gap.
    pub(super) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        if !value.is_finite() {
            return;
        }
        self.text.push_str(name);
        for (index, (label, value)) in labels.iter().enumerate() {
            self.text.push(if index == 0 { '{' } else { ',' });
            self.text.push_str(label);
            self.text.push_str("=\"");
            self.escaped(value);
            self.text.push('"');
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }

    /// A family with one sample without labels, if there is a value.
    pub(super) fn single(&mut self, name: &str, kind: Kind, help: &str, value: Option<f64>) {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            self.family(name, kind, help);
            self.sample(name, &[], value);
        }
    }

    fn escaped(&mut self, value: &str) {
        for letter in value.chars() {
            match letter {
                '\\' => self.text.push_str("\\\\"),
                '"' => self.text.push_str("\\\""),
                '\n' => self.text.push_str("\\n"),
                other => self.text.push(other),
            }
        }
    }

    pub(super) fn finish(mut self) -> String {
        if self.style == Style::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text
    }
}
