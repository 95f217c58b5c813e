//! russh wrapped once.
