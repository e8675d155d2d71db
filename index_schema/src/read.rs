//! Reading what a record holds by the hundred, without copies on the way.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

use crate::{Hash, RawPath};

impl<'de> Deserialize<'de> for RawPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PathVisitor)
    }
}

struct PathVisitor;

impl<'de> Visitor<'de> for PathVisitor {
    type Value = RawPath;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path, or its bytes")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<RawPath, E> {
        Ok(RawPath::Text(path.to_owned()))
    }

    fn visit_string<E: Error>(self, path: String) -> Result<RawPath, E> {
        Ok(RawPath::Text(path))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<RawPath, A::Error> {
        let mut path = Vec::new();
        while let Some(byte) = bytes.next_element()? {
            path.push(byte);
        }
        Ok(RawPath::Bytes(path))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(HashVisitor)
    }
}

struct HashVisitor;

impl Visitor<'_> for HashVisitor {
    type Value = Hash;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a hash in hexadecimal digits")
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<Hash, E> {
        u128::from_str_radix(digits, 16)
            .map(Hash)
            .map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_hashes_come_back_as_they_went() {
        for path in [RawPath::Text("a/ø".into()), RawPath::Bytes(vec![97, 255])] {
            let text = serde_json::to_string(&path).unwrap();
            assert_eq!(serde_json::from_str::<RawPath>(&text).unwrap(), path);
        }
        let text = serde_json::to_string(&Hash(7)).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&text).unwrap(), Hash(7));
        for damaged in ["7", "\"g\"", "null", "[256]", "{}"] {
            assert!(serde_json::from_str::<Hash>(damaged).is_err());
            assert!(serde_json::from_str::<RawPath>(damaged).is_err() || damaged == "\"g\"");
        }
    }
}
