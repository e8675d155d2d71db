//! Wire formats against feeds that are broken or mean harm: a clear error, nothing lost, no panic.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use wiresearch::{
    Result,
    wire::{self, FeedFile, Found, Item, Limits, WIRE_FORMATS},
};

fn read_limited(input: &mut dyn BufRead, limits: Limits) -> Vec<Result<Found>> {
    let zone = TimeZone::UTC;
    let file = FeedFile {
        path: Path::new("feed/file"),
        zone: &zone,
        limits,
    };
    let mut all = Vec::new();
    let end = wire::read(&file, input, &mut |found| {
        all.push(found);
        Ok(())
    });
    if let Err(error) = end {
        all.push(Err(error));
    }
    all
}

fn read(bytes: &[u8]) -> Vec<Result<Found>> {
    read_limited(&mut &bytes[..], Limits::default())
}

/// The one error among what was found.
fn error_of(all: &[Result<Found>]) -> String {
    let errors: Vec<_> = all.iter().filter_map(|f| f.as_ref().err()).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].to_string()
}

fn dispatches(all: &[Result<Found>]) -> usize {
    all.iter()
        .flatten()
        .filter(|f| matches!(f.content, Item::Dispatch(_)))
        .count()
}

fn nitf(text: &str) -> String {
    format!("<nitf><body><body.content>{text}</body.content></body></nitf>")
}

#[test]
fn an_entity_bomb_stays_small() {
    let mut bomb = "<!DOCTYPE nitf [<!ENTITY a0 \"aaaaaaaaaaaaaaaa\">".to_owned();
    for i in 1..20 {
        bomb += &format!("<!ENTITY a{i} \"{}\">", format!("&a{};", i - 1).repeat(10));
    }
    bomb += "]>";
    let found = read((bomb + &nitf("<p>&a19;&a0;</p>")).as_bytes());
    let body = &found[0].as_ref().unwrap().content.dispatch().body;
    assert_eq!(body, "&a19;aaaaaaaaaaaaaaaa");
}

#[test]
fn deep_nesting_is_turned_away_with_its_line() {
    let deep = nitf(&("<b>\n".repeat(1_000_000)));
    let error = error_of(&read(deep.as_bytes()));
    assert_eq!(error, "elements nested deeper than 256 in line 254");
}

#[test]
fn an_element_with_a_billion_attributes_is_turned_away() {
    let attributes: String = (0..1_000_000).map(|i| format!(" a{i}=''")).collect();
    let error = error_of(&read(format!("<nitf{attributes}/>").as_bytes()));
    assert!(error.contains("more than 256 attributes"), "{error}");
}

#[test]
fn a_file_of_many_empty_elements_is_turned_away() {
    let error = error_of(&read(nitf(&"<b/>".repeat(3_000_000)).as_bytes()));
    assert_eq!(error, "XML with more than 2000000 nodes");
}

#[test]
fn bombs_in_archives_are_turned_away() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        gzip.write_all(&[b'a'; 1 << 20]).unwrap();
    }
    let packed = gzip.finish().unwrap();
    let error = error_of(&read(&packed));
    assert!(error.contains("more than 250 times its size"), "{error}");

    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("god.txt", options).unwrap();
    zip.write_all("Teksten før bomben.".as_bytes()).unwrap();
    zip.start_file("bombe.txt", options).unwrap();
    for _ in 0..64 {
        zip.write_all(&[b'a'; 1 << 20]).unwrap();
    }
    zip.start_file("../../etc/passwd", options).unwrap();
    zip.write_all("Teksten efter bomben.".as_bytes()).unwrap();
    let all = read(&zip.finish().unwrap().into_inner());
    assert!(error_of(&all).starts_with("member bombe.txt: cannot be unpacked"));
    let members: Vec<_> = all.iter().flatten().map(|f| f.member.clone()).collect();
    assert_eq!(
        members,
        [Some("god.txt".to_owned()), Some("etc/passwd".to_owned())]
    );
}

#[test]
fn one_endless_line_is_passed_and_the_next_is_read() {
    let good = "{\"headline\":\"Før\",\"body\":\"Et.\"}\n{\"x\":\"";
    let after = "\"}\n{\"headline\":\"Efter\",\"body\":\"To.\"}\n";
    let endless = io::repeat(b'a').take(50 << 20);
    let input = good.as_bytes().chain(endless).chain(after.as_bytes());
    let limits = Limits {
        file: 1 << 20,
        ..Limits::default()
    };
    let all = read_limited(&mut BufReader::new(input), limits);
    assert_eq!(error_of(&all), "line 2 is larger than the limit of 1 MB");
    assert_eq!(dispatches(&all), 2);
}

