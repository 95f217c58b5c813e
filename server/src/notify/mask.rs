//! What a provider said, fit to be shown.

use super::message::{Limit, cut};

/// Letters of an answer that are kept.
const MOST: Limit = Limit::Letters(200);
/// Shorter texts would mask half of every answer.
const SHORTEST: usize = 4;
const MASK: &str = "•••";

/// A text without secrets, on one line, at most 200 letters. Providers like to repeat the address that they were called by, so the parts
/// of secret URLs and headers are masked, too, and what they look like when they are percent-encoded.
pub fn masked<'a>(text: &str, secrets: impl Iterator<Item = &'a str>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for secret in secrets {
        parts.push(secret.to_owned());
        let pieces = secret.split(['\n', '\r', '/', '?', '&', '=', ' ']).filter(|piece| piece.len() > 2 * SHORTEST);
        // Host names and words of every address are no secret.
        parts.extend(pieces.filter(|piece| !piece.contains('.') && !piece.ends_with(':')).map(str::to_owned));
    }
    let encoded: Vec<String> = parts.iter().map(|part| super::senders::percent_encoded(part)).collect();
    parts.extend(encoded);
    parts.retain(|part| part.len() >= SHORTEST);
    // The longest first, or a part of one would leave the rest of it.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let mut shown = text.to_owned();
    for part in parts {
        shown = shown.replace(&part, MASK);
    }
    let line: String = shown.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    cut(line.trim(), MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_in_every_form_that_is_likely() {
        let secrets = [
            "https://hooks.example.org/services/T0123456789/B/abcdefghijkl",
            "X-Token: Bearer s3cr3t-token-1\nA: b",
            "a/b+c=secret",
            "abc",
        ];
        for (said, shown) in [
            ("no route /services/T0123456789/B/abcdefghijkl", "no route /services/•••/B/•••"),
            ("GET https://hooks.example.org/services/T0123456789/B/abcdefghijkl", "GET •••"),
            ("bad s3cr3t-token-1!\r\nx", "bad •••!  x"),
            ("q=a%2Fb%2Bc%3Dsecret", "q=•••"),
            ("abc hooks.example.org", "abc hooks.example.org"),
        ] {
            assert_eq!(masked(said, secrets.into_iter()), shown);
        }
        let long = masked(&"号".repeat(500), std::iter::empty());
        assert_eq!((long.chars().count(), long.ends_with('…')), (200, true));
    }
}
