//! Lengths of time as people write them: `90`, `30s`, `5m`, `2h`, `1d`.

use std::time::Duration;

/// Reads a length of time; a number alone means seconds.
pub(crate) fn parse_span(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let seconds = match text[digits..].trim() {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => 0,
    };
    match text[..digits]
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(seconds))
    {
        Some(total) if seconds > 0 => Ok(Duration::from_secs(total)),
        _ => Err("expected a length of time such as 30s, 5m or 2h".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_span;

    #[test]
    fn a_number_alone_means_seconds() {
        let seconds = |text| parse_span(text).map(|d| d.as_secs());
        assert_eq!(
            ["90", "30s", "5m", "2 h", "1d"].map(|t| seconds(t).unwrap()),
            [90, 30, 300, 7200, 86_400]
        );
        for text in [
            "",
            "s",
            "5 weeks",
            "-1s",
            "99999999999999999999d",
            "9999999999999999999d",
        ] {
            assert!(parse_span(text).is_err(), "{text}");
        }
    }
}