#[test]
fn json_lines_stream_beyond_the_limit_for_whole_files() {
    let line = format!(
        "{{\"headline\":\"Nummer\",\"body\":\"{}\"}}\n",
        "Tekst. ".repeat(100)
    );
    let limits = Limits {
        file: 64 << 10,
        ..Limits::default()
    };
    let lines = line.repeat(1000);
    assert_eq!(
        dispatches(&read_limited(&mut lines.as_bytes(), limits)),
        1000
    );
}

#[test]
fn what_is_larger_than_its_limit_is_said_to_be() {
    let limits = Limits {
        file: 4 << 20,
        dispatch: 1 << 20,
    };
    let text = "Et langt telegram. ".repeat(80_000);
    let error = error_of(&read_limited(&mut text.as_bytes(), limits));
    assert_eq!(
        error,
        "the text of the dispatch is larger than the limit of 1 MB"
    );
    let text = text.repeat(4);
    let error = error_of(&read_limited(&mut text.as_bytes(), limits));
    assert_eq!(error, "the file is larger than the limit of 4 MB");
}

#[test]
fn a_feed_cut_short_keeps_what_came_before() {
    let whole: String = (0..20)
        .map(|i| format!("<item><title>Rubrik {i}</title></item>"))
        .collect();
    let whole = format!("<rss><channel>{whole}</channel></rss>");
    let last = whole.rfind("<item>").unwrap();
    for cut in (last + 1)..whole.len() {
        let all = read(&whole.as_bytes()[..cut]);
        assert!(dispatches(&all) >= 19, "{}", &whole[last..cut]);
        assert!(error_of(&all).starts_with("the file ends inside <"));
    }
    let flawed = whole.replace("Rubrik 19", "Rubrik </b>");
    let all = read(flawed.as_bytes());
    assert_eq!(dispatches(&all), 19);
    assert!(error_of(&all).contains("</b> where </title> was expected"));
}

#[test]
fn every_sample_may_be_cut_or_spoilt_anywhere() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_wire");
    for format in WIRE_FORMATS {
        for entry in fs::read_dir(samples.join(format.name())).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            for at in (0..bytes.len()).step_by(bytes.len() / 15 + 1) {
                read(&bytes[..at]);
                let mut spoilt = bytes.clone();
                for byte in [0, 0xff, b'<', b'"', b'{', 1, 3, b'&'] {
                    spoilt[at] = byte;
                    read(&spoilt);
                }
            }
        }
    }
}

#[test]
fn an_error_of_the_caller_ends_the_reading() {
    let zone = TimeZone::UTC;
    let file = FeedFile {
        path: Path::new("a"),
        zone: &zone,
        limits: Limits::default(),
    };
    let feed = "{\"headline\":\"a\",\"body\":\"b\"}\n".repeat(10);
    let mut seen = 0;
    let end = wire::read(&file, &mut feed.as_bytes(), &mut |_| {
        seen += 1;
        Err(wiresearch::Error::new(
            wiresearch::ErrorKind::Backend,
            "disk full",
        ))
    });
    assert_eq!(end.unwrap_err().to_string(), "disk full");
    assert_eq!(seen, 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_into_any_format_give_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let zone = TimeZone::UTC;
        let file = FeedFile { path: Path::new("a"), zone: &zone, limits: Limits::default() };
        for format in WIRE_FORMATS {
            let _ = format.read(&file, &mut &bytes[..], &mut |_| Ok(()));
        }
        read(&bytes);
    }

    #[test]
    fn any_text_into_any_format_gives_an_answer(text in "[\u{1}-\u{3}<>/&;\"'{}\\[\\]:,=a-zæøå0-9 \n\r\t^#!?-]{0,300}") {
        let zone = TimeZone::UTC;
        let file = FeedFile { path: Path::new("a"), zone: &zone, limits: Limits::default() };
        for format in WIRE_FORMATS {
            let _ = format.read(&file, &mut text.as_bytes(), &mut |_| Ok(()));
        }
        read(text.as_bytes());
    }
}
