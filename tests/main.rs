//! The program as its user meets it.

mod wire_formats;
