//! Embeds the migrations: each file of `migrations/` with its number and its words.
//!
//! sqlx's own macro does the same, but brings a second SQLite, compiled for the compiler: a minute of a first build.

use std::path::Path;
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=migrations");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut list = String::from("&[\n");
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a migration's name is no text")?;
        let (number, words) = name.split_once('_').ok_or_else(|| format!("{name}: expected a name like 0001_accounts.sql"))?;
        let number: i64 = number.parse().map_err(|_| format!("{name}: expected a number before the first _"))?;
        list.push_str(&format!("    ({number}, {:?}, include_str!({path:?})),\n", words.replace('_', " ")));
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("migrations.rs"), list + "]\n")?;
    Ok(())
}
