//! Credit lines: who a dispatch comes from, as agencies sign it.
//!
//! `/ritzau/` closes a text, `/ritzau/Reuters` says whose material went into it, `ritzau/hee` adds the editor's
//! initials, and a dateline may hold it (`København /ritzau/:`). Photo credits look alike and are not sources.

/// Agencies by the name they are known by, in the spelling that a source is given.
const AGENCIES: [&str; 40] = [
    "Ritzau",
    "Reuters",
    "AFP",
    "AP",
    "dpa",
    "TT",
    "NTB",
    "STT",
    "FNB",
    "Bloomberg",
    "ANP",
    "Belga",
    "EFE",
    "ANSA",
    "APA",
    "PA",
    "AAP",
    "ATS",
    "SDA",
    "TASS",
    "Interfax",
    "RIA",
    "Xinhua",
    "Kyodo",
    "Jiji",
    "Yonhap",
    "PTI",
    "Anadolu",
    "BNS",
    "LETA",
    "ELTA",
    "PAP",
    "CTK",
    "MTI",
    "Lusa",
    "UPI",
    "Sermitsiaq",
    "KNR",
    "Direkt",
    "Newswire",
];

/// Most bytes that a credit may have; a longer line is text.
const LONGEST: usize = 80;

/// A credit as written, and the source that it names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Credit {
    /// As written: `/ritzau/Reuters`.
    pub(super) written: String,
    /// The agencies in it: `Ritzau/Reuters`.
    pub(super) source: String,
}

impl Credit {
    /// Reads a text that is a credit and nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        if let Some(at) = photo_word(text) {
            // a photo credit that has run into the credit line: `/ritzau/Foto: AFP`
            text = text[..at].trim_end();
        }
        let written = text.trim_end_matches('.').trim_end();
        // `==Kyodo` closes the dispatches of that agency
        let inner = written
            .strip_prefix("Kilde:")
            .or_else(|| written.strip_prefix("=="))
            .map_or(written, str::trim_start);
        let source = slashed(inner)
            .or_else(|| joined(inner))
            .or_else(|| bracketed(inner))?;
        Some(Self {
            written: written.to_owned(),
            source,
        })
    }

    /// Cuts the closing credit off a text, with the photo lines and the word "Annonce" that may follow it.
    ///
    /// Without a credit the text is left as it is.
    pub(super) fn cut_closing(paragraphs: &mut Vec<String>) -> Option<Self> {
        const MOST_AFTERWORDS: usize = 6;
        let mut passed = 0;
        for at in (0..paragraphs.len()).rev() {
            let mut end = paragraphs[at].len();
            while end > 0 {
                let start = paragraphs[at][..end].rfind('\n').map_or(0, |i| i + 1);
                let line = &paragraphs[at][start..end];
                if let Some((keep, credit)) = closing(line) {
                    let keep = paragraphs[at][..start + keep].trim_end().len();
                    paragraphs[at].truncate(keep);
                    paragraphs.truncate(at + usize::from(keep > 0));
                    return Some(credit);
                }
                passed += 1;
                if !is_afterword(line) || passed > MOST_AFTERWORDS {
                    return None;
                }
                end = start.saturating_sub(1);
            }
        }
        None
    }
}

