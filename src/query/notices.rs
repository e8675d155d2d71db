//! What a reader should know about how a query text was read.

/// Sentences for the reader, each once, not more than a screen of them.
#[derive(Debug, Default)]
pub(super) struct Notices {
    sentences: Vec<String>,
}

/// More notices than this tell nobody anything.
const MOST: usize = 10;

/// Longest excerpt of a query text in a notice, in characters.
const EXCERPT: usize = 60;

impl Notices {
    pub(super) fn say(&mut self, sentence: String) {
        if self.sentences.len() < MOST && !self.sentences.contains(&sentence) {
            self.sentences.push(sentence);
        }
    }

    pub(super) fn lone_quote(&mut self) {
        self.say("a quotation mark without a partner is read as punctuation".to_owned());
    }

    pub(super) fn lone_bracket(&mut self) {
        self.say("a bracket without a partner is read as punctuation".to_owned());
    }

    pub(super) fn too_deep(&mut self) {
        self.say("brackets nest too deep and are read as punctuation".to_owned());
    }

    pub(super) fn all_capitals(&mut self, operator: &str) {
        if self.sentences.iter().any(|s| s.ends_with(IN_CAPITALS)) {
            return;
        }
        self.say(format!("{}{IN_CAPITALS}", excerpt(operator)));
    }

    pub(super) fn no_operand(&mut self, operator: &str) {
        self.say(format!(
            "{} has nothing to work on and is read as a word",
            excerpt(operator)
        ));
    }

    pub(super) fn no_value(&mut self, name: &str) {
        self.say(format!(
            "{} has no value and is read as a word; a value follows without a blank",
            excerpt(name)
        ));
    }

    pub(super) fn range_apart(&mut self) {
        self.say(
            "a range of dates is written without blanks, or in quotes: date:\"2016 .. 2017\""
                .to_owned(),
        );
    }

    pub(super) fn everything(&mut self) {
        self.say("the query has no word to look for and leaves no dispatch out".to_owned());
    }

    pub(super) fn too_far(&mut self, operator: &str, farthest: u32) {
        self.say(format!(
            "{} is read with {farthest}, the farthest that it reaches",
            excerpt(operator)
        ));
    }

    pub(super) fn signed(&mut self, number: &str) {
        let number = excerpt(number);
        let without = number.trim_start_matches('-');
        self.say(format!(
            "{number} is read as a number; NOT {without} leaves it out"
        ));
    }

    pub(super) fn many_distances(&mut self, operator: &str) {
        self.say(format!(
            "{}: a chain whose distance changes so often is read as AND",
            excerpt(operator)
        ));
    }

    pub(super) fn not_near(&mut self, operator: &str) {
        self.say(format!(
            "{} takes words, phrases and OR-groups of one part of the text; read as AND",
            excerpt(operator)
        ));
    }

    pub(super) fn not_counted(&mut self, times: u32) {
        self.say(format!(
            "atleast{times}: counts words, phrases and OR-groups of the text and is left out elsewhere"
        ));
    }

    pub(super) fn into_sentences(self) -> Vec<String> {
        self.sentences
    }
}

const IN_CAPITALS: &str = " is read as a word: operators count only beside a lower-case letter";

/// The beginning of a text, for a sentence.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
