//! A word: every term that it is looked for by.

use index_schema::danish::Asked;

use super::{
    super::{
        plan::{Condition, Form, Passage, Terms, Word},
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
        let mut forms = Forms::default();
        for number in self.zones_in(zone) {
            let fields = self.visible.zones[number].fields;
            forms.add(number, weights::MAIN, self.main_token(fields, &asked.main)?);
            for variant in &asked.variants {
                forms.add(number, weights::VARIANT, self.main_token(fields, variant)?);
            }
            for other in &asked.forms {
                forms.add(number, weights::VARIANT, self.exact_form(fields, other)?);
            }
            if compounds {
                for word in &asked.related {
                    forms.add(number, weights::RELATED, self.main_token(fields, word)?);
                }
                forms.add(number, weights::PART, self.part(fields, &asked.main)?);
                for variant in &asked.variants {
                    forms.add(number, weights::PART_VARIANT, self.part(fields, variant)?);
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
        let mut forms = Forms::default();
        for number in self.zones_in(zone) {
            let fields = self.visible.zones[number].fields;
            forms.add(
                number,
                weights::MAIN,
                self.exact_form(fields, &asked.exact)?,
            );
        }
        Ok(self.word_of(forms, None))
    }

    fn word_of(&self, forms: Forms, apart: Option<Passage>) -> Condition {
        let Forms { forms, most } = forms;
        if forms.is_empty() {
            return apart.map_or(Condition::Nothing, Condition::Passage);
        }
        Condition::Word(Word {
            idf: self.visible.statistics.idf(most),
            forms,
            apart,
        })
    }
}

/// The forms of a word, gathered.
#[derive(Default)]
struct Forms {
    forms: Vec<Form>,
    /// Documents of the most frequent one; where it has two lists, an upper bound.
    most: u64,
}

impl Forms {
    fn add(&mut self, zone: usize, weight: f32, lists: Vec<Terms>) {
        self.most = self.most.max(lists.iter().map(|l| l.documents).sum());
        self.forms.extend(lists.into_iter().map(|terms| Form {
            terms,
            zone,
            weight,
        }));
    }
}
