//! Parts of the page that are loaded when they are needed: pages that most people open seldom do not make the first load larger.

use anyhow::{Result, anyhow};
use std::fs;
use std::path::{Path, PathBuf};

/// What the linker must leave in the module, so that it can be taken apart.
pub const LINKED_WITH: &str = "-Clink-args=--emit-relocs";

/// Takes the functions that are marked as `lazy` out of `module` into files of their own in `folder`, and answers what is left.
pub fn split(module: &Path, folder: &Path, small: bool) -> Result<PathBuf> {
    let bytes = fs::read(module)?;
    let main = module.with_file_name("app_main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = "./tactus.js";
    // The name that the marked functions import from.
    options.link_name = "./__wasm_split.______________________.js";
    let parts = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:?}"))?.split_modules;
    if small {
        for part in parts {
            fs::write(&part, without_names(&fs::read(&part)?))?;
        }
    }
    Ok(main)
}

/// The module without the names of its functions. <https://webassembly.github.io/spec/core/binary/modules.html#custom-section>
fn without_names(module: &[u8]) -> Vec<u8> {
    const HEADER: usize = 8;
    let mut kept = module[..HEADER.min(module.len())].to_vec();
    let mut at = HEADER;
    while at < module.len() {
        let (length, body) = number(module, at + 1);
        let end = (body + length).min(module.len());
        let is_names = module[at] == 0 && {
            let (letters, name) = number(module, body);
            module.get(name..name + letters) == Some(b"name")
        };
        if !is_names {
            kept.extend_from_slice(&module[at..end]);
        }
        at = end;
    }
    kept
}

/// A number in LEB128 and where it ends.
fn number(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let (mut value, mut shift) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    (value, at)
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn only_the_names_go() {
        let section = |kind: u8, body: &[u8]| [&[kind, body.len() as u8], body].concat();
        let (header, code, names, other) = (*b"\0asm\x01\0\0\0", section(10, b"code"), section(0, b"\x04namexyz"), section(0, b"\x03abcx"));
        let module = [&header[..], &code, &names, &other].concat();
        assert_eq!(without_names(&module), [&header[..], &code, &other].concat());
    }
}
