//! Tokens to the query tree.
//!
//! From the loosest to the tightest: AND (or a blank), NEAR, OR, NOT.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Field, Passage, Query, Zone,
    dates::{BadDate, cleaned, parse_date},
    names::{Binary, Target},
    notices::{Notices, excerpt},
    tokens::{Form, Prefix, Token, without_brackets},
    words::{self, in_quotes, is_quote, one_line},
};

/// Chains of NEAR with changing distances nest no deeper than this.
const DEEPEST_NEAR: usize = 4;

/// Trees are no deeper than this: as deep as JSON is read again everywhere, and deeper than anybody thinks.
pub(super) const DEEPEST_TREE: usize = 32;

/// Reads tokens as one query; no tokens ask for everything.
pub(super) fn tree(
    tokens: Vec<Token<'_>>,
    now: Timestamp,
    zone: &TimeZone,
    notices: &mut Notices,
) -> Query {
    let read = |tokens: &[Token<'_>], notices: &mut Notices| {
        let mut reader = Reader {
            tokens,
            at: 0,
            now,
            zone,
            notices,
        };
        reader.all(Target::Zone(Zone::Anywhere))
    };
    let query = read(&tokens, notices);
    if depth(&query) <= DEEPEST_TREE {
        return query;
    }
    *notices = Notices::default();
    notices.too_deep();
    read(&without_brackets(tokens), notices)
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
    now: Timestamp,
    zone: &'t TimeZone,
    notices: &'t mut Notices,
}