/// The place and the credit of a dateline: `København /ritzau/:`, `Berlin (dpa) -`, `BUENOS AIRES, Argentina (AP) _`.
pub(super) fn dateline(paragraph: &str) -> Option<(String, Credit)> {
    const LONGEST_PLACE: usize = 60;
    let line = paragraph.lines().next()?;
    let open = line.find(['/', '('])?;
    let place = line[..open].trim();
    let first = place.chars().next()?;
    if open > LONGEST_PLACE
        || !first.is_uppercase()
        || place.split_whitespace().count() > 6
        || !line[..open].ends_with(char::is_whitespace)
        || place.contains([':', ';', '!', '?', '"', '»', '«'])
    {
        return None;
    }
    let tail = &line[open..];
    let (credit, rest) = if tail.starts_with('(') {
        let close = tail.find(')').filter(|i| *i <= 30)?;
        (&tail[..=close], &tail[close + 1..])
    } else {
        let close = tail
            .find([':', '–', '—'])
            .or_else(|| tail.find(" -"))
            .filter(|i| *i <= LONGEST)?;
        (tail[..close].trim_end(), &tail[close..])
    };
    let separated = rest.trim_start().starts_with([':', '-', '_', '–', '—']);
    let names: Vec<&str> = words_of(credit).collect();
    let known = !names.is_empty() && names.iter().all(|n| agency(n).is_some());
    let signed = names.first().is_some_and(|n| agency(n).is_some());
    if !(known || separated && (signed || names.len() == 1 && credit.len() <= 20)) {
        return None;
    }
    let source = match slashed(credit) {
        Some(source) => source,
        None => name_all(names.iter().copied())?,
    };
    let credit = Credit {
        written: credit.to_owned(),
        source,
    };
    Some((place.trim_end_matches([',', '.']).to_owned(), credit))
}

/// A source or provider as a wire field has it, in one spelling: `/ritzau/` and `RITZAU` are `Ritzau`.
pub(super) fn source(text: &str) -> Option<String> {
    let text = super::tidy::one_line(text)?;
    if let Some(source) = slashed(&text) {
        return Some(source);
    }
    let plain = text
        .trim_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '(')
        .trim();
    if plain.is_empty() {
        return None;
    }
    Some(agency(plain).map_or_else(|| plain.to_owned(), str::to_owned))
}

/// A known agency in its own spelling, if the word is exactly its name.
pub(super) fn known(word: &str) -> Option<String> {
    agency(word).map(str::to_owned)
}

/// A known agency in its own spelling.
fn agency(name: &str) -> Option<&'static str> {
    AGENCIES
        .iter()
        .find(|a| a.eq_ignore_ascii_case(name))
        .copied()
}

/// Where the credit of a line that ends in one begins, and the credit.
fn closing(line: &str) -> Option<(usize, Credit)> {
    if let Some(credit) = Credit::parse(line) {
        return Some((0, credit));
    }
    // at the end of the last sentence: `… inden længe. /ritzau/AFP`
    let from = line.len().saturating_sub(LONGEST);
    let from = (from..=line.len()).find(|i| line.is_char_boundary(*i))?;
    for (at, _) in line[from..].match_indices(['/', '(']) {
        let (before, tail) = line.split_at(from + at);
        let sentence = before.trim_end();
        let apart = sentence.len() < before.len()
            || sentence.ends_with(['.', '!', '?', '"', '»', '”', ')', ':']);
        if !apart {
            continue;
        }
        if let Some(credit) = Credit::parse(tail)
            && (ends_sentence(sentence) || agency_first(tail))
            && (tail.starts_with('/') || ends_sentence(sentence))
        {
            return Some((sentence.len(), credit));
        }
    }
    let (sentence, last) = line.trim_end().rsplit_once(char::is_whitespace)?;
    if !ends_sentence(sentence.trim_end()) {
        return None;
    }
    Credit::parse(last).map(|c| (sentence.trim_end().len(), c))
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '»', '”', ')', '\''])
        .ends_with(['.', '!', '?', ':'])
}

fn agency_first(text: &str) -> bool {
    words_of(text).next().is_some_and(|w| agency(w).is_some())
}

/// Lines that may follow a credit and belong to no text.
fn is_afterword(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.trim_end_matches(['.', ':']).to_lowercase() == "annonce"
        || (line.len() <= 160
            && (photo_word(line) == Some(0) || line.to_lowercase().contains("scanpix")))
}

/// Where a photo credit begins.
fn photo_word(text: &str) -> Option<usize> {
    ["Foto:", "FOTO:", "foto:", "Foto ", "Arkivfoto", "Photo:"]
        .iter()
        .filter_map(|w| text.find(w))
        .min()
}

