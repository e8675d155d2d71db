//! The program as its user meets it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod harness;

mod config;
mod errors;
mod guide;
mod help;
mod house;
mod wire_formats;
