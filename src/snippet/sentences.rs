//! Where a sentence of a Danish newspaper text begins.

/// Abbreviations that a capital may follow within the sentence, without the stop.
const ABBREVIATIONS: [&str; 30] = [
    "adm", "art", "ca", "dir", "dr", "ekskl", "fhv", "fr", "hr", "inkl", "jf", "kbh", "kgl", "kl",
    "kr", "mia", "mio", "nr", "pr", "prof", "red", "skt", "sml", "st", "stk", "tlf", "vedr", "vs",
    "mr", "mrs",
];

/// What may stand between a sentence's stop and the blank after it.
const CLOSERS: [char; 8] = ['"', '\'', '”', '’', '»', '«', ')', ']'];

/// What may stand before a sentence's first letter.
const OPENERS: [char; 10] = ['"', '\'', '“', '”', '»', '«', '„', '(', '-', '–'];

/// Longest word that is compared with the abbreviations, in letters.
const LONGEST: usize = 12;

/// Whether a sentence begins at the word that begins at byte `at`: at the start of the text, after an empty line, or
/// after a stop that does not belong to an abbreviation, an initial or an ordinal number.
pub(super) fn starts_sentence(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let ended = before.trim_end();
    if ended.is_empty() {
        return true;
    }
    if before[ended.len()..].matches('\n').count() > 1 {
        return true;
    }
    let first = text[at..].trim_start_matches(OPENERS).chars().next();
    if !first.is_some_and(|c| c.is_uppercase() || c.is_numeric()) {
        return false;
    }
    let ended = ended.trim_end_matches(CLOSERS);
    if ended.ends_with(['!', '?', '…']) {
        return true;
    }
    ended
        .strip_suffix('.')
        .is_some_and(|words| !needs_its_stop(words))
}

/// Whether the last of these words is one that is written with a stop.
fn needs_its_stop(words: &str) -> bool {
    let mut letters: Vec<char> = Vec::new();
    for c in words.chars().rev() {
        if c.is_whitespace() || OPENERS.contains(&c) {
            break;
        }
        if letters.len() == LONGEST {
            return false;
        }
        letters.push(c);
    }
    let word: String = letters.into_iter().rev().collect();
    let initial = word.chars().count() == 1;
    let ordinal = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    let dotted = word.contains('.') && !word.bytes().any(|b| b.is_ascii_digit());
    initial || ordinal || dotted || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        let mut starts = Vec::new();
        let mut blank = true;
        for (i, c) in text.char_indices() {
            if blank && !c.is_whitespace() && starts_sentence(text, i) {
                starts.push(text[i..].split_whitespace().next().unwrap());
            }
            blank = c.is_whitespace();
        }
        starts
    }

    #[test]
    fn sentences_begin_after_stops_and_empty_lines() {
        let text = "Broen lukker mandag. Den åbner igen tirsdag!\nHvornår? »Klokken otte,« siger \
                    formanden. \"Ja.\" Sådan blev\ndet.\n\nefter en tom linje";
        assert_eq!(
            sentences(text),
            [
                "Broen",
                "Den",
                "Hvornår?",
                "»Klokken",
                "\"Ja.\"",
                "Sådan",
                "efter"
            ]
        );
    }

    #[test]
    fn abbreviations_initials_and_ordinals_end_no_sentence() {
        let text = "Mødet med dr. Holm og H. C. Lund er den 3. Maj kl. 14 i bl.a. Odense. Det koster \
                    2 mio. Kroner siger de i 2017. Punktum";
        assert_eq!(sentences(text), ["Mødet", "Det", "Punktum"]);
    }
}
