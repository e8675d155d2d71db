//! A word: every term that it is looked for by.

use index_schema::danish::Asked;
use tantivy::Term;

use super::{
    super::{
        plan::{Condition, Form, Passage, Word},
        weights,
    },
    Lowering,
};
use crate::query;

impl Lowering<'_> {
    /// A word in all its forms.
    pub(super) fn word(
        &self,
        zone: query::Zone,
        asked: &Asked,
        compounds: bool,
    ) -> tantivy::Result<Condition> {
        let variants = &asked.variants;
        let mut forms = Vec::new();
        for number in self.zones_in(zone) {
            let fields = self.visible.zones[number].fields;
            let form = |field, term: &str, weight| {
                let found = self.look_up(&Term::from_field_text(field, term))?;
                tantivy::Result::Ok(found.map(|terms| Form {
                    terms,
                    zone: number,
                    weight,
                }))
            };
            forms.extend(form(fields.lemma, &asked.main, weights::MAIN)?);
            for variant in variants {
                forms.extend(form(fields.lemma, variant, weights::VARIANT)?);
            }
            for other in &asked.forms {
                forms.extend(form(fields.exact, other, weights::VARIANT)?);
            }
            if compounds {
                for word in &asked.related {
                    forms.extend(form(fields.lemma, word, weights::RELATED)?);
                }
                forms.extend(form(fields.parts, &asked.main, weights::PART)?);
                for variant in variants {
                    forms.extend(form(fields.parts, variant, weights::PART_VARIANT)?);
                }
            }
        }
        let apart = if compounds {
            self.apart(zone, asked)?
        } else {
            None
        };
        Ok(self.word_of(forms, apart))
    }

    /// A word in exactly one form.
    pub(super) fn exact(&self, zone: query::Zone, asked: &Asked) -> tantivy::Result<Condition> {
        let mut forms = Vec::new();
        for number in self.zones_in(zone) {
            let term = Term::from_field_text(self.visible.zones[number].fields.exact, &asked.exact);
            forms.extend(self.look_up(&term)?.map(|terms| Form {
                terms,
                zone: number,
                weight: weights::MAIN,
            }));
        }
        Ok(self.word_of(forms, None))
    }

    fn word_of(&self, forms: Vec<Form>, apart: Option<Passage>) -> Condition {
        if forms.is_empty() {
            return apart.map_or(Condition::Nothing, Condition::Passage);
        }
        let most = forms.iter().map(|f| f.terms.documents).max().unwrap_or(0);
        Condition::Word(Word {
            idf: self.visible.statistics.idf(most),
            forms,
            apart,
        })
    }
}
