//! The program as its user meets it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod harness;
mod stories;

mod analyze;
mod answers;
mod changing_files;
mod config;
mod cron;
mod errors;
mod guide;
mod help;
mod house;
mod index;
mod life;
mod output_formats;
mod surroundings;
mod terminal;
mod wire_formats;
mod wire_hostile;
