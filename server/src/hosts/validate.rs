//! What a form must be to become a host. Pure.

use crate::store::{ExporterProfile, HostProfile, Method};
use app::error::{ApiError, Field, FieldError, FieldReason};
use app::forms::{HostForm, LoginMethod};
use protocol::host::Thresholds;
use protocol::secret::Secret;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const MAX_ADDRESS: usize = 253;
const MAX_USER: usize = 64;
const MAX_SECRET: usize = 1_024;
const MAX_KEY: usize = 32 * 1_024;
const MAX_REMARK: usize = 100;
const MAX_TAGS: usize = 20;
const MAX_TAG: usize = 40;
const MAX_GROUP: usize = 40;

/// A checked form.
#[derive(Debug)]
pub struct ValidHost {
    pub profile: HostProfile,
    pub login: ValidLogin,
}

/// Secrets of a checked form; `None` where nothing was entered.
#[derive(Debug, Default)]
pub struct ValidLogin {
    pub password: Option<Secret>,
    pub private_key: Option<Secret>,
    pub passphrase: Option<Secret>,
    pub sudo_password: Option<Secret>,
    pub exporter_password: Option<Secret>,
}

/// Checks all fields. `has_secret` says whether the host has a stored secret for the method already, which an empty field keeps.
///
/// # Errors
/// [`ApiError::Invalid`] with every wrong field.
pub fn validate_host(form: &HostForm, has_secret: impl Fn(Method) -> bool) -> Result<ValidHost, ApiError> {
    let mut check = Check::default();
    let address = form.address.trim().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    check.of(Field::Address, address_reason(&address));
    let port = check.number(Field::Port, &form.port, 1, 65_535);
    let ssh_user = form.user.trim().to_owned();
    check.of(Field::SshUser, user_reason(&ssh_user));
    let method = match form.method {
        LoginMethod::Password => Method::Password,
        LoginMethod::PrivateKey => Method::PrivateKey,
    };
    let mut login = ValidLogin {
        password: check.secret(Field::SshPassword, &form.password, MAX_SECRET),
        private_key: check.secret(Field::PrivateKey, &form.private_key, MAX_KEY),
        passphrase: check.secret(Field::Passphrase, &form.passphrase, MAX_SECRET),
        sudo_password: check.secret(Field::SudoPassword, &form.sudo_password, MAX_SECRET),
        exporter_password: check.secret(Field::ExporterPassword, &form.exporter_password, MAX_SECRET),
    };
    match method {
        Method::Password => {
            (login.private_key, login.passphrase) = (None, None);
            check.of(Field::SshPassword, (login.password.is_none() && !has_secret(method)).then_some(FieldReason::Required));
        }
        Method::PrivateKey => {
            login.password = None;
            let reason = match &login.private_key {
                None => (!has_secret(method)).then_some(FieldReason::Required),
                Some(key) => (!looks_like_key(key.reveal())).then_some(FieldReason::NotAKey),
            };
            check.of(Field::PrivateKey, reason);
        }
    }
    let fingerprint = form.fingerprint.trim().to_owned();
    check.of(Field::Fingerprint, (!fingerprint.is_empty() && !is_fingerprint(&fingerprint)).then_some(FieldReason::NotAFingerprint));
    let exporter = check.exporter(form);
    let (remark, tags, group, thresholds) = check.labels(form);
    check.done()?;
    let profile = HostProfile {
        address,
        port: u16::try_from(port).unwrap_or_default(),
        ssh_user,
        method,
        remark,
        tags,
        group,
        thresholds,
        fingerprint,
        agentless: form.agentless,
        exporter,
        ..HostProfile::default()
    };
    Ok(ValidHost { profile, login })
}

/// Checks only what can be said of the centre's own machine: remark, tags, thresholds.
///
/// # Errors
/// [`ApiError::Invalid`] with every wrong field.
pub fn validate_local(form: &HostForm) -> Result<HostProfile, ApiError> {
    let mut check = Check::default();
    let (remark, tags, group, thresholds) = check.labels(form);
    check.done()?;
    Ok(HostProfile { remark, tags, group, thresholds, ..HostProfile::default() })
}

