//! Values as lines of a table, RFC 4180 (<https://www.rfc-editor.org/rfc/rfc4180>), that no spreadsheet takes for formulas
//! (<https://owasp.org/www-community/attacks/CSV_Injection>).

use super::{Value, short, unit_name};
use app::format::utc_text;
use std::borrow::Cow;
use std::fmt::Write;

/// The first line. It never changes.
pub const HEADER: &str = "time_utc,time_ms,host_id,host,series,unit,mean,min,max,samples\r\n";

/// One line with its end.
pub(super) fn line(value: &Value<'_>) -> String {
    let mut line = String::with_capacity(96);
    let (time, stat) = (utc_text(value.at_ms), value.stat);
    let (host, series) = (cell(value.host), cell(value.series));
    let (mean, least, most) = (short(stat.mean), short(stat.least), short(stat.most));
    // Writing to a string cannot fail.
    let _ = write!(line, "{time},{},{},{host},{series},{}", value.at_ms, value.host_id, unit_name(value.unit));
    let _ = write!(line, ",{mean},{least},{most},{}\r\n", stat.count);
    line
}

/// A text as a cell: quoted where it must be, and never the start of a formula.
fn cell(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if !formula && !text.contains([',', '"', '\r', '\n']) {
        return text.into();
    }
    let mark = if formula { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\"")).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Stat;
    use protocol::metric::Unit;

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        for (text, expected) in [
            ("web-01", "web-01"),
            ("数据库 1", "数据库 1"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("-2,3", "\"'-2,3\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_reads_back_as_the_same_numbers() {
        let stat = Stat { count: 20, mean: f64::from(12.345_f32), least: 0.01, most: 99.99 };
        let value = Value { at_ms: 1_795_420_328_000, host_id: 3, host: "a,b", series: "cpu_percent", unit: Unit::Percent, stat };
        let expected = "2026-11-23T07:52:08Z,1795420328000,3,\"a,b\",cpu_percent,percent,12.345,0.01,99.99,20\r\n";
        assert_eq!(line(&value), expected);
        let text = format!("{HEADER}{expected}");
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().map(|header| header.len()).ok(), Some(10));
        assert_eq!(reader.records().next().and_then(Result::ok).map(|record| record[3].to_owned()).as_deref(), Some("a,b"));
    }
}
