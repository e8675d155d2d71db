//! Words by which a sender marks a version: RETTELSE, OPDATERET, FLASH.

use index_schema::Mark;

const WORDS: [(&str, Mark); 15] = [
    ("RETTELSE", Mark::Correction),
    ("RETTET", Mark::Correction),
    ("KORREKTION", Mark::Correction),
    ("CORRECTED", Mark::Correction),
    ("CORRECTION", Mark::Correction),
    ("CORRECTS", Mark::Correction),
    ("BERICHTIGUNG", Mark::Correction),
    ("KORRIGERT", Mark::Correction),
    ("RÄTTELSE", Mark::Correction),
    ("OPDATERET", Mark::Update),
    ("OPDATERING", Mark::Update),
    ("UPDATE", Mark::Update),
    ("UPDATED", Mark::Update),
    ("OPPDATERT", Mark::Update),
    ("FLASH", Mark::Flash),
];

/// Adds the marks that a headline or slug carries: one of the words in capitals anywhere, or at the beginning before
/// a colon (`Rettelse: …`).
pub(super) fn add_from(text: &str, marks: &mut Vec<Mark>) {
    let mut first = true;
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphabetic) {
        let tail = &rest[start..];
        let end = tail
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(tail.len());
        let word = &tail[..end];
        rest = &tail[end..];
        let found = WORDS.iter().find(|(w, _)| {
            word == *w || (first && rest.starts_with(':') && word.to_uppercase() == *w)
        });
        if let Some((_, mark)) = found {
            add(*mark, marks);
        }
        first = false;
    }
}

/// Adds a mark once.
pub(super) fn add(mark: Mark, marks: &mut Vec<Mark>) {
    if !marks.contains(&mark) {
        marks.push(mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<Mark> {
        let mut marks = Vec::new();
        add_from(text, &mut marks);
        marks
    }

    #[test]
    fn a_marked_headline_is_known_by_its_capitals_or_its_colon() {
        assert_eq!(marks("RETTELSE: Minister går af"), vec![Mark::Correction]);
        assert_eq!(marks("Rettelse: Minister går af"), vec![Mark::Correction]);
        assert_eq!(marks("NU/FLASH-U"), vec![Mark::Flash]);
        assert_eq!(
            marks("CORRECTED-UPDATE 2-Oil falls"),
            vec![Mark::Correction, Mark::Update]
        );
    }

    #[test]
    fn the_same_words_in_a_sentence_mark_nothing() {
        assert!(marks("Ny rettelse af skoleloven: ministeren svarer").is_empty());
        assert!(marks("Flashmob i Aarhus").is_empty());
    }
}