impl<'a> Reader<'_, 'a> {
    /// Conditions up to the end of the text or of the bracket.
    fn all(&mut self, scope: Target) -> Query {
        let mut conditions = Vec::new();
        loop {
            match self.tokens.get(self.at) {
                None | Some(Token::Close) => return and(conditions),
                Some(Token::Binary(Binary::And, _))
                    if !conditions.is_empty() && self.operand_at(self.at + 1) =>
                {
                    self.at += 1;
                }
                Some(_) => conditions.push(self.near(scope)),
            }
        }
    }

    /// Operands with NEAR between them.
    fn near(&mut self, scope: Target) -> Query {
        let mut operands = vec![self.any(scope)];
        let mut operators = Vec::new();
        while let Some(&Token::Binary(Binary::Near { distance, ordered }, written)) =
            self.tokens.get(self.at)
        {
            if !self.operand_at(self.at + 1) {
                break;
            }
            self.at += 1;
            operators.push((distance, ordered, written));
            operands.push(self.any(scope));
        }
        let Some(&(.., written)) = operators.first() else {
            return and(operands);
        };
        if changes(&operators) >= DEEPEST_NEAR {
            self.notices.many_distances(written);
            return and(operands);
        }
        chain(&operands, &operators).unwrap_or_else(|| {
            self.notices.not_near(written);
            and(operands)
        })
    }

    /// Operands with OR between them.
    fn any(&mut self, scope: Target) -> Query {
        let mut operands = vec![self.not(scope)];
        while let Some(Token::Binary(Binary::Or, _)) = self.tokens.get(self.at)
            && self.operand_at(self.at + 1)
        {
            self.at += 1;
            operands.push(self.not(scope));
        }
        or(operands)
    }

    /// One operand, perhaps without it; an operator in its place is a word.
    fn not(&mut self, scope: Target) -> Query {
        match self.tokens.get(self.at) {
            Some(Token::Not(_)) if self.plain_operand_at(self.at + 1) => {
                self.at += 1;
                negated(self.operand(scope))
            }
            Some(&Token::Not(written) | &Token::Binary(_, written)) => {
                self.at += 1;
                self.notices.no_operand(written);
                self.word(Passage::Word(written.to_owned()), scope)
            }
            _ => self.operand(scope),
        }
    }

    /// A word, a phrase or a bracket.
    fn operand(&mut self, scope: Target) -> Query {
        let token = self.tokens.get(self.at);
        self.at += 1;
        match token {
            Some(Token::Open(prefix)) => {
                let inside = self.all(prefix.target.unwrap_or(scope));
                self.at += 1;
                self.finished(inside, prefix)
            }
            Some(&Token::Atom(prefix, form)) => {
                let atom = self.atom(form, prefix.target.unwrap_or(scope));
                self.finished(atom, &prefix)
            }
            _ => Query::Everything,
        }
    }

    fn finished(&mut self, query: Query, prefix: &Prefix<'_>) -> Query {
        let query = match prefix.times {
            Some(times) => self.at_least(times, query),
            None => query,
        };
        match prefix.negated {
            true => negated(query),
            false => query,
        }
    }

    fn atom(&mut self, form: Form<'a>, target: Target) -> Query {
        match target {
            Target::Zone(zone) => text(zone, passage(form)),
            Target::Field(field) => Query::Field {
                field,
                value: value(form, field),
            },
            Target::Date => self.date(form),
        }
    }

    fn date(&mut self, form: Form<'a>) -> Query {
        let (Form::Bare(typed)
        | Form::Exact(typed)
        | Form::Quoted(typed)
        | Form::ExactQuoted(typed)) = form;
        // a range may have quotes around its ends
        let typed = without_quotes(typed);
        let written = cleaned(&typed);
        match parse_date(&written, self.now, self.zone) {
            Ok(span) => Query::Date { written, span },
            Err(bad) => {
                self.notices.say(date_notice(&bad));
                and(in_quotes(&typed)
                    .map(|chunk| text(Zone::Anywhere, words::read(chunk)))
                    .collect())
            }
        }
    }

    /// An operator that is a word after all.
    fn word(&mut self, word: Passage, scope: Target) -> Query {
        match scope {
            Target::Zone(zone) => text(zone, word),
            _ => text(Zone::Anywhere, word),
        }
    }

    fn at_least(&mut self, times: u32, query: Query) -> Query {
        if let Some((zone, what)) = as_passage(&query) {
            let what = Box::new(what);
            return text(zone, Passage::AtLeast { times, what });
        }
        let mut each = |queries: Vec<Query>| {
            queries
                .into_iter()
                .map(|q| self.at_least(times, q))
                .collect()
        };
        match query {
            Query::And(queries) => Query::And(each(queries)),
            Query::Or(queries) => Query::Or(each(queries)),
            Query::Not(_) => query,
            _ => {
                self.notices.not_counted(times);
                query
            }
        }
    }

    fn operand_at(&self, at: usize) -> bool {
        match self.tokens.get(at) {
            Some(Token::Atom(..) | Token::Open(_)) => true,
            Some(Token::Not(_)) => self.plain_operand_at(at + 1),
            _ => false,
        }
    }

    /// Whether NOT can take it: an operand that is not negated already.
    fn plain_operand_at(&self, at: usize) -> bool {
        matches!(
            self.tokens.get(at),
            Some(Token::Atom(prefix, _) | Token::Open(prefix)) if !prefix.negated
        )
    }
}

fn text(zone: Zone, what: Passage) -> Query {
    Query::Text { zone, what }
}

fn passage(form: Form<'_>) -> Passage {
    let exact = |chunk| Passage::Exact(words::trimmed(chunk).to_owned());
    match form {
        Form::Bare(chunk) => words::read(chunk),
        Form::Exact(chunk) => exact(chunk),
        Form::Quoted(inside) => Passage::Phrase(
            in_quotes(inside)
                .map(|chunk| match chunk.strip_prefix('=') {
                    Some(word) => exact(word),
                    None => words::read_in_phrase(chunk),
                })
                .collect(),
        ),
        Form::ExactQuoted(inside) => Passage::Phrase(in_quotes(inside).map(exact).collect()),
    }
}

/// The value of a short field: an id is kept letter for letter, other bare values lose the punctuation around them.
fn value(form: Form<'_>, field: Field) -> String {
    match form {
        Form::Bare(chunk) if field == Field::Id => chunk.to_owned(),
        Form::Bare(chunk) | Form::Exact(chunk) => words::trimmed_to_stars(chunk).to_owned(),
        Form::Quoted(inside) | Form::ExactQuoted(inside) => one_line(inside),
    }
}

/// A text without its quotes; words on both sides of one stay two.
fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !is_quote(c) {
            out.push(c);
        } else if out.ends_with(char::is_alphanumeric)
            && chars.peek().is_some_and(|next| next.is_alphanumeric())
        {
            out.push(' ');
        }
    }
    out
}

