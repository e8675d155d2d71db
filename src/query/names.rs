//! The names that count before a colon, and the operators.

use super::{Field, Zone};

/// What stands behind a field name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The text, or one part of it.
    Zone(Zone),
    /// A short field.
    Field(Field),
    /// The dispatch's own date.
    Date,
}

/// What a name and its colon ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// `headline:`
    Target(Target),
    /// `atleast3:`
    AtLeast(u32),
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    /// `AND`, `OG`
    And,
    /// `OR`, `ELLER`
    Or,
    /// `NEAR/5`, `W/5`, `ONEAR/5`
    Near {
        /// Most positions apart.
        distance: u32,
        /// In the order written.
        ordered: bool,
    },
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// Stands between two operands.
    Binary(Binary),
    /// Stands before one: `NOT`, `ANDNOT`, `IKKE`.
    Not,
}

/// Every field name, English and Danish, in lower case.
pub(super) const FIELDS: &[(&str, Target)] = &[
    ("text", Target::Zone(Zone::Anywhere)),
    ("tekst", Target::Zone(Zone::Anywhere)),
    ("headline", Target::Zone(Zone::Headline)),
    ("rubrik", Target::Zone(Zone::Headline)),
    ("body", Target::Zone(Zone::Body)),
    ("brødtekst", Target::Zone(Zone::Body)),
    ("source", Target::Field(Field::Source)),
    ("kilde", Target::Field(Field::Source)),
    ("slug", Target::Field(Field::Slug)),
    ("stikord", Target::Field(Field::Slug)),
    ("byline", Target::Field(Field::Byline)),
    ("af", Target::Field(Field::Byline)),
    ("place", Target::Field(Field::Place)),
    ("sted", Target::Field(Field::Place)),
    ("lang", Target::Field(Field::Language)),
    ("sprog", Target::Field(Field::Language)),
    ("id", Target::Field(Field::Id)),
    ("category", Target::Field(Field::Category)),
    ("kategori", Target::Field(Field::Category)),
    ("date", Target::Date),
    ("dato", Target::Date),
];

/// How far `NEAR` reaches without a number.
const NEAR: u32 = 10;

/// The farthest that `NEAR` reaches: longer than most dispatches.
pub(super) const FARTHEST: u32 = 1000;

/// Bytes in which a name and its colon must stand.
const LONGEST: usize = 24;

/// The English name of a short field.
pub(super) fn of_field(field: Field) -> &'static str {
    let target = Target::Field(field);
    FIELDS
        .iter()
        .find(|(_, t)| *t == target)
        .map_or("", |(name, _)| name)
}

/// The English name of a part of the text, and its colon; nothing for all of it.
pub(super) fn before_zone(zone: Zone) -> &'static str {
    match zone {
        Zone::Anywhere => "",
        Zone::Headline => "headline:",
        Zone::Body => "body:",
    }
}

/// Takes a known name and its colon from the start of a chunk, in any case of letters.
pub(super) fn take(chunk: &str) -> Option<(Name, &str)> {
    let colon = chunk.bytes().take(LONGEST).position(|b| b == b':')?;
    let name = chunk[..colon].to_lowercase();
    let rest = &chunk[colon + 1..];
    if let Some((_, target)) = FIELDS.iter().find(|(n, _)| *n == name) {
        return Some((Name::Target(*target), rest));
    }
    let times = name
        .strip_prefix("atleast")
        .or_else(|| name.strip_prefix("mindst"))?;
    match number(times)? {
        0 => None,
        n => Some((Name::AtLeast(n), rest)),
    }
}

/// Reads a chunk that is an operator and nothing else.
pub(super) fn operator(chunk: &str) -> Option<Operator> {
    let near = |distance, ordered| {
        Some(Operator::Binary(Binary::Near {
            distance: u32::clamp(distance, 1, FARTHEST),
            ordered,
        }))
    };
    match chunk {
        "AND" | "OG" => return Some(Operator::Binary(Binary::And)),
        "OR" | "ELLER" => return Some(Operator::Binary(Binary::Or)),
        "NOT" | "ANDNOT" | "IKKE" => return Some(Operator::Not),
        "NEAR" => return near(NEAR, false),
        "ONEAR" => return near(NEAR, true),
        _ => {}
    }
    let (name, distance) = chunk.split_once('/')?;
    match name {
        "NEAR" | "W" => near(distance_of(distance)?, false),
        "ONEAR" => near(distance_of(distance)?, true),
        _ => None,
    }
}

/// Whether an operator asks for more than the farthest that `NEAR` reaches.
pub(super) fn reaches_too_far(operator: &str) -> bool {
    let distance = operator.split_once('/').and_then(|(_, d)| distance_of(d));
    distance.is_some_and(|d| d > FARTHEST)
}

/// A distance of any number of digits.
fn distance_of(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().unwrap_or(u32::MAX))
}

fn number(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_in_any_case_and_in_both_languages() {
        assert_eq!(
            take("Rubrik:krig"),
            Some((Name::Target(Target::Zone(Zone::Headline)), "krig"))
        );
        assert_eq!(take("mindst3:krig"), Some((Name::AtLeast(3), "krig")));
        assert_eq!(take("Trump:nu"), None);
        assert_eq!(take("atleast0:krig"), None);
        assert_eq!(take("atleast99999999999:krig"), None);
    }

    #[test]
    fn operators_are_capitals_and_nothing_else() {
        assert_eq!(operator("OG"), Some(Operator::Binary(Binary::And)));
        assert_eq!(operator("ANDNOT"), Some(Operator::Not));
        for text in ["og", "Or", "OR,", "W", "W/", "NEAR/x", "NEAR/-1"] {
            assert_eq!(operator(text), None, "{text}");
        }
        let farthest = Some(Operator::Binary(Binary::Near {
            distance: FARTHEST,
            ordered: false,
        }));
        for (text, too_far) in [
            ("NEAR/1000", false),
            ("W/1001", true),
            ("NEAR/99999999999", true),
        ] {
            assert_eq!(operator(text), farthest, "{text}");
            assert_eq!(reaches_too_far(text), too_far, "{text}");
        }
        assert_eq!(
            operator("ONEAR/0"),
            Some(Operator::Binary(Binary::Near {
                distance: 1,
                ordered: true
            }))
        );
    }
}
