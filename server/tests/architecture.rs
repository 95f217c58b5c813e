//! Holds the rules of ARCHITECTURE.md that a compiler does not hold. The table of rooms is read from that file: it is the rule.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CRATES: [&str; 8] = ["protocol", "archive", "probe", "agent", "app", "server", "bench", "xtask"];
const LONGEST_FILE: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Rust files below a folder of the workspace.
fn sources(folder: &str) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "no source in {folder}: has it moved?");
    files
}

/// Code of a file without its comment lines, up to its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let product = text.split("#[cfg(test)]\nmod ").next().unwrap();
    product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// Rooms and what each may import, as ARCHITECTURE.md says: ``| `room` | subject | a, b (why) |``.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = text.lines().skip_while(|line| !line.contains("may import")).skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let allowed = cells[2].split(',').map(|name| name.split('(').next().unwrap().trim().trim_matches('`').to_owned());
        (cells[0].trim_matches('`').to_owned(), allowed.collect())
    })
    .collect()
}

/// Names right after `crate::`, also in `use crate::{a, b::c}`.
fn imported_rooms(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|&letter| letter.is_alphanumeric() || letter == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            rooms.insert(word(rest));
            continue;
        };
        let (mut depth, mut name) = (0, String::new());
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    rooms.insert(word(name.trim()));
                    name.clear();
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                name.push(letter);
            }
        }
        rooms.insert(word(name.trim()));
    }
    rooms.remove("");
    rooms
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::store::Store;\nuse crate::{auth::{self, Token}, clock, hosts::Hosts};\nfn f() { crate::live::g() }";
    let expected = ["auth", "clock", "hosts", "live", "store"].map(str::to_owned);
    assert_eq!(imported_rooms(code), BTreeSet::from(expected));
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let table = table();
    assert!(table.len() >= 10, "the table of rooms was not found in ARCHITECTURE.md: {table:?}");
    let source = root().join("server/src");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(&source).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let room = entry.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(allowed) = table.get(&room) else {
            wrong.push(format!("room `{room}` is missing in the table of ARCHITECTURE.md"));
            continue;
        };
        for file in sources(&format!("server/src/{room}")) {
            // A file `tests.rs` is a test module in a file of its own.
            let tests = file.file_stem().is_some_and(|name| name == "tests") || file.components().any(|part| part.as_os_str() == "tests");
            if tests {
                continue;
            }
            for import in imported_rooms(&code(&file)) {
                if import != room && !allowed.contains(&import) {
                    wrong.push(format!("{} imports `{import}`; `{room}` may import only {allowed:?}", shown(&file)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sql_only_in_the_store() {
    let sql = ["sqlx::", "SELECT ", "INSERT INTO ", "DELETE FROM "];
    let mut wrong = Vec::new();
    for name in CRATES {
        // The second one looks at databases from outside, as only a measurement may.
        let may = |file: &str| file.starts_with("server/src/store/") || file == "bench/src/sql.rs";
        for file in sources(&format!("{name}/src")).iter().filter(|file| !may(&shown(file))) {
            let code = code(file);
            wrong.extend(sql.iter().filter(|word| code.contains(**word)).map(|word| format!("{} contains {word:?}", shown(file))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_wasm_build_contains_nothing_of_the_centre() {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--locked", "--offline", "--package", "app", "--no-default-features", "--features", "hydrate"]);
    tree.args(["--target", "wasm32-unknown-unknown", "--edges", "normal", "--prefix", "none"]).current_dir(root());
    let output = tree.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains("leptos"), "this is not the tree of the page");
    let found: Vec<_> =
        ["sqlx", "russh", "tokio", "axum", "hyper", "rustls", "reqwest"].into_iter().filter(|name| names.contains(name)).collect();
    assert!(found.is_empty(), "the page's build contains {found:?}");
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    for name in CRATES {
        for file in sources(&format!("{name}/src")) {
            let text = fs::read_to_string(&file).unwrap();
            let lines = text.lines().count();
            if lines > LONGEST_FILE {
                wrong.push(format!("{} has {lines} lines, more than {LONGEST_FILE}: split it", shown(&file)));
            }
            if !text.starts_with("//!") {
                wrong.push(format!("{} does not open with a sentence `//! …`", shown(&file)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn views_have_no_inline_style() {
    let mut wrong = Vec::new();
    for file in sources("app/src") {
        let code = code(&file);
        let dynamic = code.split(" style:").skip(1).any(|rest| rest.starts_with(|letter: char| letter.is_ascii_lowercase()));
        if dynamic || code.contains(" style=") {
            wrong.push(format!("{}: the Content-Security-Policy blocks style attributes; use a class or an SVG attribute", shown(&file)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
