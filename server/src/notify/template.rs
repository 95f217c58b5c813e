//! Templates: checked when they are saved, rendered within bounds. The language is Jinja's (<https://jinja.palletsprojects.com/templates>).

use super::example::{digest_example, single_example};
use super::variables::{Voice, variables};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};
use protocol::notify::{Language, TEMPLATE_VARIABLES};
use std::io::{self, Write};

/// Steps that a template may take; a list of twenty alerts takes about a thousand.
const FUEL: u64 = 50_000;
/// Bytes that a template may make.
const MOST_BYTES: usize = 64 * 1_024;
/// Bytes that a template may have.
pub const MOST_SOURCE: usize = 16 * 1_024;
/// Functions that templates have beside the variables.
const FUNCTIONS: [&str; 4] = ["range", "dict", "debug", "namespace"];

/// Why a template does not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("unknown variable: {0}")]
    UnknownVariable(String),
    #[error("line {line}: {reason}")]
    Wrong { line: usize, reason: String },
    #[error("it takes too many steps")]
    TooManySteps,
    #[error("it makes more than {MOST_BYTES} bytes")]
    TooLong,
    #[error("what it makes is no JSON: {0}")]
    NoJson(String),
}

/// The templates that hold while somebody has written none.
pub fn usual(language: Language, field: &str) -> &'static str {
    match (field, language) {
        ("subject", Language::Chinese) => include_str!("templates/subject.zh-CN.txt").trim_end(),
        ("subject", Language::English) => include_str!("templates/subject.en.txt").trim_end(),
        ("body", Language::Chinese) => include_str!("templates/body.zh-CN.txt"),
        ("body", Language::English) => include_str!("templates/body.en.txt"),
        ("json", _) => include_str!("templates/webhook.json"),
        ("parameters", _) => include_str!("templates/parameters.json"),
        _ => "",
    }
}

/// Renders a template with the variables of [`variables`].
///
/// # Errors
/// See [`TemplateError`].
pub fn render(source: &str, context: &Value) -> Result<String, TemplateError> {
    let environment = environment();
    let template = environment.template_from_str(source).map_err(|error| wrong(&error))?;
    let mut bounded = Bounded(Vec::new());
    match template.render_captured_to(context.clone(), &mut bounded) {
        Ok(_) => Ok(String::from_utf8_lossy(&bounded.0).into_owned()),
        Err(_) if bounded.0.len() >= MOST_BYTES => Err(TemplateError::TooLong),
        Err(error) => Err(wrong(&error)),
    }
}

/// Whether a template uses a variable; one that cannot be read uses none.
pub fn mentions(source: &str, variable: &str) -> bool {
    environment().template_from_str(source).is_ok_and(|template| template.undeclared_variables(false).contains(variable))
}

/// Tries a template with examples, of one alert and of several.
///
/// # Errors
/// It does not work for one of them; see [`TemplateError`].
pub fn check(source: &str, language: Language, is_json: bool) -> Result<(), TemplateError> {
    let environment = environment();
    let template = environment.template_from_str(source).map_err(|error| wrong(&error))?;
    let mut unknown: Vec<String> = template.undeclared_variables(false).into_iter().collect();
    unknown.retain(|name| !TEMPLATE_VARIABLES.contains(&name.as_str()) && !FUNCTIONS.contains(&name.as_str()));
    unknown.sort();
    if let Some(name) = unknown.into_iter().next() {
        return Err(TemplateError::UnknownVariable(name));
    }
    let voice = Voice { language, time_zone: "UTC", public_url: "https://tactus.example.org" };
    for items in [single_example(0), digest_example(0)] {
        let text = render(source, &variables(voice, &items))?;
        if is_json {
            serde_json::from_str::<serde_json::Value>(&text).map_err(|error| TemplateError::NoJson(error.to_string()))?;
        }
    }
    Ok(())
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment
}

fn wrong(error: &minijinja::Error) -> TemplateError {
    if error.kind() == ErrorKind::OutOfFuel {
        return TemplateError::TooManySteps;
    }
    let reason = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    TemplateError::Wrong { line: error.line().unwrap_or(1), reason }
}

