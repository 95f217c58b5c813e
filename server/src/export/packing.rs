//! Bytes on their way out, packed by gzip or as they are.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Collects bytes; what has come together can be taken at any time.
pub(super) enum Packing {
    Plain(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
}

impl Packing {
    /// Packs by gzip, or not.
    pub fn new(gzip: bool) -> Self {
        if gzip { Self::Gzip(GzEncoder::new(Vec::new(), Compression::fast())) } else { Self::Plain(Vec::new()) }
    }

    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        match self {
            Self::Plain(buffer) => buffer.extend_from_slice(bytes),
            // Writing to memory cannot fail.
            Self::Gzip(encoder) => drop(encoder.write_all(bytes)),
        }
    }

    /// What is ready to be sent.
    pub fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Plain(buffer) => std::mem::take(buffer),
            Self::Gzip(encoder) => std::mem::take(encoder.get_mut()),
        }
    }

    /// Ends the file; what is left.
    pub fn finish(self) -> Vec<u8> {
        match self {
            Self::Plain(buffer) => buffer,
            // Writing to memory cannot fail.
            Self::Gzip(encoder) => encoder.finish().unwrap_or_default(),
        }
    }
}
