#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wiresearch_fuzz::read_as("newsml-g2", data));
