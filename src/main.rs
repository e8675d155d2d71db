//! The command line of wiresearch.

fn main() {}
