//! Answers of the script that looks for space.

use crate::mounts::Space;

/// What one line of the answer says of a mount point; `None` where the machine cannot tell.
pub fn parse_space(line: &str) -> Option<Space> {
    let numbers = |text: &str| text.split_ascii_whitespace().map(|word| word.parse::<u64>().ok()).collect::<Option<Vec<u64>>>();
    if let Some(text) = line.strip_prefix("@space:") {
        let [block_bytes, blocks, blocks_free, blocks_available, inodes, inodes_free] = *numbers(text)?.as_slice() else { return None };
        return Some(Space { block_bytes, blocks, blocks_free, blocks_available, inodes, inodes_free });
    }
    let [blocks, used, blocks_available] = *numbers(line.strip_prefix("@kilobytes:")?)?.as_slice() else { return None };
    Some(Space { block_bytes: 1_024, blocks, blocks_free: blocks.checked_sub(used)?, blocks_available, inodes: 0, inodes_free: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_answers() {
        let space = Space { block_bytes: 4_096, blocks: 100, blocks_free: 50, blocks_available: 40, inodes: 10, inodes_free: 9 };
        assert_eq!(parse_space("@space:4096 100 50 40 10 9"), Some(space));
        let space = Space { block_bytes: 1_024, blocks: 100, blocks_free: 40, blocks_available: 35, inodes: 0, inodes_free: 0 };
        assert_eq!(parse_space("@kilobytes:100 60 35"), Some(space));
        for line in ["@none:", "", "@space:1 2 3", "@space:a b c d e f", "@kilobytes:1 2 -3", "@kilobytes:1 2 3 4", "@kilobytes:1 2 0"] {
            assert_eq!(parse_space(line), None, "{line}");
        }
    }
}
