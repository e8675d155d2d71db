//! A chunk of text to a word as typed: what is punctuation, what is truncated or misspelt.

use unicode_normalization::char::is_combining_mark;

use super::Passage;

/// Whether a character separates words: white space of any kind, no-break and zero-width included, and controls.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

/// Whether there is a letter or a digit in it.
pub(super) fn has_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The words of a text between quotes, where brackets and quotes are punctuation.
pub(super) fn in_quotes(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| is_blank(c) || is_bracket(c) || is_quote(c))
        .filter(|chunk| has_word(chunk))
}

/// The text with single blanks, and none around it.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(is_blank).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// Whether a character is a round bracket.
pub(super) fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')')
}

/// Whether a character is a double quotation mark of any make.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '»' | '«' | '„' | '“' | '”' | '‟')
}

/// The chunk without the punctuation around it.
pub(super) fn trimmed(chunk: &str) -> &str {
    chunk
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .trim_end_matches(|c| !is_letter(c))
}

/// The same, but with a `*` at either end kept.
pub(super) fn trimmed_to_stars(chunk: &str) -> &str {
    chunk
        .trim_start_matches(|c: char| c != '*' && !c.is_alphanumeric())
        .trim_end_matches(|c| c != '*' && !is_letter(c))
}

/// How a chunk with a letter or digit in it is read: as a word, a truncated word or a misspelt one.
pub(super) fn read(chunk: &str) -> Passage {
    let started =
        chunk.trim_start_matches(|c: char| !matches!(c, '*' | '?') && !c.is_alphanumeric());
    // A final `?` ends a question; it never stands for a letter.
    let ended = started.trim_end_matches(|c| c != '*' && !is_letter(c));
    let word = trimmed(chunk);
    let truncated = [ended, word]
        .into_iter()
        .find(|w| w.contains(['*', '?']) && w.chars().all(is_in_pattern));
    if let Some(pattern) = truncated {
        Passage::Pattern(without_doubled_stars(pattern))
    } else if started[ended.len()..].starts_with('~') && word.chars().all(is_in_pattern) {
        Passage::Misspelt(word.to_owned())
    } else {
        Passage::Word(word.to_owned())
    }
}

/// The same in a phrase, where a word that the next one completes keeps its hyphen: »bane- og vejnet«.
pub(super) fn read_in_phrase(chunk: &str) -> Passage {
    match read(chunk) {
        Passage::Word(mut word) if has_hyphen_behind(chunk, &word) => {
            word.push('-');
            Passage::Word(word)
        }
        other => other,
    }
}

fn has_hyphen_behind(chunk: &str, word: &str) -> bool {
    let behind = chunk.trim_start_matches(|c: char| !c.is_alphanumeric());
    behind
        .strip_prefix(word)
        .is_some_and(|rest| rest.starts_with('-'))
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Truncation is for words: an address with a `?` in it is text.
fn is_in_pattern(c: char) -> bool {
    let joins = matches!(
        c,
        '-' | '\u{AD}' | '\u{2010}' | '\u{2011}' | '\'' | '’' | '.'
    );
    is_letter(c) || joins || matches!(c, '*' | '?')
}

fn without_doubled_stars(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        if c != '*' || !out.ends_with('*') {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_around_a_word_goes_and_punctuation_inside_stays() {
        for (chunk, word) in [
            ("EU-topmøde,", "EU-topmøde"),
            ("f.eks.", "f.eks"),
            ("’USA’s’", "USA’s"),
            ("14.30", "14.30"),
            ("Trump/Putin:", "Trump/Putin"),
            ("–krig–", "krig"),
            ("http://dr.dk/?id=3", "http://dr.dk/?id=3"),
            ("e\u{301}", "e\u{301}"),
        ] {
            assert_eq!(read(chunk), Passage::Word(word.into()), "{chunk}");
        }
    }

    #[test]
    fn stars_and_question_marks_truncate_words_only() {
        for (chunk, pattern) in [
            ("sundheds*", "sundheds*"),
            ("m?n?", "m?n"),
            ("**vigtigt**", "*vigtigt*"),
            ("*syge", "*syge"),
        ] {
            assert_eq!(read(chunk), Passage::Pattern(pattern.into()), "{chunk}");
        }
        assert_eq!(read("km/t*"), Passage::Word("km/t".into()));
        assert_eq!(read("vandt?"), Passage::Word("vandt".into()));
        assert_eq!(read("landmyne~,"), Passage::Misspelt("landmyne".into()));
        assert_eq!(read("~500"), Passage::Word("500".into()));
    }
}
