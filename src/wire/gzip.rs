//! gzip: a compressed feed file, read as what is in it, with limits against bombs.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::{Beginning, FeedFile, Found, WireFormat, read_member};
use crate::error::Result;

/// Most bytes that one archive may unpack to: a JSON-lines dump of some years.
pub(super) const EXPANDED: u64 = 8 << 30;
/// Most bytes unpacked for each byte packed; text rarely reaches thirty.
pub(super) const RATIO: u64 = 250;
/// Below this many bytes the ratio does not count.
pub(super) const RATIO_FROM: u64 = 16 << 20;

/// gzip, also of several members.
pub(super) struct Gzip;

impl WireFormat for Gzip {
    fn name(&self) -> &'static str {
        "gzip"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        head.bytes().starts_with(&[0x1f, 0x8b])
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        let packed = Counted { input, count: 0 };
        let unpacked = Guarded {
            decoder: MultiGzDecoder::new(packed),
            count: 0,
        };
        read_member(file, &mut BufReader::new(unpacked), emit)
    }
}

/// Counts what the decoder takes.
struct Counted<'i> {
    input: &'i mut dyn BufRead,
    count: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count += amount as u64;
        self.input.consume(amount);
    }
}

struct Guarded<'i> {
    decoder: MultiGzDecoder<Counted<'i>>,
    count: u64,
}

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer)?;
        self.count += read as u64;
        check(self.count, self.decoder.get_ref().count)?;
        Ok(read)
    }
}

/// Fails when more has been unpacked than text can come to.
pub(super) fn check(unpacked: u64, packed: u64) -> io::Result<()> {
    if unpacked > EXPANDED {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("unpacks to more than {} GB", EXPANDED >> 30),
        ));
    }
    if unpacked > RATIO_FROM && unpacked / RATIO > packed {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("unpacks to more than {RATIO} times its size, as no text does"),
        ));
    }
    Ok(())
}
