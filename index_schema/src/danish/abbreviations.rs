//! Abbreviations and the words they stand for.

/// The word that an abbreviation without its last full stop stands for.
fn word_of(short: &str) -> Option<&'static str> {
    Some(match short {
        "ang" => "angående",
        "bl.a" | "bla" => "bla",
        "ca" => "cirka",
        "dvs" | "d.v.s" => "dvs",
        "el.lign" => "ellign",
        "evt" => "eventuelt",
        "f.eks" | "feks" | "fx" => "feks",
        "hhv" => "henholdsvis",
        "inkl" => "inklusive",
        "jf" | "jvf" => "jævnfør",
        "kl" => "klokken",
        "kr" => "krone",
        "m.a.o" => "mao",
        "m.fl" => "mfl",
        "m.m" => "mm",
        "m.v" => "mv",
        "maks" => "maksimalt",
        "mia" => "milliard",
        "mill" | "mio" => "million",
        "nr" => "nummer",
        "o.l" => "ol",
        "p.t" => "pt",
        "p.g.a" => "pga",
        "pct" => "procent",
        "s.u" => "su",
        "tlf" => "telefon",
        "vedr" => "vedrørende",
        _ => return None,
    })
}

/// Abbreviations that are words or names without their full stop: only with it do they mean what they mean.
const WITH_STOP: &[&str] = &["mia", "ang", "mill"];

/// The word that an abbreviation stands for, with or without its last full stop.
pub(super) fn meaning(exact: &str) -> Option<&'static str> {
    let bare = exact.strip_suffix('.').unwrap_or(exact);
    if bare.len() == exact.len() && WITH_STOP.contains(&bare) {
        return None;
    }
    word_of(bare)
}

/// Whether a word and the full stop behind it belong together.
pub(super) fn takes_stop(word: &str) -> bool {
    !word.starts_with(char::is_uppercase) && word_of(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_stands_for_its_word() {
        assert_eq!(meaning("pct."), Some("procent"));
        assert_eq!(meaning("mio"), Some("million"));
        assert_eq!(meaning("f.eks."), meaning("fx"));
        assert_eq!(meaning("bl.a."), Some("bla"));
    }

    #[test]
    fn a_name_is_no_abbreviation_without_its_stop() {
        assert_eq!(meaning("mia."), Some("milliard"));
        assert_eq!(meaning("mia"), None);
    }
}
