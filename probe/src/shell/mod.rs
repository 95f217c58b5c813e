//! A machine read by a POSIX shell: two constant scripts, and the reader of what they print. No I/O: who runs the scripts asks with the
//! lines that [`Ask::line`] gives and hands the answers over.

mod frame;
mod reader;
mod space;

pub use frame::{FrameError, FrameReader, MAX_FRAME_BYTES};
pub use reader::ShellMachine;
pub use space::parse_space;

/// Prints a frame for each line that it reads. Needs grep, and for facts uname, getconf and tr; runs under any POSIX shell as any user.
pub const LOOP: &str = include_str!("loop.sh");

/// Answers the space of one mount point for each line that it reads.
pub const SPACE: &str = include_str!("space.sh");

/// What a key that may only read asks for, so that the host starts [`LOOP`] or [`SPACE`]; everything else is refused.
pub const READ_LOOP: &str = "tactus-read-loop";
pub const READ_SPACE: &str = "tactus-read-space";

/// How much a frame shall tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// Processor, memory, load, disks, network.
    Fast,
    /// Also processes, mounts, temperatures.
    Slow,
    /// Also what does not change while the machine runs.
    Facts,
}

impl Ask {
    /// What the loop is told.
    pub fn line(self) -> &'static str {
        match self {
            Self::Fast => "fast\n",
            Self::Slow => "slow\n",
            Self::Facts => "facts\n",
        }
    }
}
