//! Questions answered: hits in order, or all of them one by one.

use std::{sync::Arc, time::Instant};

use index_schema::{Origin, Record};
use tantivy::{DocAddress, Searcher, TERMINATED, TantivyError};

use super::{
    LocalSearcher, closeness,
    engine_query::Planned,
    facets,
    first::{First, FirstOf},
    guard::Failure,
    hit::hit_of,
    lower::{Lowered, lower},
    matcher::Matcher,
    mentions::mentions,
    order::{Found, Ranking, put_in_order},
    plan::Plan,
    positions::Positions,
    suggest, timeline, words,
};
use crate::{
    error::Result,
    matching,
    search::{Hit, Hits, SearchRequest, Sort, Suggestion, WordCount},
    snippet,
};

/// Of how many texts that are handed over one by one the mentions are kept.
const AT_ONCE: usize = 256;

impl LocalSearcher {
    /// Answers a question.
    pub(super) fn answer(&self, request: &SearchRequest) -> Result<Hits> {
        self.guarded(|| {
            let started = Instant::now();
            let searcher = self.reader.searcher();
            let Lowered { plan, notices } = lower(self, &searcher, request)?;
            let mut hits = Hits {
                query: request.text.clone(),
                notices,
                ..Hits::default()
            };
            let limit = match request.limit {
                _ if request.count_only => Some(0),
                None => None,
                Some(limit) => Some(limit.saturating_add(request.offset)),
            };
            let (total, found) = self.found(&searcher, &plan, request.sort, limit)?;
            hits.total = total;
            let page = page(&found, request);
            hits.hits.reserve(page.len());
            if !page.is_empty() {
                let seen = self.kept.lend_seen();
                let mut marker = matching::Matcher::with(seen, &request.query, request.compounds);
                let mentions = mentions(&searcher, &plan, request, page)?;
                for (place, found) in page.iter().enumerate() {
                    let mentions = mentions.as_ref().map(|m| &m[place]);
                    let hit = self.hit(&searcher, found, mentions, &mut marker, request)?;
                    hits.hits.push(hit);
                }
                self.kept.take_back_seen(marker.into_seen());
            }
            let planned = Planned(Arc::new(plan));
            self.add_counts(&searcher, &planned, request, &mut hits)?;
            if request.explain || total == 0 {
                let words = words::count(self, &searcher, request)?;
                hits.suggestions = self.suggestions(&searcher, &words, request)?;
                hits.words = Some(words);
            }
            hits.took_ms = started.elapsed().as_secs_f64() * 1e3;
            Ok(hits)
        })
    }