/// `/ritzau/`, `/ritzau/Reuters`, `/FOKUS/`, `/AFP`: the first name between slashes, or a known one after a slash.
fn slashed(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix('/')?;
    let names: Vec<&str> = inner
        .split('/')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .collect();
    let closed = inner.contains('/');
    if names.is_empty()
        || names.len() > 5
        || !(closed || agency(names[0]).is_some())
        || !names.iter().all(|n| is_name(n))
    {
        return None;
    }
    name_all(names.into_iter())
}

/// `ritzau/hee`, `NTB-Ritzau`, `Ritzau`: known names, and initials after them.
fn joined(text: &str) -> Option<String> {
    let names: Vec<&str> = text.split(['/', '-']).map(str::trim).collect();
    let fits = |n: &str| agency(n).is_some_and(|a| spelt_as_credit(n, a)) || is_initials(n);
    if names.len() > 4 || !names.iter().all(|n| fits(n)) || agency(names[0]).is_none() {
        return None;
    }
    name_all(names.into_iter())
}

/// `(ritzau)`, `(BusinessDesk)`.
fn bracketed(text: &str) -> Option<String> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?.trim();
    if let Some(source) = slashed(inner).or_else(|| joined(inner)) {
        return Some(source);
    }
    let one_name = inner.len() <= 24
        && inner.starts_with(char::is_uppercase)
        && inner.chars().filter(|c| c.is_uppercase()).count() >= 2
        && inner.chars().all(char::is_alphanumeric);
    one_name.then(|| inner.to_owned())
}

/// Whether a lone name may be a credit: all capitals or all small letters where the agency's name is an
/// abbreviation, else as a name is written.
fn spelt_as_credit(name: &str, agency: &str) -> bool {
    name == agency || name == agency.to_lowercase() || name == agency.to_uppercase()
}

/// The names of a credit as a source: known ones in their own spelling, initials dropped, each once.
fn name_all<'t>(names: impl Iterator<Item = &'t str>) -> Option<String> {
    let mut source: Vec<&str> = Vec::new();
    for name in names {
        let name = match agency(name) {
            Some(known) => known,
            None if is_initials(name) => continue,
            None => name,
        };
        if !source.contains(&name) {
            source.push(name);
        }
    }
    (!source.is_empty()).then(|| source.join("/"))
}

/// `hee`: who edited it.
fn is_initials(name: &str) -> bool {
    (2..=4).contains(&name.chars().count())
        && name.chars().all(char::is_lowercase)
        && agency(name).is_none()
}

