//! Turns `locales/` into the module `i18n`. The macro of leptos_i18n cannot do it: texts with values would only exist as views,
//! not as strings. A text that is missing in one language, or is there in one only, stops the build.

use leptos_i18n_parser::parse_locales::{cfg_file::ConfigFile, options::Config, parse_locales};
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut config: Config = ConfigFile::new(&mut root.clone()).map_err(|error| error.to_string())?.into();
    config.options = config.options.interpolate_display(true);
    let locales = parse_locales(Some(root), config).map_err(|error| error.to_string())?;
    for path in locales.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-changed=Cargo.toml");
    for problem in locales.diag.warnings().iter() {
        println!("cargo::error={problem}");
    }
    for problem in locales.diag.errors().iter() {
        println!("cargo::error={problem}");
    }
    let code = leptos_i18n_codegen::gen_code(&locales, None, false, None, true).map_err(|error| error.to_string())?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("i18n.rs"), code.to_string())?;
    Ok(())
}
