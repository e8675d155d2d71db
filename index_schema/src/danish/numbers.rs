//! Numbers, times and decades in the many ways they are written.

/// The main token of a number, or `None` for anything else.
///
/// `1.000` and `1000` are the same, `1,5` stays, `14.30` is the time `14:30`, `1990'erne` and `1990ernes` are `1990er`.
pub(super) fn main(exact: &str) -> Option<String> {
    if !exact.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = exact
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ':')))
        .unwrap_or(exact.len());
    let (number, rest) = exact.split_at(digits);
    let ending = rest.trim_start_matches('\'');
    if matches!(ending, "er" | "erne" | "ernes" | "eren" | "ere" | "'er") {
        return Some(format!("{}er", plain(number)));
    }
    match ending {
        "" | "s" | "e" | "ende" | "te" => Some(plain(number)),
        _ => None,
    }
}

/// Numbers that a text has as words, as a rule, beginning with two: one is an article more often than a number.
const WORDS: [&str; 11] = [
    "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv",
];

/// The same number as a word or in digits: *fem* and *5*.
pub(super) fn written_otherwise(exact: &str) -> Option<String> {
    if let Some(place) = WORDS.iter().position(|word| *word == exact) {
        return Some((place + 2).to_string());
    }
    let is_digits = exact.starts_with(|c: char| ('1'..='9').contains(&c));
    let number: usize = exact.parse().ok().filter(|_| is_digits)?;
    WORDS.get(number.checked_sub(2)?).map(ToString::to_string)
}

fn plain(number: &str) -> String {
    let number = number.trim_end_matches(['.', ',', ':']);
    if is_time(number) {
        return number.replace('.', ":");
    }
    let (whole, fraction) = match number.split_once(',') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or_default();
    let grouped = (1..=3).contains(&first.len())
        && groups.clone().count() > 0
        && groups.all(|g| g.len() == 3);
    if !grouped {
        return number.to_owned();
    }
    let joined = whole.replace('.', "");
    match fraction {
        Some(fraction) => format!("{joined},{fraction}"),
        None => joined,
    }
}

/// `14.30`, `9.05`: hours and minutes, as Danish writes them.
fn is_time(number: &str) -> bool {
    let Some((hours, minutes)) = number.split_once('.') else {
        return false;
    };
    let below = |text: &str, limit: u32| text.parse::<u32>().is_ok_and(|n| n < limit);
    (1..=2).contains(&hours.len()) && minutes.len() == 2 && below(hours, 25) && below(minutes, 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_with_and_without_dots() {
        assert_eq!(main("1.000").as_deref(), Some("1000"));
        assert_eq!(main("1.000,5").as_deref(), Some("1000,5"));
        assert_eq!(main("12.345.678").as_deref(), Some("12345678"));
        assert_eq!(main("1,5").as_deref(), Some("1,5"));
        assert_eq!(main("1000.5").as_deref(), Some("1000.5"));
        assert_eq!(main("17").as_deref(), Some("17"));
    }

    #[test]
    fn a_small_number_may_be_a_word() {
        assert_eq!(written_otherwise("fem").as_deref(), Some("5"));
        assert_eq!(written_otherwise("12").as_deref(), Some("tolv"));
        for other in ["1", "13", "05", "+5", "femte", "5.", ""] {
            assert_eq!(written_otherwise(other), None, "{other}");
        }
    }

    #[test]
    fn a_time_is_the_same_with_dot_and_colon() {
        assert_eq!(main("14.30"), main("14:30"));
        assert_eq!(main("14.75").as_deref(), Some("14.75"));
    }

    #[test]
    fn a_decade_is_the_same_in_all_forms() {
        for decade in ["1990'erne", "1990erne", "1990'ernes", "1990er", "1990'er"] {
            assert_eq!(main(decade).as_deref(), Some("1990er"));
        }
        assert_eq!(main("60-årig"), None);
        assert_eq!(main("år"), None);
    }
}