fn is_name(name: &str) -> bool {
    name.chars().count() <= 30
        && name.split_whitespace().count() <= 3
        && name.starts_with(char::is_alphabetic)
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '&' | '\''))
        && !name.to_lowercase().contains("scanpix")
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source_of(text: &str) -> Option<String> {
        Credit::parse(text).map(|c| c.source)
    }

    fn cut(text: &str) -> (Vec<String>, Option<Credit>) {
        let mut paragraphs = crate::wire::tidy::paragraphs(text);
        let credit = Credit::cut_closing(&mut paragraphs);
        (paragraphs, credit)
    }

    #[test]
    fn every_variant_of_a_credit_names_its_source() {
        for (written, source) in [
            ("/ritzau/", "Ritzau"),
            ("/ritzau/.", "Ritzau"),
            ("/Ritzau/", "Ritzau"),
            ("/ritzau/Reuters", "Ritzau/Reuters"),
            ("/ritzau/AFP/Reuters", "Ritzau/AFP/Reuters"),
            ("/ritzau/dpa", "Ritzau/dpa"),
            ("/ritzau/ AP", "Ritzau/AP"),
            ("/ritzau/FINANS", "Ritzau/FINANS"),
            ("ritzau/hee", "Ritzau"),
            ("/ritzau/hee", "Ritzau"),
            ("NTB-Ritzau", "NTB/Ritzau"),
            ("/NTB-Ritzau/", "NTB-Ritzau"),
            ("/ritzau/Foto: AFP", "Ritzau"),
            ("/FOKUS/", "FOKUS"),
            ("/AFP", "AFP"),
            ("(ritzau)", "Ritzau"),
            ("(BusinessDesk)", "BusinessDesk"),
            ("Ritzau", "Ritzau"),
            ("Kilde: Ritzau", "Ritzau"),
        ] {
            assert_eq!(source_of(written).as_deref(), Some(source), "{written}");
        }
    }

    #[test]
    fn photo_credits_and_prose_name_no_source() {
        for text in [
            "Ritzau Scanpix",
            "/Ritzau Scanpix/",
            "Foto: Ritzau Scanpix",
            "til Ritzau Finans",
            "120 km/t",
            "og/eller",
            "(Venstre)",
            "a/b",
            "",
            "/",
            "//",
        ] {
            assert_eq!(source_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_credit_is_cut_off_wherever_it_closes_the_text() {
        for text in [
            "Et.\n\nTo.\n\n/ritzau/AFP",
            "Et.\n\nTo.\n/ritzau/AFP",
            "Et.\n\nTo. /ritzau/AFP",
            "Et.\n\nTo./ritzau/AFP",
            "Et.\n\nTo.\n\n/ritzau/AFP\n\nFoto: Anna Holm/Ritzau Scanpix\n\nAnnonce",
            "Et.\n\nTo.\n\n/ritzau/AFPFoto: Reuters",
            "Et.\n\nTo. /ritzau/AFP\nArkivfoto",
        ] {
            let (paragraphs, credit) = cut(text);
            assert_eq!(paragraphs, ["Et.", "To."], "{text}");
            assert_eq!(credit.map(|c| c.source).as_deref(), Some("Ritzau/AFP"));
        }
        assert_eq!(cut("Et. ritzau/hee").0, ["Et."]);
        assert_eq!(cut("\"Ja.\" NTB-Ritzau").0, ["\"Ja.\""]);
    }

    #[test]
    fn a_text_without_a_credit_is_left_alone() {
        for text in [
            "Det siger han til Ritzau Finans.",
            "Det siger han til Ritzau.",
            "Bilen kørte 130 km/t.",
            "Foto: Ritzau Scanpix",
            "Anna Holm (Venstre)",
            "Mødet er i Aarhus og/eller Odense",
            "Annonce",
        ] {
            let (paragraphs, credit) = cut(text);
            assert_eq!((paragraphs.join(" ").as_str(), credit), (text, None));
        }
    }

    #[test]
    fn a_dateline_names_place_and_source() {
        for (line, place, source) in [
            ("København /ritzau/: En mand", "København", "Ritzau"),
            ("Paris /ritzau/AFP: Et fly", "Paris", "Ritzau/AFP"),
            ("København (Ritzau) - En mand", "København", "Ritzau"),
            ("Berlin (dpa) - Die", "Berlin", "dpa"),
            (
                "BUENOS AIRES, Argentina (AP) _ For",
                "BUENOS AIRES, Argentina",
                "AP",
            ),
            ("Paris (ats afp) Les", "Paris", "ATS/AFP"),
            ("Jan. 12 (BusinessDesk) - The", "Jan. 12", "BusinessDesk"),
        ] {
            let (p, c) = dateline(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((p.as_str(), c.source.as_str()), (place, source));
        }
        for line in [
            "Regeringen (S) vil: mere",
            "Han kørte 130 km/t: politiet",
            "Formanden (V) siger - igen",
            "",
            "/ritzau/: x",
        ] {
            assert_eq!(dateline(line), None, "{line}");
        }
    }

    #[test]
    fn sources_have_one_spelling() {
        assert_eq!(source("/ritzau/").as_deref(), Some("Ritzau"));
        assert_eq!(source("REUTERS").as_deref(), Some("Reuters"));
        assert_eq!(source("STT–").as_deref(), Some("STT"));
        assert_eq!(source("Via Ritzau").as_deref(), Some("Via Ritzau"));
        assert_eq!(source(" – "), None);
    }
}
