//! Notifiers as they are filled in: checked, sealed, and opened again to send.

use super::error::NotifyError;
use super::senders::{Fields, own_headers};
use super::template::{self, MOST_SOURCE};
use crate::outbound::{OutboundError, certificates_of, parse_url};
use crate::secrets::{SecretContext, Vault, VaultError};
use crate::store::NotifierRow;
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use protocol::notify::{FieldKind, FieldProblem, FieldSpec, NotifierForm, NotifierId, NotifierKind, WrongField};
use reqwest::header::{HeaderName, HeaderValue};
use std::collections::BTreeMap;

const MOST_NAME: usize = 60;
const MOST_TEXT: usize = 2_000;

/// Templates whose text must be JSON.
const JSON_TEMPLATES: [&str; 2] = ["json", "parameters"];

/// Where a secret of a notifier is sealed for.
fn context(id: NotifierId, field: &'static str) -> SecretContext {
    SecretContext { table: "notifiers", row: id, column: field }
}

/// A notifier from a form. `stored` is the one that it changes, `all` are all that there are. The secrets of the row are still those of
/// `stored`.
///
/// # Errors
/// All fields that are wrong.
pub fn check_notifier(form: &NotifierForm, stored: Option<&NotifierRow>, all: &[NotifierRow]) -> Result<NotifierRow, Vec<WrongField>> {
    let mut wrong = Vec::new();
    let mut refuse =
        |field: &str, problem, detail: &str| wrong.push(WrongField { field: field.to_owned(), problem, detail: detail.to_owned() });
    let name = form.name.trim();
    if name.is_empty() {
        refuse("name", FieldProblem::Missing, "");
    } else if name.chars().count() > MOST_NAME {
        refuse("name", FieldProblem::TooLong, "");
    } else if all.iter().any(|other| other.name.eq_ignore_ascii_case(name) && Some(other.id) != stored.map(|row| row.id)) {
        refuse("name", FieldProblem::Taken, "");
    }
    if TimeZone::get(&form.time_zone).is_err() {
        refuse("time_zone", FieldProblem::NoZone, "");
    }
    if stored.is_some_and(|row| row.kind != form.kind) {
        refuse("kind", FieldProblem::NoChoice, "");
    }
    let is_known = |name: &String, secret| form.kind.field(name).is_some_and(|field| field.secret == secret);
    let unknown = form.fields.keys().filter(|name| !is_known(name, false));
    for name in unknown.chain(form.secrets.keys().chain(&form.forget).filter(|name| !is_known(name, true))) {
        refuse(name, FieldProblem::Unknown, "");
    }
    let mut fields = BTreeMap::new();
    for field in form.kind.fields() {
        let given = if field.secret {
            form.secrets.get(field.name).map_or("", |secret| secret.reveal())
        } else {
            form.fields.get(field.name).map_or("", String::as_str)
        };
        let given = if field.kind == FieldKind::Template { given } else { given.trim() };
        let is_kept = field.secret && !form.forget.contains(field.name) && stored.is_some_and(|row| row.sealed.contains_key(field.name));
        if given.is_empty() {
            if field.required && !is_kept {
                refuse(field.name, FieldProblem::Missing, "");
            }
            continue;
        }
        if let Err((problem, detail)) = check_field(form, field, given) {
            refuse(field.name, problem, &detail);
        }
        if !field.secret {
            fields.insert(field.name.to_owned(), given.to_owned());
        }
    }
    let is_set = |name: &str| {
        fields.contains_key(name)
            || form.secrets.get(name).is_some_and(|secret| !secret.is_empty())
            || (!form.forget.contains(name) && stored.is_some_and(|row| row.sealed.contains_key(name)))
    };
    if form.kind == NotifierKind::Smtp && is_set("user") != is_set("password") {
        refuse(if is_set("user") { "password" } else { "user" }, FieldProblem::Incomplete, "");
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(NotifierRow {
        id: stored.map_or(0, |row| row.id),
        name: name.to_owned(),
        kind: form.kind,
        enabled: form.enabled,
        language: form.language,
        time_zone: form.time_zone.clone(),
        fields,
        sealed: stored.map(|row| row.sealed.clone()).unwrap_or_default(),
    })
}

/// One field that is not empty. Details never hold the value of a secret.
fn check_field(form: &NotifierForm, field: &FieldSpec, text: &str) -> Result<(), (FieldProblem, String)> {
    let most = if matches!(field.kind, FieldKind::Template | FieldKind::Lines) { MOST_SOURCE } else { MOST_TEXT };
    let plain = |problem| Err((problem, String::new()));
    if text.len() > most {
        return plain(FieldProblem::TooLong);
    }
    match field.kind {
        FieldKind::Url => parse_url(text).map(drop).map_err(|error: OutboundError| (FieldProblem::NoUrl, error.to_string())),
        FieldKind::Number => match text.parse::<u64>() {
            Ok(number) if field.name != "port" || (1..=65_535).contains(&number) => Ok(()),
            _ => plain(FieldProblem::NoNumber),
        },
        FieldKind::Flag if !matches!(text, "true" | "false") => plain(FieldProblem::NoChoice),
        FieldKind::Choice(choices) if !choices.contains(&text) => plain(FieldProblem::NoChoice),
        FieldKind::Template => template::check(text, form.language, JSON_TEMPLATES.contains(&field.name))
            .map_err(|error| (FieldProblem::Template, error.to_string())),
        FieldKind::Lines if field.name == "ca_pem" => {
            certificates_of(text).map(drop).map_err(|_| (FieldProblem::NoCertificate, String::new()))
        }
        FieldKind::Lines => check_headers(text),
        FieldKind::Text if text.chars().any(char::is_control) => plain(FieldProblem::NoHeader),
        FieldKind::Text if (form.kind, field.name) == (NotifierKind::Smtp, "from") => check_mailbox(text),
        FieldKind::List if (form.kind, field.name) == (NotifierKind::Smtp, "to") => {
            text.split([',', '，', '\n']).map(str::trim).filter(|entry| !entry.is_empty()).try_for_each(check_mailbox)
        }
        // Tokens go into headers, where only visible letters may be.
        FieldKind::Text if field.secret && HeaderValue::from_str(text).is_err() => plain(FieldProblem::NoHeader),
        FieldKind::Flag | FieldKind::Choice(_) | FieldKind::Text | FieldKind::List => Ok(()),
    }
}

fn check_mailbox(text: &str) -> Result<(), (FieldProblem, String)> {
    text.parse::<Mailbox>().map(drop).map_err(|_| (FieldProblem::NoMailbox, text.to_owned()))
}

/// Lines `Name: value`; headers that belong to the connection are not for a form.
fn check_headers(text: &str) -> Result<(), (FieldProblem, String)> {
    const NOT_OURS: [&str; 5] = ["host", "content-length", "transfer-encoding", "connection", "upgrade"];
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    if lines.count() != own_headers(text).len() {
        return Err((FieldProblem::NoHeader, String::new()));
    }
    for (name, value) in own_headers(text) {
        let valid = name.parse::<HeaderName>().is_ok() && HeaderValue::from_str(value).is_ok();
        if !valid || NOT_OURS.iter().any(|other| name.eq_ignore_ascii_case(other)) {
            return Err((FieldProblem::NoHeader, name.to_owned()));
        }
    }
    Ok(())
}

/// The ciphertext of all secrets of a notifier: those of the form, and of the others what is kept.
///
/// # Errors
/// The vault fails.
pub fn seal(vault: &Vault, id: NotifierId, form: &NotifierForm, kept: &NotifierRow) -> Result<BTreeMap<String, Vec<u8>>, NotifyError> {
    let mut sealed = BTreeMap::new();
    for field in form.kind.fields().filter(|field| field.secret) {
        match form.secrets.get(field.name).filter(|secret| !secret.reveal().trim().is_empty()) {
            Some(secret) => {
                sealed.insert(field.name.to_owned(), vault.seal(&context(id, field.name), secret.reveal().trim())?);
            }
            None if form.forget.contains(field.name) => {}
            None => {
                kept.sealed.get(field.name).map(|ciphertext| sealed.insert(field.name.to_owned(), ciphertext.clone()));
            }
        }
    }
    Ok(sealed)
}

/// The fields of a notifier with its secrets.
///
/// # Errors
/// A secret cannot be unsealed.
pub fn open(vault: &Vault, row: &NotifierRow) -> Result<Fields, VaultError> {
    let mut secrets = BTreeMap::new();
    for field in row.kind.fields().filter(|field| field.secret) {
        if let Some(sealed) = row.sealed.get(field.name) {
            secrets.insert(field.name.to_owned(), vault.unseal(&context(row.id, field.name), sealed)?);
        }
    }
    Ok(Fields::new(row.kind, row.fields.clone(), secrets))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use protocol::notify::Language;
    use protocol::secret::Secret;

    fn form(kind: NotifierKind, fields: &[(&str, &str)], secrets: &[(&str, &str)]) -> NotifierForm {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        NotifierForm {
            name: "值班".into(),
            kind,
            enabled: true,
            language: Language::English,
            time_zone: "Asia/Shanghai".into(),
            fields: fields.iter().map(pair).collect(),
            secrets: secrets.iter().map(pair).map(|(name, value)| (name, Secret::new(value))).collect(),
            forget: Default::default(),
        }
    }

    fn mail(fields: &[(&str, &str)]) -> NotifierForm {
        let usual = [("host", "mail.example.org"), ("from", "Tactus <t@example.org>"), ("to", "a@example.org, b@example.org")];
        form(NotifierKind::Smtp, &[&usual, fields].concat(), &[])
    }

    fn problems(form: &NotifierForm) -> Vec<(String, FieldProblem)> {
        check_notifier(form, None, &[]).err().unwrap_or_default().into_iter().map(|wrong| (wrong.field, wrong.problem)).collect()
    }

    #[test]
    fn every_wrong_field_is_named() {
        use FieldProblem::{
            Incomplete, Missing, NoCertificate, NoChoice, NoHeader, NoMailbox, NoNumber, NoUrl, Template, TooLong, Unknown,
        };
        assert_eq!(problems(&mail(&[])), []);
        for (field, value, problem) in [
            ("port", "0", NoNumber),
            ("port", "65536", NoNumber),
            ("port", "x", NoNumber),
            ("security", "ssl", NoChoice),
            ("from", "nobody", NoMailbox),
            ("to", "a@example.org,,b", NoMailbox),
            ("allow_private", "yes", NoChoice),
            ("ca_pem", "-----BEGIN CERTIFICATE-----", NoCertificate),
            ("ca_pem", "x", NoCertificate),
            ("subject", "{{ nothing }}", Template),
            ("host", "a\nb", NoHeader),
            ("password", "in the clear", Unknown),
            ("nonsense", "x", Unknown),
            ("body", &"x".repeat(16 * 1_024 + 1), TooLong),
        ] {
            let mut found = problems(&mail(&[(field, value)]));
            found.retain(|(_, problem)| *problem != Incomplete);
            assert_eq!(found, [(field.to_owned(), problem)], "{field} {value:.20}");
        }
        let name = |name: &str| NotifierForm { name: name.into(), ..mail(&[]) };
        assert_eq!(problems(&name(" ")), [("name".into(), Missing)]);
        assert_eq!(problems(&name(&"号".repeat(61))), [("name".into(), TooLong)]);
        let empty = form(NotifierKind::Webhook, &[("json", "{{")], &[("headers", "Host: x"), ("signing_key", "密")]);
        let expected = [("url", Missing), ("headers", NoHeader), ("json", Template)].map(|(field, problem)| (field.to_owned(), problem));
        assert_eq!(problems(&empty), expected);
        for url in ["ftp://x/", "http://a:b@c/"] {
            assert_eq!(problems(&form(NotifierKind::Slack, &[], &[("url", url)])), [("url".into(), NoUrl)]);
        }
        assert_eq!(problems(&mail(&[("user", "ann")])), [("password".into(), Incomplete)]);
        let zone = NotifierForm { time_zone: "Mars".into(), ..mail(&[]) };
        assert_eq!(problems(&zone), [("time_zone".into(), FieldProblem::NoZone)]);
    }

    #[test]
    fn secrets_are_kept_replaced_and_forgotten_and_belong_to_their_row() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(&folder.path().join("key")).unwrap();
        let first = form(NotifierKind::DingTalk, &[], &[("access_token", " tok "), ("sign_secret", "SEC")]);
        let mut row = check_notifier(&first, None, &[]).unwrap();
        row.id = 7;
        row.sealed = seal(&vault, 7, &first, &row).unwrap();
        assert_eq!((open(&vault, &row).unwrap().text("access_token"), row.fields.len()), ("tok", 0));
        let second = NotifierForm { forget: ["sign_secret".into()].into(), ..form(NotifierKind::DingTalk, &[], &[]) };
        let changed = check_notifier(&second, Some(&row), std::slice::from_ref(&row)).unwrap();
        let changed = NotifierRow { sealed: seal(&vault, 7, &second, &changed).unwrap(), ..changed };
        assert_eq!(open(&vault, &changed).unwrap().text("access_token"), "tok");
        assert_eq!(open(&vault, &changed).unwrap().text("sign_secret"), "");
        assert!(open(&vault, &NotifierRow { id: 8, ..row.clone() }).is_err(), "moved to another row");
        let gone = NotifierForm { forget: ["access_token".into()].into(), ..second };
        assert_eq!(check_notifier(&gone, Some(&row), &[]).unwrap_err()[0].field, "access_token");
        assert_eq!(check_notifier(&first, None, &[row.clone()]).unwrap_err()[0].problem, FieldProblem::Taken);
        let other = form(NotifierKind::WeCom, &[], &[("key", "k")]);
        assert_eq!(check_notifier(&other, Some(&row), &[]).unwrap_err()[0].field, "kind");
    }
}
