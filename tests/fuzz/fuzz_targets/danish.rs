//! Any text gives sound words, and no panic.
#![no_main]

use index_schema::danish::{Analyzer, MAX_TERM_BYTES, ask, split};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut last = 0;
    Analyzer::new().words(&text, |w| {
        assert!(last <= w.start && w.start < w.end);
        last = w.end;
        let letters = text[w.start..w.end].chars().count() as u32;
        assert!(w.forms.main.len() <= MAX_TERM_BYTES && !w.forms.main.is_empty());
        assert!(w.forms.parts.iter().all(|p| p.chars.0 <= p.chars.1 && p.chars.1 <= letters));
    });
    for word in ask(&text) {
        assert!(word.variants.iter().all(|v| v.len() <= MAX_TERM_BYTES));
    }
    assert_eq!(split(&text).concat(), text);
});
