//! OpenSSH's client configuration, `~/.ssh/config`: <https://man.openbsd.org/ssh_config>.
//!
//! Read here and not by a crate: those that list hosts follow `Include`, which would read files of the centre for whoever pastes a text.

use super::Described;
use app::forms::HostForm;

/// What a block says. The first value that is found for an option counts, as in OpenSSH.
#[derive(Default)]
struct Block {
    line: usize,
    /// Names and patterns of the `Host` line; empty for `Match`, whose conditions are not known here.
    patterns: Vec<String>,
    options: Vec<(String, String)>,
}

/// Reads the hosts of a text: each name of a `Host` line that is no pattern, with `HostName`, `Port` and `User` of all blocks that match
/// it. Secrets come from the defaults; `Match` and `Include` are passed over.
pub fn read(text: &str, defaults: &HostForm) -> Vec<Described> {
    let blocks = blocks_of(text);
    let mut described = Vec::new();
    for block in &blocks {
        for name in block.patterns.iter().filter(|name| !name.contains(['*', '?', '!'])) {
            let option = |wanted: &str| {
                let matching = blocks.iter().filter(|block| applies(block, name));
                matching.flat_map(|block| &block.options).find(|(option, _)| option == wanted).map(|(_, value)| value.clone())
            };
            let address = option("hostname").map_or_else(|| name.clone(), |address| address.replace("%h", name));
            let form = HostForm {
                remark: if address == *name { String::new() } else { name.clone() },
                address,
                port: option("port").unwrap_or_else(|| defaults.port.clone()),
                user: option("user").unwrap_or_else(|| defaults.user.clone()),
                fingerprint: String::new(),
                ..defaults.clone()
            };
            described.push(Described { line: block.line, form, errors: Vec::new() });
        }
    }
    described
}

fn blocks_of(text: &str) -> Vec<Block> {
    // Options before the first block count for all hosts.
    let mut blocks = vec![Block { patterns: vec!["*".into()], ..Block::default() }];
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (keyword, value) = line.split_once(|letter: char| letter.is_whitespace() || letter == '=').unwrap_or((line, ""));
        let keyword = keyword.to_ascii_lowercase();
        let value = value.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '=').trim();
        let unquoted = |word: &str| word.trim_matches('"').to_owned();
        match keyword.as_str() {
            "host" => {
                let patterns = value.split_whitespace().map(unquoted).collect();
                blocks.push(Block { line: number + 1, patterns, options: Vec::new() });
            }
            "match" => blocks.push(Block { line: number + 1, ..Block::default() }),
            _ => {
                if let Some(block) = blocks.last_mut() {
                    block.options.push((keyword, unquoted(value)));
                }
            }
        }
    }
    blocks
}

fn applies(block: &Block, name: &str) -> bool {
    let matches = |pattern: &str| is_like(pattern.as_bytes(), name.as_bytes());
    let excluded = block.patterns.iter().any(|pattern| pattern.strip_prefix('!').is_some_and(matches));
    !excluded && block.patterns.iter().any(|pattern| matches(pattern))
}

/// Whether a name is like a pattern with `*` (any letters) and `?` (one letter). Linear in the name for each star.
fn is_like(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(&letter) if letter == b'?' || letter == name[from] => {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    (at, from) = (star_at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&letter| letter == b'*')
}
