//! A window of a text: where it begins and ends, and how it is put on one line.

use unicode_segmentation::GraphemeCursor;

use super::sentences::starts_sentence;
use crate::search::Snippet;

/// Longest snippet, in Unicode scalars; only a single word that is longer goes beyond it.
pub(super) const WIDTH: usize = 200;

/// How much stands before the first mark when its sentence begins too far away.
const BEFORE: usize = 40;

/// What stands for left-out text, with its blank.
pub(super) const ELLIPSIS: usize = 2;

/// Longest rest of a word that may stand beyond [`WIDTH`].
pub(super) const OVERHANG: usize = 60;

/// A stretch of a text: whole words, whole sentences where possible.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Something is left out before it.
    cut_before: bool,
    /// Something is left out after it, within a sentence.
    cut_after: bool,
}

impl Window {
    /// The window that holds `first..last` of a text without white space at its end, as far as the width allows.
    pub(super) fn around(text: &str, first: usize, last: usize) -> Self {
        if fits(text) {
            let start = text.len() - text.trim_start().len();
            return Self {
                start,
                end: text.len(),
                cut_before: false,
                cut_after: false,
            };
        }
        let marked = folded_width(&text[first..last], WIDTH);
        let room = (WIDTH - 2 * ELLIPSIS).saturating_sub(marked + OVERHANG / 2);
        let (start, cut_before) = window_start(text, first, room);
        let (end, cut_after) = window_end(text, start, last);
        Self {
            start,
            end,
            cut_before,
            cut_after,
        }
    }

    /// The text on one line, and the marks in it.
    pub(super) fn fold(self, text: &str, marks: &[(usize, usize)]) -> Snippet {
        let mut line = String::new();
        let mut width = 0;
        if self.cut_before {
            line.push_str("… ");
            width += ELLIPSIS;
        }
        let after = marks.partition_point(|m| m.1 <= self.start);
        let mut marks = marks[after..]
            .iter()
            .take_while(|m| m.0 < self.end)
            .peekable();
        let mut kept = Vec::new();
        let mut open = None;
        let mut blank = false;
        for (i, c) in text[self.start..self.end].char_indices() {
            let at = self.start + i;
            if marks.next_if(|m| m.1 <= at).is_some() {
                kept.extend(open.take().map(|start| (start, width)));
            }
            if c.is_whitespace() {
                blank = true;
                continue;
            }
            if blank {
                line.push(' ');
                width += 1;
                blank = false;
            }
            if open.is_none() && marks.peek().is_some_and(|m| m.0 <= at) {
                open = Some(width);
            }
            line.push(c);
            width += 1;
        }
        kept.extend(open.map(|start| (start, width)));
        if self.cut_after {
            line.push_str(" …");
        }
        Snippet {
            text: line,
            marks: kept,
        }
    }
}

/// Whether a whole text is no longer than a snippet may be.
fn fits(text: &str) -> bool {
    let mut width = 0;
    for word in text.split_whitespace() {
        width += word.chars().take(WIDTH + 1).count() + 1;
        if width > WIDTH + 1 {
            return false;
        }
    }
    true
}

/// How many scalars a text has when every run of white space is one blank; counts no further than `most`.
pub(super) fn folded_width(text: &str, most: usize) -> usize {
    let mut width = 0;
    let mut blank = false;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at)
        && width < most
    {
        let (is_blank, len) = match byte {
            b'!'..=b'~' => (false, 1),
            // å, æ, ø and their like
            0xC3 => (false, 2),
            _ => match text[at..].chars().next() {
                Some(c) => (c.is_whitespace(), c.len_utf8()),
                None => break,
            },
        };
        width += usize::from(!(blank && is_blank));
        blank = is_blank;
        at += len;
    }
    width
}

/// Where a window begins that shows `first`, with up to `room` columns before it: where the sentence does, else at a
/// word; and whether something is left out before it.
fn window_start(text: &str, first: usize, room: usize) -> (usize, bool) {
    let lead = text.len() - text.trim_start().len();
    let mut column = 0;
    let mut next = text[first..].chars().next().unwrap_or(' ');
    let mut at = first;
    let mut word = None;
    for (i, c) in text[lead.min(first)..first].char_indices().rev() {
        let i = i + lead.min(first);
        if c.is_whitespace() && !next.is_whitespace() && is_boundary(text, at) {
            if starts_sentence(text, at) {
                return (at, false);
            }
            // the word that holds `first` begins here, or one before it
            if word.is_none() || column <= BEFORE {
                word = Some(at);
            }
        }
        column += usize::from(!(c.is_whitespace() && next.is_whitespace()));
        if column > room {
            return (word.unwrap_or_else(|| cluster_start(text, first)), true);
        }
        (at, next) = (i, c);
    }
    (lead.min(first), false)
}

/// Where a window ends that begins at `start` and shows what stands before `last`; and whether a sentence is cut.
fn window_end(text: &str, start: usize, last: usize) -> (usize, bool) {
    let mut column = 0;
    let mut previous = ' ';
    let mut word = None;
    let mut sentence = None;
    let mut limit = None;
    for (i, c) in text[start..].char_indices() {
        let at = start + i;
        if column > WIDTH - 2 * ELLIPSIS {
            limit.get_or_insert(at);
            if let Some(word) = word.filter(|&w| w >= last) {
                return sentence.map_or((word, true), |end| (end, false));
            }
            if column > WIDTH + OVERHANG {
                break;
            }
        }
        if c.is_whitespace() && !previous.is_whitespace() && at > start && is_boundary(text, at) {
            word = Some(at);
            let next = text.len() - text[at..].trim_start().len();
            if at >= last && column > WIDTH / 2 && starts_sentence(text, next) {
                sentence = Some(at);
            }
        }
        column += usize::from(!(c.is_whitespace() && previous.is_whitespace()));
        previous = c;
    }
    // a word that is longer than any window is cut, and so is a grapheme cluster that is
    match limit {
        Some(limit) if column > WIDTH + OVERHANG => {
            let at = cluster_start(text, limit);
            (if at > start { at } else { limit }, true)
        }
        _ => (text.len(), false),
    }
}

pub(super) fn is_boundary(text: &str, at: usize) -> bool {
    // of ASCII, only a line's two ends are one cluster
    if let Some([before, after]) = at.checked_sub(1).and_then(|i| text.as_bytes().get(i..=at))
        && before.is_ascii()
        && after.is_ascii()
    {
        return (*before, *after) != (b'\r', b'\n');
    }
    GraphemeCursor::new(at, text.len(), true)
        .is_boundary(text, 0)
        .unwrap_or(true)
}

/// The start of the grapheme cluster that `at` is in.
pub(super) fn cluster_start(text: &str, at: usize) -> usize {
    if is_boundary(text, at) {
        return at;
    }
    match GraphemeCursor::new(at, text.len(), true).prev_boundary(text, 0) {
        Ok(Some(start)) => start,
        _ => at,
    }
}

/// The end of the grapheme cluster that `at` is in.
pub(super) fn cluster_end(text: &str, at: usize) -> usize {
    if is_boundary(text, at) {
        return at;
    }
    match GraphemeCursor::new(at, text.len(), true).next_boundary(text, 0) {
        Ok(Some(end)) => end,
        _ => at,
    }
}
