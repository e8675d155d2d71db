//! `wiresearch query`: a question, and the hits as they were asked for.

use std::{
    ffi::OsString,
    io::{self, Write},
    str::FromStr,
};

use clap::{
    Args, ValueEnum,
    builder::{ArgPredicate, PossibleValue, PossibleValuesParser},
};
use index_schema::TimeSpan;
use wiresearch::{
    Error, ErrorKind, Result,
    backend::{Searcher, leave_out},
    query::{parse, parse_since_until, read_as},
    render::{OUTPUT_FORMATS, OutputFormat, output_format, write_advice, write_explanation},
    search::{Hits, SearchRequest, Sort, TimelineUnit},
};

use super::{
    exit::{Exit, written},
    given::parse_filled,
    setup::Setup,
};

/// Search the index
///
/// All words must occur, in any inflection, in headline or body; words inside compounds count and rank lower:
/// `miner` finds `landminer`. OR, NOT, "phrases", NEAR/5, truncation*, fields and dates: see `wiresearch help query`.
///
/// Exit code: 0 with hits, 1 without, 2 on an error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  wiresearch query Palmyra landminer
  wiresearch query '\"syriske tropper\" NOT Aleppo' --since 2017-03
  wiresearch query 'kilde:ritzau dato:\"marts 2017\"' --timeline=day
  wiresearch query minister -n all --format paths -0 | xargs -0 tar -cf minister.tar")]
pub(crate) struct Query {
    /// The query; several arguments are joined by blanks.
    ///
    /// A leading `-word` needs quotes together with another word, or `--` before it.
    #[arg(required_unless_present_any = ["since", "until", "sources", "languages"])]
    text: Vec<OsString>,

    /// Only dispatches from this date on: 2017, 2017-03, 2017-03-14, 7d, "i går"
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only dispatches up to the end of this date
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    until: Option<String>,
    /// Only from this source; `ritzau` matches any part of `Ritzau/Reuters`. May be repeated: any of them
    #[arg(long = "source", value_name = "SOURCE", value_parser = parse_filled)]
    sources: Vec<String>,
    /// Only in this language: da, no, sv, en, de, ... May be repeated: any of them
    #[arg(long = "lang", value_name = "LANG", value_parser = parse_filled)]
    languages: Vec<String>,

    /// Order of the hits [default: relevance, or `sort` of the config file]
    #[arg(long, value_name = "ORDER", value_enum)]
    sort: Option<Order>,
    /// How many hits: a number, or `all`
    #[arg(
        short = 'n',
        long = "limit",
        value_name = "N|all",
        default_value = "10"
    )]
    limit: Limit,
    /// How many hits to leave out at the start
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,

    /// How hits are written
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = formats(),
        default_value = OUTPUT_FORMATS[0].name(),
        default_value_if("null", ArgPredicate::IsPresent, "paths")
    )]
    format: String,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Whole dispatches: the body and every field
    #[arg(long)]
    full: bool,
    /// Paths, each ended by NUL (implies --format paths)
    #[arg(short = '0', long = "null", conflicts_with = "json")]
    null: bool,
    /// Only how many there are
    #[arg(long)]
    count: bool,
    /// Count sources, languages, categories and years
    #[arg(long)]
    facets: bool,
    /// Count by day, month or year
    #[arg(
        long,
        value_name = "UNIT",
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "month"
    )]
    timeline: Option<Unit>,

    /// Whole words only: `miner` does not find `landminer`
    #[arg(long)]
    no_compounds: bool,
    /// Superseded versions, too
    #[arg(long)]
    all_versions: bool,
    /// Embargoed dispatches, too; they are not for publication
    #[arg(long)]
    embargoed: bool,
    /// Show how the query was read, word by word, with counts
    #[arg(long)]
    explain: bool,
}

/// Most hits that are kept in memory before they are written; more are streamed.
const AT_ONCE: usize = 200;

/// Order of hits.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    /// Best first
    Relevance,
    /// Newest first, undated last
    Newest,
    /// Oldest first, undated last
    Oldest,
}

/// Width of a bar.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Unit {
    /// A bar a day
    Day,
    /// A bar a month
    Month,
    /// A bar a year
    Year,
}

