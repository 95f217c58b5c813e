//! The session cookie's text.

use super::ABSOLUTE_LIMIT_MS;
use secrecy::{ExposeSecret, SecretString};

/// Name of the cookie without TLS.
pub const PLAIN_NAME: &str = "tactus_session";

/// Name of the cookie over TLS: browsers accept it only with `Secure`, for this very host and path `/`.
pub const SECURE_NAME: &str = "__Host-tactus_session";

/// Value of the `Set-Cookie` header that hands out a session.
pub fn session_cookie(token: &SecretString, secure: bool) -> String {
    write(token.expose_secret(), secure, ABSOLUTE_LIMIT_MS / 1_000)
}

/// Value of the `Set-Cookie` header that takes the session away.
pub fn removal_cookie(secure: bool) -> String {
    write("", secure, 0)
}

/// The session's token in the value of a `Cookie` header. Over TLS only the cookie that was set over TLS counts.
pub fn read_cookie(header: &str, secure: bool) -> Option<SecretString> {
    let name = name(secure);
    let value = header.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(found, _)| *found == name)?.1;
    (!value.is_empty()).then(|| SecretString::from(value))
}

fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

fn write(value: &str, secure: bool, max_age_s: i64) -> String {
    let flag = if secure { "; Secure" } else { "" };
    format!("{}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{flag}", name(secure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_the_cookie() {
        let token = SecretString::from("abc");
        assert_eq!(session_cookie(&token, false), "tactus_session=abc; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax");
        assert_eq!(session_cookie(&token, true), "__Host-tactus_session=abc; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(removal_cookie(false), "tactus_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn the_right_cookie_is_found() {
        for (header, secure, expected) in [
            ("tactus_session=abc", false, Some("abc")),
            ("a=b; tactus_session=abc; c=d", false, Some("abc")),
            ("tactus_session=abc", true, None),
            ("__Host-tactus_session=abc; tactus_session=other", true, Some("abc")),
            ("__Host-tactus_session=abc", false, None),
            ("xtactus_session=abc", false, None),
            ("tactus_session=", false, None),
            ("", false, None),
        ] {
            assert_eq!(read_cookie(header, secure).as_ref().map(ExposeSecret::expose_secret), expected, "{header}");
        }
    }
}