fn date_notice(bad: &BadDate) -> String {
    match bad {
        BadDate::NoYear { written, example } => {
            format!("{}: which year? date:\"{example}\"", excerpt(written))
        }
        _ => format!("{bad}; searched as words"),
    }
}

/// All of them; what is an AND already is not nested.
fn and(queries: Vec<Query>) -> Query {
    let mut flat = Vec::with_capacity(queries.len());
    for query in queries {
        match query {
            Query::And(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => Query::Everything,
        1 => flat.swap_remove(0),
        _ => Query::And(flat),
    }
}

/// Any of them; what is an OR already is not nested.
fn or(queries: Vec<Query>) -> Query {
    let mut flat = Vec::with_capacity(queries.len());
    for query in queries {
        match query {
            Query::Or(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        1 => flat.swap_remove(0),
        _ => Query::Or(flat),
    }
}

fn negated(query: Query) -> Query {
    match query {
        Query::Not(inner) => *inner,
        other => Query::Not(Box::new(other)),
    }
}

/// How often a chain of NEAR changes its distance or its order.
fn changes(operators: &[(u32, bool, &str)]) -> usize {
    operators
        .windows(2)
        .filter(|pair| (pair[0].0, pair[0].1) != (pair[1].0, pair[1].1))
        .count()
}

/// A chain of NEAR: equal distances side by side, changing ones from left to right.
fn chain(operands: &[Query], operators: &[(u32, bool, &str)]) -> Option<Query> {
    let (first, rest) = operands.split_first()?;
    let (mut zone, mut left) = as_passage(first)?;
    let mut last = None;
    for (operand, &(distance, ordered, _)) in rest.iter().zip(operators) {
        let (of_operand, right) = as_passage(operand)?;
        zone = both(zone, of_operand)?;
        left = match left {
            Passage::Near { mut passages, .. } if last == Some((distance, ordered)) => {
                passages.push(right);
                Passage::Near {
                    distance,
                    ordered,
                    passages,
                }
            }
            left => Passage::Near {
                distance,
                ordered,
                passages: vec![left, right],
            },
        };
        last = Some((distance, ordered));
    }
    Some(text(zone, left))
}

/// The zone in which two passages can stand near each other.
fn both(a: Zone, b: Zone) -> Option<Zone> {
    match (a, b) {
        (Zone::Anywhere, zone) | (zone, Zone::Anywhere) => Some(zone),
        (a, b) => (a == b).then_some(a),
    }
}

/// A query as something that stands at positions of one zone, if it is that.
fn as_passage(query: &Query) -> Option<(Zone, Passage)> {
    match query {
        Query::Text {
            what: Passage::AtLeast { .. },
            ..
        } => None,
        Query::Text { zone, what } => Some((*zone, what.clone())),
        Query::Or(queries) => {
            let mut zone = None;
            let mut any = Vec::with_capacity(queries.len());
            for query in queries {
                let (of_query, what) = as_passage(query)?;
                if *zone.get_or_insert(of_query) != of_query {
                    return None;
                }
                any.push(what);
            }
            Some((zone?, Passage::AnyOf(any)))
        }
        _ => None,
    }
}

/// How many nodes stand above each other, at most.
fn depth(query: &Query) -> usize {
    match query {
        Query::Text { what, .. } => depth_of_passage(what),
        Query::And(queries) | Query::Or(queries) => {
            1 + queries.iter().map(depth).max().unwrap_or_default()
        }
        Query::Not(inner) => 1 + depth(inner),
        Query::Everything | Query::Field { .. } | Query::Date { .. } => 1,
    }
}

fn depth_of_passage(passage: &Passage) -> usize {
    match passage {
        Passage::Phrase(passages) | Passage::AnyOf(passages) | Passage::Near { passages, .. } => {
            1 + passages
                .iter()
                .map(depth_of_passage)
                .max()
                .unwrap_or_default()
        }
        Passage::AtLeast { what, .. } => 1 + depth_of_passage(what),
        Passage::Word(_) | Passage::Exact(_) | Passage::Pattern(_) | Passage::Misspelt(_) => 1,
    }
}
