//! The program as its user meets it.

mod wire_formats;
mod wire_hostile;
