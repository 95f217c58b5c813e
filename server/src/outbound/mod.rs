//! The only way out to addresses that somebody has typed in: every address is judged before a byte goes there.

mod address;
mod client;
mod error;
mod roots;
#[cfg(test)]
mod tests;

pub use address::{Place, place_of};
pub use client::{Answer, Lookup, Outbound, Request, parse_url};
pub use error::OutboundError;
pub use roots::{certificates_of, machine_certificates};
