//! The live feed: latest values and events to every browser. A slow browser skips frames and never holds up another.

mod frame;
mod hub;
pub mod ws;

pub use frame::Frame;
pub use hub::Hub;
