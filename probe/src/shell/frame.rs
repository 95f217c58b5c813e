//! Bytes of the loop to frames: the texts of one answer by the names of their files.

use std::collections::HashMap;

/// A frame of a machine with thousands of processes and hundreds of cores stays below this; a hostile one cannot fill the memory.
pub const MAX_FRAME_BYTES: usize = 4 * 1024 * 1024;

/// The loop's first line. What comes before is a greeting of the login.
const BEGIN: &[u8] = b"@begin:";
/// The last line of each frame.
const END: &[u8] = b"@end:";

/// Why bytes are no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("the answers do not tell the kernel's uptime")]
    NoUptime,
    #[error("an answer longer than {MAX_FRAME_BYTES} bytes")]
    TooLong,
}

/// Collects bytes until a frame is complete.
#[derive(Debug, Default)]
pub struct FrameReader {
    bytes: Vec<u8>,
    /// Where the first line begins that has not been looked at.
    seen: usize,
    begun: bool,
}

impl FrameReader {
    /// Takes bytes as they arrive; answers a frame when one is complete. A frame is asked for only when the one before has come, so
    /// there is never more than one.
    ///
    /// # Errors
    /// [`FrameError::TooLong`].
    pub fn take(&mut self, bytes: &[u8]) -> Result<Option<Frame>, FrameError> {
        if self.bytes.len() + bytes.len() > MAX_FRAME_BYTES {
            return Err(FrameError::TooLong);
        }
        self.bytes.extend_from_slice(bytes);
        while let Some(rest) = self.bytes.get(self.seen..) {
            let Some(length) = rest.iter().position(|&byte| byte == b'\n') else { return Ok(None) };
            let line = rest.get(..length).unwrap_or_default();
            let start = self.seen;
            self.seen += length + 1;
            if !self.begun && line == BEGIN {
                self.begun = true;
                self.bytes.drain(..self.seen);
                self.seen = 0;
            } else if self.begun && line == END {
                let rest = self.bytes.split_off(self.seen);
                self.bytes.truncate(start);
                self.seen = 0;
                return Ok(Some(Frame::new(std::mem::replace(&mut self.bytes, rest))));
            }
        }
        Ok(None)
    }

    /// Whether the loop has said that it runs.
    pub fn has_begun(&self) -> bool {
        self.begun
    }
}

/// Texts of one answer.
#[derive(Debug, Default)]
pub struct Frame {
    texts: HashMap<Vec<u8>, Vec<u8>>,
}

impl Frame {
    fn new(bytes: Vec<u8>) -> Self {
        let mut texts: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
        for line in bytes.split(|&byte| byte == b'\n') {
            // No file that the loop reads has a colon in its name.
            let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
            let (name, rest) = line.split_at(colon);
            let text = match texts.get_mut(name) {
                Some(text) => text,
                None => texts.entry(name.to_vec()).or_default(),
            };
            text.extend_from_slice(rest.get(1..).unwrap_or_default());
            text.push(b'\n');
        }
        Self { texts }
    }

    /// The text of a file; empty when it could not be read.
    pub fn text(&self, name: &str) -> &[u8] {
        self.texts.get(name.as_bytes()).map_or(&[], Vec::as_slice)
    }

    /// The first text of these that is not empty.
    pub fn first_of(&self, names: &[&str]) -> &[u8] {
        names.iter().map(|name| self.text(name)).find(|text| !text.trim_ascii().is_empty()).unwrap_or_default()
    }

    /// All files with their texts, in no order.
    pub fn texts(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.texts.iter().map(|(name, text)| (name.as_slice(), text.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_greeting_is_skipped_and_frames_come_in_any_pieces() {
        let said = b"Welcome!\n/proc/uptime:no\n@begin:\n/proc/stat:cpu 1\n/proc/stat:cpu0 1\n/proc/uptime:5.0 1\n@end:\n/proc/uptime:6.0 1\n@end:\n";
        for size in [1, 7, said.len()] {
            let mut reader = FrameReader::default();
            let mut frames = Vec::new();
            for piece in said.chunks(size) {
                let mut frame = reader.take(piece).unwrap();
                while let Some(found) = frame {
                    frames.push(found);
                    frame = reader.take(&[]).unwrap();
                }
            }
            assert!(reader.has_begun());
            assert_eq!(frames.len(), 2, "{size}");
            assert_eq!(frames[0].text("/proc/stat"), b"cpu 1\ncpu0 1\n");
            assert_eq!(frames[0].text("/proc/uptime"), b"5.0 1\n");
            assert_eq!(frames[1].text("/proc/uptime"), b"6.0 1\n");
            assert_eq!(frames[1].text("/proc/stat"), b"");
        }
    }

    #[test]
    fn an_endless_answer_is_refused() {
        let mut reader = FrameReader::default();
        let piece = [b'x'; 64 * 1024];
        let refused = (0..=MAX_FRAME_BYTES / piece.len()).find_map(|_| reader.take(&piece).err());
        assert_eq!(refused, Some(FrameError::TooLong));
    }
}