/// Takes [`MOST_BYTES`] and fails then.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = MOST_BYTES - self.0.len();
        self.0.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room { Err(io::Error::other("too long")) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(language: Language, field: &str, items: &[crate::notify::Item]) -> String {
        let voice = Voice { language, time_zone: "Asia/Shanghai", public_url: "https://t.example" };
        render(usual(language, field), &variables(voice, items)).unwrap()
    }

    #[test]
    fn usual_templates_work_and_read_well() {
        for language in Language::ALL {
            for field in ["subject", "body", "json", "parameters"] {
                assert_eq!(check(usual(language, field), language, matches!(field, "json" | "parameters")), Ok(()), "{field}");
            }
        }
        let one = single_example(1_783_000_000_000);
        assert_eq!(shown(Language::Chinese, "subject", &one), "[严重] web-1 CPU 使用率 93.4% · 触发告警");
        assert_eq!(shown(Language::English, "subject", &one), "[Critical] web-1 CPU usage 93.4% · Alert");
        assert_eq!(
            shown(Language::Chinese, "body", &one),
            "触发告警：web-1 CPU 使用率\n级别：严重\n当前值：93.4%（阈值 90.0%）\n分组：web\n时间：2026-07-02 21:46:40 +08:00\n\
             详情：https://t.example/alerts?id=17\n"
        );
        let mut ended = one.clone();
        ended[0].telling = crate::notify::Telling::Resolved;
        ended[0].alert.ended = Some((1_783_000_200_000, protocol::alert::Ending::ByHand));
        ended[0].alert.resolved_by_hand =
            Some(protocol::alert::Remark { by: "ann".into(), at_ms: 1_783_000_200_000, note: "known".into() });
        assert_eq!(shown(Language::English, "subject", &ended), "[Closed by hand] web-1 CPU usage");
        assert_eq!(
            shown(Language::English, "body", &ended),
            "Closed by hand: web-1 CPU usage\nLevel: Critical\nGroup: web\nTime: 2026-07-02 21:50:00 +08:00\nDuration: 3 min 20 s\n\
             By: ann\nNote: known\nDetails: https://t.example/alerts?id=17\n"
        );
        let many = digest_example(1_783_000_000_000);
        assert_eq!(shown(Language::Chinese, "subject", &many), "[严重] 25 条告警：web-1、web-2、web-3 等");
        let body = shown(Language::English, "body", &many);
        assert!(body.starts_with("25 alerts, the worst is Critical.\n- [Critical] web-1 CPU usage 93.4% · Alert\n"), "{body}");
        assert!(body.ends_with("\n… and 5 more\nDetails: https://t.example/alerts\n"), "{body}");
        assert_eq!(body.lines().count(), 23);
    }

    #[test]
    fn wrong_templates_say_what_is_wrong() {
        let check = |source: &str, is_json| check(source, Language::English, is_json);
        assert_eq!(check("{{ hots }}", false), Err(TemplateError::UnknownVariable("hots".into())));
        assert_eq!(check("{% if count > 999 %}{{ nohts }}{% endif %}", false), Err(TemplateError::UnknownVariable("nohts".into())));
        for (source, line) in
            [("{{ host", 1), ("a\n{% if %}", 2), ("{% for x in items %}{{ x.nothing }}{% endfor %}", 1), ("\n\n{{ host|nofilter }}", 3)]
        {
            assert!(matches!(check(source, false), Err(TemplateError::Wrong { line: found, .. }) if found == line), "{source}");
        }
        assert_eq!(
            check("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}", false),
            Err(TemplateError::TooManySteps)
        );
        assert_eq!(check(&format!("{{% for a in range(99) %}}{}{{% endfor %}}", "x".repeat(1_000)), false), Err(TemplateError::TooLong));
        assert!(matches!(check("{\"a\": \"{{ host }}\", }", true), Err(TemplateError::NoJson(_))));
        assert_eq!(check("{\"a\": {{ host|tojson }}}", true), Ok(()));
        assert!(mentions("{% for x in items %}{% endfor %}", "items") && !mentions("{{ host }}", "items"));
    }

    #[test]
    fn values_are_not_read_as_templates_and_json_stays_json() {
        let mut items = single_example(0);
        items[0].alert.host_name = "a\"}}{{ 7*7 }}\n</x>".into();
        let voice = Voice { language: Language::English, time_zone: "UTC", public_url: "" };
        let context = variables(voice, &items);
        assert_eq!(render("{{ host }}", &context).unwrap(), items[0].alert.host_name);
        let json: serde_json::Value = serde_json::from_str(&render(usual(Language::English, "json"), &context).unwrap()).unwrap();
        assert_eq!(json["host"], items[0].alert.host_name.as_str());
        assert_eq!(json["items"][0]["value_number"], 93.4);
    }

    #[test]
    fn there_are_as_many_variables_as_are_told() {
        let voice = Voice { language: Language::English, time_zone: "UTC", public_url: "" };
        let context = variables(voice, &single_example(0));
        let mut names: Vec<String> = context.try_iter().unwrap().map(|name| name.to_string()).collect();
        let mut told: Vec<&str> = TEMPLATE_VARIABLES.to_vec();
        names.sort();
        told.sort_unstable();
        assert_eq!(names, told);
    }
}
