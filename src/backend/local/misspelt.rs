//! The exact forms of an index that a few errors make of a word.

use index_schema::ZoneFields;
use tantivy::{Term, postings::TermInfo, query::FuzzyTermQuery, schema::Field};

use super::kept::Dictionaries;

/// Hands over the terms of an exact field whose forms are at most so many errors away from `form`, with the place of
/// their segment and the form.
pub(super) fn each_near(
    field: Field,
    dictionaries: &Dictionaries,
    form: &str,
    errors: u8,
    visit: &mut dyn FnMut(usize, &str, &TermInfo),
) -> tantivy::Result<()> {
    // a mark at the end of both changes no distance between them; one at the end of either is an error too many
    let (plain, marked) = ZoneFields::terms_of(form);
    for (spelled, is_marked) in [(plain, false), (&*marked, true)] {
        let term = Term::from_field_text(field, spelled);
        let fuzzy = FuzzyTermQuery::new(term, errors, true);
        for (place, index) in dictionaries.iter().enumerate() {
            let Some(index) = index else { continue };
            let mut near = index.terms().search(fuzzy.automaton()?).into_stream()?;
            while let Some((term, info)) = near.next() {
                let Ok(term) = std::str::from_utf8(term) else {
                    continue;
                };
                let form = ZoneFields::form_of(term);
                if (form.len() < term.len()) == is_marked {
                    visit(place, form, info);
                }
            }
        }
    }
    Ok(())
}
