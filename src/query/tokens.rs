//! Query text to tokens: words, phrases, brackets and operators, each still as typed.

use super::{
    Field,
    names::{self, Binary, Name, Operator, Target},
    notices::Notices,
    tree::DEEPEST_TREE,
    words::{has_word, is_blank, is_bracket, is_quote},
};

/// In a text that nests brackets deeper than this all of them are punctuation. More than twice as deep as the deepest
/// tree, so that every tree can be written with brackets and read again.
const DEEPEST: usize = 2 * DEEPEST_TREE;

/// A piece of the query text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A word or a phrase with what stands before it.
    Atom(Prefix<'a>, Form<'a>),
    /// An opening bracket with what stands before it.
    Open(Prefix<'a>),
    /// A closing bracket.
    Close,
    /// An operator between two operands, and how it is written.
    Binary(Binary, &'a str),
    /// `NOT`, and how it is written.
    Not(&'a str),
}

/// What stands before a word, a phrase or a bracket without a blank between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix<'a> {
    /// `-`
    pub(super) negated: bool,
    /// `headline:`
    pub(super) target: Option<Target>,
    /// `atleast3:`
    pub(super) times: Option<u32>,
    /// All of it as typed: a word, should the bracket behind it turn out to be punctuation.
    pub(super) written: &'a str,
}

impl Prefix<'_> {
    fn names_something(&self) -> bool {
        self.target.is_some() || self.times.is_some()
    }
}