#[derive(Default)]
struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    fn of(&mut self, field: Field, reason: Option<FieldReason>) {
        if let Some(reason) = reason {
            self.errors.push(FieldError { field, reason });
        }
    }

    fn number(&mut self, field: Field, text: &str, least: i64, most: i64) -> i64 {
        match text.trim().parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                self.of(field, Some(FieldReason::NotInRange { least, most }));
                least
            }
        }
    }

    fn secret(&mut self, field: Field, secret: &Secret, most: usize) -> Option<Secret> {
        if secret.reveal().chars().count() > most {
            self.of(field, Some(FieldReason::TooLong { most }));
        }
        (!secret.is_empty()).then(|| secret.clone())
    }

    fn exporter(&mut self, form: &HostForm) -> ExporterProfile {
        let port = self.number(Field::ExporterPort, &form.exporter_port, 1, 65_535);
        let certificate = form.exporter_certificate.trim().replace(':', "").to_ascii_lowercase();
        let is_hash = certificate.len() == 64 && certificate.chars().all(|digit| digit.is_ascii_hexdigit());
        if form.exporter_tls {
            let reason =
                if certificate.is_empty() { Some(FieldReason::Required) } else { (!is_hash).then_some(FieldReason::NotACertificate) };
            self.of(Field::ExporterCertificate, reason);
        }
        let user = form.exporter_user.trim().to_owned();
        // HTTP's basic login parts user and password by a colon.
        let bad_user = user.contains(':').then_some(FieldReason::BadCharacters);
        self.of(Field::ExporterUser, bad_user.or_else(|| text_reason(&user, MAX_USER)));
        ExporterProfile {
            port: u16::try_from(port).unwrap_or_default(),
            tls: form.exporter_tls,
            certificate: if form.exporter_tls { certificate } else { String::new() },
            user,
        }
    }

    fn labels(&mut self, form: &HostForm) -> (String, Vec<String>, String, Thresholds) {
        let remark = form.remark.trim().to_owned();
        self.of(Field::Remark, text_reason(&remark, MAX_REMARK));
        let mut tags: Vec<String> = form.tags.split([',', '，']).map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        tags.sort();
        tags.dedup();
        let wrong_tag = tags.iter().find_map(|tag| text_reason(tag, MAX_TAG));
        self.of(Field::Tags, wrong_tag.or((tags.len() > MAX_TAGS).then_some(FieldReason::TooLong { most: MAX_TAGS })));
        let mut threshold = |field, text: &str| self.number(field, text, 1, 100) as f32;
        let thresholds = Thresholds {
            cpu_percent: threshold(Field::CpuThreshold, &form.cpu_threshold),
            memory_percent: threshold(Field::MemoryThreshold, &form.memory_threshold),
            disk_percent: threshold(Field::DiskThreshold, &form.disk_threshold),
        };
        let group = form.group.trim().to_owned();
        self.of(Field::Group, text_reason(&group, MAX_GROUP));
        (remark, tags, group, thresholds)
    }

    fn done(self) -> Result<(), ApiError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.errors)) }
    }
}

fn text_reason(text: &str, most: usize) -> Option<FieldReason> {
    match text {
        text if text.chars().count() > most => Some(FieldReason::TooLong { most }),
        text if text.chars().any(char::is_control) => Some(FieldReason::BadCharacters),
        _ => None,
    }
}

fn user_reason(user: &str) -> Option<FieldReason> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "._-@+\\$".contains(character);
    match user {
        "" => Some(FieldReason::Required),
        user if user.chars().count() > MAX_USER => Some(FieldReason::TooLong { most: MAX_USER }),
        user if user.starts_with('-') || !user.chars().all(allowed) => Some(FieldReason::BadCharacters),
        _ => None,
    }
}

fn address_reason(address: &str) -> Option<FieldReason> {
    if address.is_empty() {
        return Some(FieldReason::Required);
    }
    if address.len() > MAX_ADDRESS {
        return Some(FieldReason::TooLong { most: MAX_ADDRESS });
    }
    match address.parse::<IpAddr>() {
        Ok(address) if is_forbidden(address) => Some(FieldReason::ForbiddenAddress),
        Ok(_) => None,
        Err(_) => (!is_dns_name(address)).then_some(FieldReason::NotAnAddress),
    }
}

