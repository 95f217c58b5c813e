//! The web side of the centre: who may ask what, the page, the live socket.

mod api;
mod assets;
mod caller;
mod download;
mod gate;
mod headers;
mod health;
mod live;
mod origin;
mod pages;
mod router;
mod serve;

pub use router::{Parts, router};
pub use serve::serve;