/// The text of an atom. It has a letter or a digit in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// A chunk between blanks. A range of dates may have quotes in it: `"marts 2017"..2018`.
    Bare(&'a str),
    /// A chunk behind a `=`.
    Exact(&'a str),
    /// A text between quotes.
    Quoted(&'a str),
    /// A text between quotes behind a `=`.
    ExactQuoted(&'a str),
}

/// Cuts the text into tokens, in which brackets match and hold something.
pub(super) fn tokens<'a>(text: &'a str, notices: &mut Notices) -> Vec<Token<'a>> {
    let mut lexer = Lexer {
        text,
        at: 0,
        quotes: Quotes::find(text),
        operators: text.chars().any(char::is_lowercase),
        tokens: Vec::new(),
        notices,
    };
    while let Some(c) = lexer.text[lexer.at..].chars().next() {
        match c {
            '(' => lexer.push(Token::Open(Prefix::default()), 1),
            ')' => lexer.push(Token::Close, 1),
            c if is_quote(c) => lexer.quote(c),
            c if is_blank(c) => lexer.at += c.len_utf8(),
            _ => lexer.chunk(),
        }
    }
    match_brackets(lexer.tokens, lexer.notices)
}

struct Lexer<'a, 'n> {
    text: &'a str,
    at: usize,
    quotes: Quotes,
    operators: bool,
    tokens: Vec<Token<'a>>,
    notices: &'n mut Notices,
}

impl<'a> Lexer<'a, '_> {
    fn push(&mut self, token: Token<'a>, bytes: usize) {
        self.tokens.push(token);
        self.at += bytes;
    }

    /// A quote that no prefix stands before.
    fn quote(&mut self, c: char) {
        if let Some((inside, end)) = self.phrase(self.at) {
            if has_word(inside) {
                let atom = Token::Atom(Prefix::default(), Form::Quoted(inside));
                self.tokens.push(atom);
            }
            self.at = end;
            return;
        }
        if self.opens(self.at) {
            self.notices.lone_quote();
        }
        self.at += c.len_utf8();
    }

    /// What the quote at a byte encloses, and the first byte behind its partner.
    fn phrase(&mut self, at: usize) -> Option<(&'a str, usize)> {
        if !self.opens(at) {
            return None;
        }
        let (inside, partner, end) = self.quotes.partner(at)?;
        Some((&self.text[inside..partner], end))
    }

    /// A quote right behind a letter closes or means inches, unless the letters are an operator.
    fn opens(&self, at: usize) -> bool {
        let after_word = self.text[..at].ends_with(char::is_alphanumeric);
        let after_operator = matches!(
            self.tokens.last(),
            Some(Token::Binary(_, written) | Token::Not(written)) if self.text[..at].ends_with(written)
        );
        !after_word || after_operator
    }

    fn chunk(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let chunk = &rest[..rest.find(ends_chunk).unwrap_or(rest.len())];
        let end = start + chunk.len();
        self.at = end;

        if chunk.starts_with("..") && self.stands_behind_a_date() {
            self.notices.range_apart();
        }
        if let Some(operator) = names::operator(chunk) {
            if self.operators {
                if names::reaches_too_far(chunk) {
                    self.notices.too_far(chunk, names::FARTHEST);
                }
                return self.tokens.push(match operator {
                    Operator::Binary(binary) => Token::Binary(binary, chunk),
                    Operator::Not => Token::Not(chunk),
                });
            }
            self.notices.all_capitals(chunk);
        }

        let opening = match self.text[end..].chars().next() {
            Some('(') => Opening::Bracket,
            Some(c) if is_quote(c) => match self.phrase(end) {
                Some((inside, end)) if has_word(inside) => Opening::Phrase { inside, end },
                _ => Opening::Nothing,
            },
            _ => Opening::Nothing,
        };
        let (prefix, rest) = self.prefix(start, chunk, &opening);
        if prefix.target == Some(Target::Date)
            && let Some(end) = self.end_of_range(rest, &opening)
        {
            let range = &self.text[self.at - rest.len()..end];
            self.tokens.push(Token::Atom(prefix, Form::Bare(range)));
            self.at = end;
            return;
        }
        match opening {
            Opening::Bracket if rest.is_empty() => self.push(Token::Open(prefix), 1),
            Opening::Phrase { inside, end } if rest.is_empty() || rest == "=" => {
                let form = match rest {
                    "" => Form::Quoted(inside),
                    _ => Form::ExactQuoted(inside),
                };
                self.tokens.push(Token::Atom(prefix, form));
                self.at = end;
            }
            _ if has_word(rest) => {
                let form = match rest.strip_prefix('=') {
                    Some(word) if prefix.target != Some(Target::Field(Field::Id)) => {
                        Form::Exact(word)
                    }
                    _ => Form::Bare(rest),
                };
                self.tokens.push(Token::Atom(prefix, form));
            }
            _ => {}
        }
    }

    fn stands_behind_a_date(&self) -> bool {
        let last = self.tokens.last();
        matches!(last, Some(Token::Atom(prefix, _)) if prefix.target == Some(Target::Date))
    }

    /// The first byte behind a range of dates that has a phrase for one of its ends.
    fn end_of_range(&mut self, rest: &str, opening: &Opening<'_>) -> Option<usize> {
        let &Opening::Phrase { end, .. } = opening else {
            return None;
        };
        if !rest.is_empty() {
            return rest.ends_with("..").then_some(end);
        }
        let behind = &self.text[end..];
        let to = behind.strip_prefix("..").or(behind.strip_prefix('…'))?;
        let to = to.trim_start_matches('.');
        let at = self.text.len() - to.len();
        if to.starts_with(is_quote)
            && let Some((_, end)) = self.phrase(at)
        {
            return Some(end);
        }
        Some(at + to.find(ends_chunk).unwrap_or(to.len()))
    }

    /// Takes `-`, a field and `atleast` from the start of a chunk, as far as something follows that they can be of.
    fn prefix(
        &mut self,
        start: usize,
        chunk: &'a str,
        opening: &Opening<'_>,
    ) -> (Prefix<'a>, &'a str) {
        let mut prefix = Prefix {
            written: chunk,
            ..Prefix::default()
        };
        let mut rest = chunk;
        if let Some(behind) = chunk.strip_prefix('-')
            && self.begins_a_word(start)
        {
            if is_number(behind) {
                self.notices.signed(chunk);
            } else if can_be_negated(behind, opening) {
                prefix.negated = true;
                rest = behind;
            }
        }
        while let Some((name, behind)) = names::take(rest) {
            let begins_range = name == Name::Target(Target::Date) && opening.ends_range(behind);
            if !has_word(behind) && !opening.completes(behind) && !begins_range {
                self.notices.no_value(rest);
                break;
            }
            match name {
                Name::AtLeast(n) if prefix.times.is_none() => prefix.times = Some(n),
                Name::Target(target) if prefix.target.is_none() => prefix.target = Some(target),
                _ => break,
            }
            rest = behind;
            if matches!(prefix.target, Some(Target::Field(_) | Target::Date)) {
                break;
            }
        }
        (prefix, rest)
    }

    /// In `(S)-formand` and `"Titanic"-ulykken` the hyphen is one of a compound.
    fn begins_a_word(&self, at: usize) -> bool {
        self.text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| is_blank(c) || c == '(')
    }
}

fn ends_chunk(c: char) -> bool {
    is_blank(c) || is_bracket(c) || is_quote(c)
}

/// What opens right behind a chunk.
enum Opening<'a> {
    Bracket,
    Phrase { inside: &'a str, end: usize },
    Nothing,
}

impl Opening<'_> {
    /// Whether it is the value of a name whose chunk ends so.
    fn completes(&self, behind: &str) -> bool {
        match self {
            Self::Bracket => behind.is_empty(),
            Self::Phrase { .. } => matches!(behind, "" | "="),
            Self::Nothing => false,
        }
    }

    /// Whether it is the end of a range of dates that begins with nothing, as in `.."marts 2017"`.
    fn ends_range(&self, behind: &str) -> bool {
        matches!(self, Self::Phrase { .. }) && matches!(behind, ".." | "...")
    }
}

