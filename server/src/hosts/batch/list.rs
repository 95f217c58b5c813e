//! A pasted list: one host a line.

use super::Described;
use app::error::{Field, FieldError, FieldReason};
use app::forms::{HostForm, LoginMethod};
use protocol::secret::Secret;

/// Reads lines of `[user[:password]@]address[:port] [remark]`. Words are parted by blanks, tabs, commas or semicolons, of full width,
/// too; `#` begins a comment. An IPv6 address with a port stands in brackets.
pub fn read(text: &str, defaults: &HostForm) -> Vec<Described> {
    let numbered = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).map(|(line, text)| describe(line, text, defaults)).collect()
}

fn describe(line: usize, text: &str, defaults: &HostForm) -> Described {
    let is_gap = |letter: char| letter.is_whitespace() || matches!(letter, ',' | '，' | ';' | '；');
    let (login, remark) = text.split_once(is_gap).unwrap_or((text, ""));
    let remark = remark.trim_matches(is_gap);
    let mut form = HostForm { fingerprint: String::new(), ..defaults.clone() };
    if !remark.is_empty() && !remark.starts_with('#') {
        remark.clone_into(&mut form.remark);
    } else {
        form.remark.clear();
    }
    // A password may hold an @, an address may not.
    let place = match login.rsplit_once('@') {
        Some((login, place)) => {
            let (user, password) = login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password)));
            user.clone_into(&mut form.user);
            if let Some(password) = password {
                form.method = LoginMethod::Password;
                form.password = Secret::new(password);
            }
            place
        }
        None => login,
    };
    let mut errors = Vec::new();
    match split_port(place) {
        Some((address, port)) => {
            address.clone_into(&mut form.address);
            if let Some(port) = port {
                port.clone_into(&mut form.port);
            }
        }
        None => {
            place.clone_into(&mut form.address);
            errors.push(FieldError { field: Field::Line, reason: FieldReason::NotALine });
        }
    }
    Described { line, form, errors }
}

/// Address and port of `address`, `address:port`, `[v6]`, `[v6]:port` or a bare IPv6 address.
fn split_port(place: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = place.strip_prefix('[') {
        let (address, rest) = rest.split_once(']')?;
        return if rest.is_empty() { Some((address, None)) } else { Some((address, Some(rest.strip_prefix(':')?))) };
    }
    match place.matches(':').count() {
        0 => Some((place, None)),
        // `http://…` is no address with a port.
        1 => place.split_once(':').filter(|(_, port)| !port.contains('/')).map(|(address, port)| (address, Some(port))),
        _ => Some((place, None)),
    }
}