/// How many hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit(Option<usize>);

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "all" => Ok(Self(None)),
            number => number
                .parse()
                .map(|n| Self(Some(n)))
                .map_err(|_| "expected a number, or `all`".to_owned()),
        }
    }
}

/// The choices of `--format`, from the registry.
fn formats() -> PossibleValuesParser {
    let values = OUTPUT_FORMATS
        .iter()
        .map(|f| PossibleValue::new(f.name()).help(f.about()));
    PossibleValuesParser::new(values)
}

impl Query {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let format = self.output_format()?;
        let (request, notices) = self.request(setup)?;
        // the process ends with the answer, and takes leave of all files faster than one by one
        let searcher = Box::leak(setup.open_searcher()?);
        let answering = Answering {
            setup,
            searcher,
            request,
            notices,
            format,
            null: self.null,
        };
        if self.count {
            return answering.count();
        }
        let at_once = answering.request.limit.is_some_and(|n| n <= AT_ONCE);
        if at_once && format.summarises() {
            return answering.at_once();
        }
        answering.streamed()
    }

    fn output_format(&self) -> Result<&'static dyn OutputFormat> {
        let name = if self.json { "json" } else { &self.format };
        if self.null && name != "paths" {
            let sentence = format!("-0 ends paths with NUL: expected --format paths, found {name}");
            return Err(Error::new(ErrorKind::Query, sentence));
        }
        output_format(name)
            .ok_or_else(|| Error::new(ErrorKind::Query, format!("no output format {name}")))
    }

    /// The question as the library takes it, and what is to be said of its reading.
    fn request(&self, setup: &Setup) -> Result<(SearchRequest, Vec<String>)> {
        let zone = setup.zone()?;
        let words: Vec<String> = self.text.iter().map(decoded).collect();
        let text = words.join(" ").trim().to_owned();
        let parsed = parse(&text, setup.now, zone);
        let request = SearchRequest {
            query: parsed.query,
            text,
            date: self.date(setup)?,
            sources: self.sources.clone(),
            languages: self.languages.clone(),
            sort: self.sort.map_or(setup.settings()?.sort.value, Into::into),
            limit: self.limit.0,
            offset: self.offset,
            count_only: self.count,
            // paths are all that is shown
            snippets: self.json || self.format != "paths",
            full: self.full,
            facets: self.facets,
            timeline: self.timeline.map(Into::into),
            compounds: !self.no_compounds,
            all_versions: self.all_versions,
            embargoed: self.embargoed,
            explain: self.explain,
            words: parsed
                .words
                .into_iter()
                .map(|w| (w.written, w.query))
                .collect(),
            now: setup.now,
            zone: zone.clone(),
        };
        // without a word of text it is plain that everything from that time or source is meant
        let notices = match self.text.is_empty() {
            true => Vec::new(),
            false => parsed.notices,
        };
        Ok((request, notices))
    }

    fn date(&self, setup: &Setup) -> Result<Option<TimeSpan>> {
        let (since, until) = (self.since.as_deref(), self.until.as_deref());
        if since.is_none() && until.is_none() {
            return Ok(None);
        }
        parse_since_until(since, until, setup.now, setup.zone()?)
            .map(Some)
            .map_err(|e| {
                Error::new(ErrorKind::Query, e.to_string())
                    .hint("`wiresearch help dates` shows how dates are written")
            })
    }
}

/// An argument as text. A terminal that is not UTF-8 sends Latin-1 in this part of the world.
fn decoded(argument: &OsString) -> String {
    use std::os::unix::ffi::OsStrExt;
    match argument.to_str() {
        Some(text) => text.to_owned(),
        None => encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(argument.as_bytes())
            .0
            .into_owned(),
    }
}

/// A question on its way to an answer.
struct Answering<'a> {
    setup: &'a Setup,
    searcher: &'a dyn Searcher,
    request: SearchRequest,
    /// What is to be said of the reading.
    notices: Vec<String>,
    format: &'static dyn OutputFormat,
    null: bool,
}