/// A number behind a minus: no letter in it.
fn is_number(behind: &str) -> bool {
    behind.starts_with(char::is_numeric) && !behind.contains(char::is_alphabetic)
}

/// `-fred` is without; `--prune`, `->` and `-,` are text, and so is `-0,4`, which is met in pasted text all day.
fn can_be_negated(behind: &str, opening: &Opening<'_>) -> bool {
    if opening.completes(behind) {
        return true;
    }
    let starts = |c: char| c.is_alphanumeric() || matches!(c, '*' | '?' | '=' | '\'' | '’');
    behind.starts_with(starts)
        && (has_word(behind)
            || behind
                .strip_prefix('=')
                .is_some_and(|b| opening.completes(b)))
}

/// Drops brackets without a partner or around nothing, and all of them where they nest too deep; a name before one
/// that is dropped becomes a word.
fn match_brackets<'a>(tokens: Vec<Token<'a>>, notices: &mut Notices) -> Vec<Token<'a>> {
    if nesting(&tokens) > DEEPEST {
        notices.too_deep();
        return without_brackets(tokens);
    }
    let mut out: Vec<Option<Token<'a>>> = Vec::with_capacity(tokens.len());
    // Where each open bracket stands in `out`.
    let mut open: Vec<usize> = Vec::new();
    for token in tokens {
        match token {
            Token::Open(_) => {
                open.push(out.len());
                out.push(Some(token));
            }
            Token::Close => match open.pop() {
                Some(at) if at + 1 == out.len() => {
                    let empty = out.pop().flatten();
                    if let Some(Token::Open(prefix)) = &empty
                        && prefix.names_something()
                    {
                        notices.no_value(prefix.written);
                    }
                    out.extend(empty.and_then(without_bracket).map(Some));
                }
                Some(_) => out.push(Some(token)),
                None => notices.lone_bracket(),
            },
            _ => out.push(Some(token)),
        }
    }
    for at in open {
        notices.lone_bracket();
        out[at] = out[at].take().and_then(without_bracket);
    }
    out.into_iter().flatten().collect()
}

/// How many brackets are open at once, at most.
fn nesting(tokens: &[Token<'_>]) -> usize {
    let mut open = 0_usize;
    let mut most = 0;
    for token in tokens {
        match token {
            Token::Open(_) => open += 1,
            Token::Close => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// The tokens of the same text with brackets as punctuation.
pub(super) fn without_brackets(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    tokens.into_iter().filter_map(without_bracket).collect()
}

fn without_bracket(open: Token<'_>) -> Option<Token<'_>> {
    match open {
        Token::Open(prefix) => {
            let word = Prefix {
                negated: prefix.negated,
                ..Prefix::default()
            };
            has_word(prefix.written).then_some(Token::Atom(word, Form::Bare(prefix.written)))
        }
        Token::Close => None,
        other => Some(other),
    }
}

/// The double quotes of a text and their partners.
struct Quotes {
    found: Vec<Quote>,
    /// The first of `found` that may still be asked for; the lexer only walks forward.
    next: usize,
}

struct Quote {
    start: usize,
    end: usize,
    partner: Option<usize>,
}

impl Quotes {
    fn find(text: &str) -> Self {
        let mut found = Vec::new();
        let mut makes = Vec::new();
        let mut closing = Vec::new();
        let mut before = ' ';
        for (start, c) in text.char_indices() {
            if is_quote(c) {
                found.push(Quote {
                    start,
                    end: start + c.len_utf8(),
                    partner: None,
                });
                makes.push(make(c));
                closing.push(!is_blank(before) && before != '(');
            }
            before = c;
        }
        // The next quote of the same make; failing that, the next of any make that looks like a closing one,
        // since a text pasted into quotes is often closed by another keyboard than it was opened with.
        let mut next_of_make = [None; 3];
        let mut next_closing = None;
        for i in (0..found.len()).rev() {
            found[i].partner = next_of_make[makes[i]].or(next_closing);
            next_of_make[makes[i]] = Some(i);
            if closing[i] {
                next_closing = Some(i);
            }
        }
        Self { found, next: 0 }
    }

    /// For the quote at a byte: the first byte inside, the byte of its partner and the first byte behind that.
    fn partner(&mut self, at: usize) -> Option<(usize, usize, usize)> {
        while self.found.get(self.next).is_some_and(|q| q.start < at) {
            self.next += 1;
        }
        let quote = self.found.get(self.next)?;
        let partner = self.found.get(quote.partner?)?;
        Some((quote.end, partner.start, partner.end))
    }
}

/// Danish papers write »…«, ”…” and „…“; each closes what its own kind opened.
fn make(quote: char) -> usize {
    match quote {
        '"' => 0,
        '»' | '«' => 1,
        _ => 2,
    }
}
