//! The fields of an index: the only place where their names are spelled.

use tantivy::{
    Term,
    schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions},
};

use crate::{
    key_hash,
    terms::{TERMS, ZoneField, marked, unmarked},
};

/// The fields of an index, as handles.
///
/// An index holds two kinds of documents: *dispatch documents*, one for each version of a dispatch, and *file
/// documents*, one for each feed file. `README.md` beside this crate has the table in words.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// What the document is: [`Kind`](crate::Kind) as a number.
    pub kind: Field,
    /// The stored record: [`Record`](crate::Record::into_stored), or the JSON of a [`FileRecord`](crate::FileRecord).
    pub record: Field,

    /// Hash of the dispatch's key: finds its versions.
    pub key: Field,
    /// The guid as written, whole; only where it differs from the key.
    pub guid: Field,
    /// Hash of key, version and content: names one dispatch document.
    pub document: Field,
    /// Hash of the content: finds the same bytes again.
    pub content: Field,
    /// [`State`](crate::State) as a number.
    pub state: Field,
    /// Embargoed until this second (Unix time); absent without an embargo.
    pub embargo_until: Field,
    /// First second of the date's span; absent when undated.
    pub date_start: Field,
    /// First second after the date's span.
    pub date_end: Field,
    /// The date's day as `YYYYMMDD` with zeros for what is not known.
    pub local_date: Field,

    /// The texts of current versions.
    pub current: Texts,
    /// The texts of superseded versions: apart, so that they disturb no statistics.
    pub superseded: Texts,

    /// The source, whole: for counting.
    pub source_value: Field,
    /// The words of the source, in exact form.
    pub source: Field,
    /// The main tokens of slug and keywords.
    pub slug: Field,
    /// The main tokens of the byline.
    pub byline: Field,
    /// The main tokens of the place.
    pub place: Field,
    /// The main tokens of the categories.
    pub category: Field,
    /// The categories, whole: for counting.
    pub category_value: Field,
    /// The primary language subtag.
    pub language: Field,

    /// Hashes of the files that hold the dispatch.
    pub file: Field,
    /// Hash of root and path: names one file document.
    pub manifest: Field,
    /// Number of the root that the file lies below.
    pub root: Field,
    /// Size of the file in bytes.
    pub size: Field,
    /// Modification time of the file, nanoseconds since 1970.
    pub mtime: Field,
    /// [`Outcome`](crate::Outcome) as a number.
    pub outcome: Field,
}

/// The analysed texts of a dispatch.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    /// The headline.
    pub headline: ZoneFields,
    /// The body.
    pub body: ZoneFields,
}

/// The three fields of one text. They share their positions: position *n* is the *n*-th written word in each.
#[derive(Clone, Copy, Debug)]
pub struct ZoneFields {
    /// One exact form for each written word, marked where it is not the word's main token; its length is the text's.
    pub exact: Field,
    /// The main tokens that are not the exact form, and those of the pieces of a word with hyphens.
    pub lemma: Field,
    /// The parts of compounds, none to several for each written word.
    pub parts: Field,
}

impl ZoneFields {
    /// One of them.
    pub fn field(&self, field: ZoneField) -> Field {
        match field {
            ZoneField::Exact => self.exact,
            ZoneField::Lemma => self.lemma,
            ZoneField::Parts => self.parts,
        }
    }

    /// The terms that together are all mentions of a main token.
    pub fn main_token(&self, token: &str) -> [Term; 2] {
        [
            Term::from_field_text(self.exact, token),
            Term::from_field_text(self.lemma, token),
        ]
    }

    /// The terms that together are all mentions of an exact form.
    pub fn exact_form(&self, form: &str) -> [Term; 2] {
        let (plain, marked) = Self::terms_of(form);
        [plain, &marked].map(|term| Term::from_field_text(self.exact, term))
    }

    /// The terms of the exact field that stand for a form: for a word that is its own main token, and for one that is not.
    pub fn terms_of(form: &str) -> (&str, String) {
        (form, marked(form))
    }

    /// The exact form that a term of the exact field stands for.
    pub fn form_of(term: &str) -> &str {
        unmarked(term)
    }
}

impl Fields {
    /// The term of the versions with a key.
    pub fn key_term(&self, key: &str) -> Term {
        Term::from_field_u64(self.key, key_hash(key))
    }

    /// The schema, and the handles into it.
    pub fn schema() -> (Schema, Self) {
        let mut b = Schema::builder();
        let number = NumericOptions::default;
        let words = |norms: bool| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(TERMS)
                    .set_fieldnorms(norms)
                    .set_index_option(IndexRecordOption::WithFreqsAndPositions),
            )
        };
        let whole = || {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer("raw")
                    .set_fieldnorms(false)
                    .set_index_option(IndexRecordOption::Basic),
            )
        };
        let counted = || TextOptions::default().set_fast("raw");

        let kind = b.add_u64_field("kind", number().set_indexed().set_fast());
        let record = b.add_text_field("record", TextOptions::default().set_stored());
        let key = b.add_u64_field("key", number().set_indexed().set_fast());
        let guid = b.add_text_field("guid", whole());
        let document = b.add_u64_field("document", number().set_indexed());
        let content = b.add_u64_field("content", number().set_indexed());
        let state = b.add_u64_field("state", number().set_indexed().set_fast());
        let embargo_until = b.add_i64_field("embargo_until", number().set_fast());
        let date_start = b.add_i64_field("date_start", number().set_fast());
        let date_end = b.add_i64_field("date_end", number().set_fast());
        let local_date = b.add_u64_field("local_date", number().set_fast());
        let mut zone = |name: &str| ZoneFields {
            exact: b.add_text_field(&format!("{name}_exact"), words(true)),
            lemma: b.add_text_field(&format!("{name}_lemma"), words(false)),
            parts: b.add_text_field(&format!("{name}_parts"), words(false)),
        };
        let current = Texts {
            headline: zone("headline"),
            body: zone("body"),
        };
        let superseded = Texts {
            headline: zone("superseded_headline"),
            body: zone("superseded_body"),
        };
        let fields = Self {
            kind,
            record,
            key,
            guid,
            document,
            content,
            state,
            embargo_until,
            date_start,
            date_end,
            local_date,
            current,
            superseded,
            source_value: b.add_text_field("source_value", counted()),
            source: b.add_text_field("source", words(false)),
            slug: b.add_text_field("slug", words(false)),
            byline: b.add_text_field("byline", words(false)),
            place: b.add_text_field("place", words(false)),
            category: b.add_text_field("category", words(false)),
            category_value: b.add_text_field("category_value", counted()),
            language: b.add_text_field("language", whole().set_fast("raw")),
            file: b.add_u64_field("file", number().set_indexed().set_fast()),
            manifest: b.add_u64_field("manifest", number().set_indexed().set_fast()),
            root: b.add_u64_field("root", number().set_fast()),
            size: b.add_u64_field("size", number().set_fast()),
            mtime: b.add_i64_field("mtime", number().set_fast()),
            outcome: b.add_u64_field("outcome", number().set_indexed().set_fast()),
        };
        (b.build(), fields)
    }
}

impl Texts {
    /// Headline and body.
    pub fn zones(&self) -> [ZoneFields; 2] {
        [self.headline, self.body]
    }
}