impl Answering<'_> {
    /// Only the number, or the whole object without hits for a format that is one.
    fn count(&self) -> Result<Exit> {
        let answer = self.search(&self.request)?;
        let mut out = self.setup.paged()?;
        let look = self.look()?;
        written((|| {
            if self.format.holds_everything() {
                self.format.begin(&answer, &look, &mut out)?;
                self.format.end(&answer, 0, &look, &mut out)?;
            } else {
                writeln!(out, "{}", answer.total)?;
            }
            out.finish()
        })())?;
        self.notice(&answer);
        Ok(found(answer.total))
    }

    /// An answer that fits into memory.
    fn at_once(&self) -> Result<Exit> {
        let answer = self.search(&self.request)?;
        let look = self.look()?;
        let mut out = self.setup.paged()?;
        written((|| {
            self.format.render(&answer, &look, &mut out)?;
            out.finish()
        })())?;
        self.after(&answer)?;
        Ok(found(answer.total))
    }

    /// Any number of hits, one by one. What stands around them is asked for first, where somebody wants to see it.
    fn streamed(&self) -> Result<Exit> {
        let around = SearchRequest {
            count_only: true,
            ..self.request.clone()
        };
        let mut answer = None;
        if self.format.summarises() || self.request.explain {
            answer = Some(self.search(&around)?);
        }
        let look = self.look()?;
        let mut out = self.setup.paged()?;
        let nothing = Hits::default();
        let known = answer.as_ref().unwrap_or(&nothing);
        written(self.format.begin(known, &look, &mut out))?;
        let mut place = 0;
        self.searcher.stream(&self.request, &mut |hit| {
            written(self.format.hit(place, &hit, &look, &mut out))?;
            place += 1;
            Ok(())
        })?;
        written((|| {
            self.format.end(known, place, &look, &mut out)?;
            out.finish()
        })())?;
        if place == 0 && answer.is_none() {
            // the reader wants to know why, and an offset beyond the last hit is still an answer
            answer = Some(self.search(&around)?);
        }
        if let Some(answer) = &answer {
            self.after(answer)?;
        }
        Ok(found(answer.map_or(place, |a| a.total)))
    }

    fn search(&self, request: &SearchRequest) -> Result<Hits> {
        let mut answer = self.searcher.search(request)?;
        if answer.total == 0 && !self.request.count_only {
            answer.leave_out = leave_out(self.searcher, request)?;
        }
        if answer.read_as.is_empty() {
            answer.read_as = read_as(&request.query);
        }
        self.setup.remark(&format!("read as {}", answer.read_as));
        for notice in self.notices.iter().rev() {
            if !answer.notices.contains(notice) {
                answer.notices.insert(0, notice.clone());
            }
        }
        Ok(answer)
    }

    /// What the format has no place for goes to standard error: how the question was read, why there are no hits.
    fn after(&self, answer: &Hits) -> Result<()> {
        if self.format.holds_everything() || self.setup.is_quiet() {
            return Ok(());
        }
        let mut look = self.setup.look_of_stderr()?;
        look.explain = self.request.explain;
        let mut bytes = Vec::new();
        if self.request.explain && !self.format.summarises() {
            written(write_explanation(answer, &look, &mut bytes))?;
        }
        if answer.total == 0 {
            written(write_advice(answer, &look, &mut bytes))?;
        }
        // nobody is left to be told when standard error is gone
        let _ = io::stderr().write_all(&bytes);
        self.notice(answer);
        Ok(())
    }

    fn notice(&self, answer: &Hits) {
        if !self.format.holds_everything() {
            for notice in &answer.notices {
                self.setup.warn(notice);
            }
        }
    }

    fn look(&self) -> Result<wiresearch::render::Look> {
        let mut look = self.setup.look()?;
        look.nul = self.null;
        look.full = self.request.full;
        look.explain = self.request.explain;
        look.offset = self.request.offset;
        Ok(look)
    }
}

fn found(total: u64) -> Exit {
    if total == 0 {
        Exit::NothingFound
    } else {
        Exit::Done
    }
}

impl From<Order> for Sort {
    fn from(order: Order) -> Self {
        match order {
            Order::Relevance => Self::Relevance,
            Order::Newest => Self::Newest,
            Order::Oldest => Self::Oldest,
        }
    }
}

impl From<Unit> for TimelineUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Day => Self::Day,
            Unit::Month => Self::Month,
            Unit::Year => Self::Year,
        }
    }
}