/// Link-local (which holds the clouds' metadata services), multicast, broadcast and unspecified addresses.
fn is_forbidden(address: IpAddr) -> bool {
    let v4 = |address: Ipv4Addr| address.is_link_local() || address.is_multicast() || address.is_broadcast() || address.octets()[0] == 0;
    let v6 = |address: Ipv6Addr| address.is_unicast_link_local() || address.is_multicast() || address.is_unspecified();
    match address.to_canonical() {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

/// RFC 1123, plus the underscore that many a private name has. A name of digits and dots only is a mistyped IP address.
fn is_dns_name(name: &str) -> bool {
    let label = |label: &str| {
        let characters = label.chars().all(|character| character.is_ascii_alphanumeric() || character == '-' || character == '_');
        (1..=63).contains(&label.len()) && characters && !label.starts_with('-') && !label.ends_with('-')
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    name.split('.').all(label) && !name.chars().all(|character| character.is_ascii_digit() || character == '.')
}

fn is_fingerprint(text: &str) -> bool {
    let base64 = |character: char| character.is_ascii_alphanumeric() || character == '+' || character == '/';
    text.strip_prefix("SHA256:").is_some_and(|hash| hash.len() == 43 && hash.chars().all(base64))
}

fn looks_like_key(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("-----BEGIN ") && text.contains("PRIVATE KEY-----") && text.ends_with("PRIVATE KEY-----")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn form(change: impl FnOnce(&mut HostForm)) -> HostForm {
        let mut form = HostForm { address: "10.0.0.5".into(), password: Secret::new("pw"), ..HostForm::default() };
        change(&mut form);
        form
    }

    fn reason(field: Field, change: impl FnOnce(&mut HostForm)) -> Option<FieldReason> {
        validate_host(&form(change), |_| false).err().and_then(|error| error.reason_for(field).cloned())
    }

    #[test]
    fn addresses() {
        for (address, expected) in [
            ("10.0.0.5", None),
            ("[2001:db8::1]", None),
            ("web-01.Example.com", None),
            ("db_1", None),
            ("127.0.0.1", None),
            ("", Some(FieldReason::Required)),
            ("http://x", Some(FieldReason::NotAnAddress)),
            ("a;b", Some(FieldReason::NotAnAddress)),
            ("a b", Some(FieldReason::NotAnAddress)),
            ("-oProxyCommand=x", Some(FieldReason::NotAnAddress)),
            ("$(reboot)", Some(FieldReason::NotAnAddress)),
            ("10.0.0.256", Some(FieldReason::NotAnAddress)),
            ("10.0.0.5:22", Some(FieldReason::NotAnAddress)),
            ("169.254.169.254", Some(FieldReason::ForbiddenAddress)),
            ("::ffff:169.254.169.254", Some(FieldReason::ForbiddenAddress)),
            ("fe80::1", Some(FieldReason::ForbiddenAddress)),
            ("0.0.0.0", Some(FieldReason::ForbiddenAddress)),
            ("224.0.0.1", Some(FieldReason::ForbiddenAddress)),
        ] {
            assert_eq!(reason(Field::Address, |form| form.address = address.into()), expected, "{address}");
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = form(|form| {
            form.port = "0".into();
            form.user = "a b".into();
            form.password = Secret::default();
            form.cpu_threshold = "eighty".into();
            form.fingerprint = "MD5:1".into();
            form.remark = "x".repeat(101);
        });
        let error = validate_host(&wrong, |_| false).unwrap_err();
        for (field, reason) in [
            (Field::Port, FieldReason::NotInRange { least: 1, most: 65_535 }),
            (Field::SshUser, FieldReason::BadCharacters),
            (Field::SshPassword, FieldReason::Required),
            (Field::CpuThreshold, FieldReason::NotInRange { least: 1, most: 100 }),
            (Field::Fingerprint, FieldReason::NotAFingerprint),
            (Field::Remark, FieldReason::TooLong { most: 100 }),
        ] {
            assert_eq!(error.reason_for(field), Some(&reason));
        }
    }

    #[test]
    fn an_empty_secret_keeps_the_stored_one() {
        let empty = form(|form| form.password = Secret::default());
        assert!(validate_host(&empty, |method| method == Method::Password).is_ok());
        let other_method = form(|form| form.method = LoginMethod::PrivateKey);
        let error = validate_host(&other_method, |method| method == Method::Password).unwrap_err();
        assert_eq!(error.reason_for(Field::PrivateKey), Some(&FieldReason::Required));
    }

    #[test]
    fn keys_and_tags() {
        let key =
            |text: &str| reason(Field::PrivateKey, |form| (form.method, form.private_key) = (LoginMethod::PrivateKey, Secret::new(text)));
        assert_eq!(key("ssh-ed25519 AAAA"), Some(FieldReason::NotAKey));
        assert_eq!(key("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n"), None);
        let tagged = validate_host(&form(|form| form.tags = "web, 数据库，web ,".into()), |_| false).unwrap();
        assert_eq!(tagged.profile.tags, ["web", "数据库"]);
    }
}