    /// Hands the hits over one by one. Keeps some 32 bytes for each; records are read as they are handed over.
    pub(super) fn answer_each(
        &self,
        request: &SearchRequest,
        each: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<u64> {
        let searcher = self.reader.searcher();
        let (plan, found) = self.guarded(|| {
            let plan = lower(self, &searcher, request)?.plan;
            let limit = request.limit.map(|l| l.saturating_add(request.offset));
            let found = self.found(&searcher, &plan, request.sort, limit)?.1;
            Ok((plan, found))
        })?;
        let mut count = 0;
        let mut marker = matching::Matcher::new(&request.query, request.compounds);
        for some in page(&found, request).chunks(AT_ONCE) {
            let mentions = self.guarded(|| Ok(mentions(&searcher, &plan, request, some)?))?;
            for (place, found) in some.iter().enumerate() {
                let mentions = mentions.as_ref().map(|m| &m[place]);
                // the receiver's panics and errors are its own
                each(self.guarded(|| self.hit(&searcher, found, mentions, &mut marker, request))?)?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// How many documents match, and the first of them, in order from the request's offset on.
    fn found(
        &self,
        searcher: &Searcher,
        plan: &Plan,
        sort: Sort,
        limit: Option<usize>,
    ) -> Result<(u64, Vec<Found>), Failure> {
        let scored = sort == Sort::Relevance && limit != Some(0);
        let words = scored.then(|| closeness::Words::of(plan)).flatten();
        let least = words.as_ref().map_or(0, |_| closeness::BEST);
        let mut total = 0;
        let mut first = First::new(limit.map(|limit| limit.max(least)));
        for (number, segment) in (0..).zip(searcher.segment_readers()) {
            let matcher = Matcher::open(plan, segment, scored)?;
            if matcher.doc() == TERMINATED {
                matcher.sound()?;
                continue;
            }
            if limit == Some(0) {
                total += matcher.count()?;
                continue;
            }
            let ranking = Ranking::open(sort, &plan.columns, number)?;
            total += matcher.each(&mut FirstOf::new(ranking, &mut first))?;
            // the next segment begins with the best bound there is
            first.shrink();
        }
        let mut all = first.into_vec();
        let limit = limit.unwrap_or(all.len());
        let versions = |address| {
            let record = self
                .record(searcher, address)
                .map_err(|e| TantivyError::InternalError(format!("cannot read a record: {e}")))?;
            Ok((record.state.number(), record.content.0))
        };
        put_in_order(&mut all, limit.max(least), &versions)?;
        if let Some(words) = words {
            let end = all.len().min(closeness::BEST);
            let best = &mut all[..end];
            let scores = words.scores(searcher, best)?;
            for (found, more) in best.iter_mut().zip(scores) {
                *found = found.raised(more);
            }
            put_in_order(best, end, &versions)?;
        }
        all.truncate(limit);
        Ok((total, all))
    }

    fn hit(
        &self,
        searcher: &Searcher,
        found: &Found,
        mentions: Option<&Positions>,
        marker: &mut matching::Matcher,
        request: &SearchRequest,
    ) -> Result<Hit, Failure> {
        let record = self.record(searcher, found.address())?;
        let mut snippet = None;
        let mut headline_marks = Vec::new();
        if let Some(dispatch) = record.dispatch.as_ref().filter(|_| request.snippets) {
            let at = mentions.map(|m| m.body.as_slice());
            snippet = snippet::best_window_at(marker, dispatch, at);
            if let Some(headline) = &dispatch.headline {
                let at = mentions.map(|m| m.headline.as_slice());
                headline_marks = snippet::headline_marks_at(marker, headline, at);
            }
        }
        let shown = self.origin_to_show(&record.origins)?;
        let hit = hit_of(
            record,
            shown,
            &self.stamp.roots,
            request.now.as_second(),
            found.score(),
            request.full,
        );
        Ok(Hit {
            headline_marks,
            snippet,
            ..hit
        })
    }

    /// A file that is still there is more use than one that is gone; else the first.
    fn origin_to_show(&self, origins: &[Origin]) -> Result<usize> {
        if origins.len() > 1 {
            for (place, origin) in origins.iter().enumerate() {
                if !self.is_gone(origin)? {
                    return Ok(place);
                }
            }
        }
        Ok(0)
    }

    /// The stored record of a document.
    pub(super) fn record(
        &self,
        searcher: &Searcher,
        address: DocAddress,
    ) -> Result<Record, Failure> {
        let field = self.fields.record;
        let text = self.kept.stored_texts.text(searcher, address, field)?;
        Ok(Record::from_stored(&text)?)
    }

    /// Facets and a timeline, where they are asked for.
    fn add_counts(
        &self,
        searcher: &Searcher,
        planned: &Planned,
        request: &SearchRequest,
        hits: &mut Hits,
    ) -> Result<(), Failure> {
        if request.facets {
            hits.facets = Some(facets::count(searcher, &self.fields, planned)?);
        }
        if let Some(unit) = request.timeline {
            hits.timeline = Some(timeline::count(searcher, &self.fields, planned, unit)?);
        }
        Ok(())
    }

    /// What to try instead of words that stand in no visible dispatch.
    fn suggestions(
        &self,
        searcher: &Searcher,
        words: &[WordCount],
        request: &SearchRequest,
    ) -> Result<Option<Vec<Suggestion>>, Failure> {
        let now = (!request.embargoed).then(|| request.now.as_second());
        let mut suggestions = Vec::new();
        for ((_, query), word) in request.words.iter().zip(words) {
            let Some(typed) = words::typed(query).filter(|_| word.count == 0) else {
                continue;
            };
            let instead = suggest::near(searcher, &self.kept, &self.fields, typed, now)?;
            // what stands in another part of the text is not misspelt
            let stands = instead
                .iter()
                .any(|i| i.word.to_lowercase() == typed.to_lowercase());
            if !instead.is_empty() && !stands {
                suggestions.push(Suggestion {
                    word: word.word.clone(),
                    instead,
                });
            }
        }
        Ok((!suggestions.is_empty()).then_some(suggestions))
    }
}

/// The part of the hits that was asked for.
fn page<'a>(found: &'a [Found], request: &SearchRequest) -> &'a [Found] {
    let start = request.offset.min(found.len());
    let limit = request.limit.unwrap_or(usize::MAX);
    &found[start..start.saturating_add(limit).min(found.len())]
}
