//! The program as its user meets it.
