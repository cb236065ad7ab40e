//! JSON, which embeds, formats and awareness states are written in.
//!
//! Strict, and in two points narrower than JavaScript: yrs cannot read half a surrogate pair, nor a number that is
//! too large for the type it chooses, and what passes here must not fail there.

use super::{GuardError, Result};
use crate::wire::WireError;

/// Checks that `bytes` are one JSON value and nest at most `limit` deep, which must not exceed 64.
pub(super) fn check(bytes: &[u8], limit: usize) -> Result<()> {
    if !bytes.is_ascii() {
        std::str::from_utf8(bytes).map_err(|_| WireError::Utf8)?;
    }
    let mut json = Json { rest: bytes, objects: 0, depth: 0, limit };
    loop {
        // A value begins here, and unless it opens a level it ends, perhaps along with some levels.
        if !json.value()? && !json.more()? {
            return Ok(());
        }
    }
}

/// A text that is being read.
struct Json<'a> {
    rest: &'a [u8],
    /// One bit for each open level, the innermost lowest: whether it is an object.
    objects: u64,
    depth: usize,
    limit: usize,
}

impl Json<'_> {
    /// A scalar, an empty array or object, or the beginning of a filled one, for which it returns true.
    fn value(&mut self) -> Result<bool> {
        #[cfg(test)]
        crate::wire::steps::count();
        self.space();
        match self.rest.first() {
            Some(b'"') => self.string()?,
            Some(b'{') => return self.enter(true, b'}'),
            Some(b'[') => return self.enter(false, b']'),
            Some(b't') => self.literal(b"true")?,
            Some(b'f') => self.literal(b"false")?,
            Some(b'n') => self.literal(b"null")?,
            _ => self.number()?,
        }
        Ok(false)
    }

    /// Begins an array or object up to its first value. Returns false if it is empty.
    fn enter(&mut self, object: bool, close: u8) -> Result<bool> {
        if self.depth == self.limit {
            return Err(GuardError::TooDeep);
        }
        self.rest = &self.rest[1..];
        self.space();
        if self.eat(close) {
            return Ok(false);
        }
        self.objects = self.objects << 1 | u64::from(object);
        self.depth += 1;
        if object {
            self.key()?;
        }
        Ok(true)
    }

    /// Whether another value follows. If none does, the text has ended.
    fn more(&mut self) -> Result<bool> {
        while self.depth > 0 {
            let object = self.objects & 1 == 1;
            match (self.token()?, object) {
                (b',', true) => return self.key().map(|()| true),
                (b',', false) => return Ok(true),
                (b'}', true) | (b']', false) => {}
                _ => return Err(GuardError::Json),
            }
            self.objects >>= 1;
            self.depth -= 1;
        }
        self.space();
        if self.rest.is_empty() { Ok(false) } else { Err(GuardError::Json) }
    }

    fn key(&mut self) -> Result<()> {
        self.space();
        self.string()?;
        if self.token()? == b':' { Ok(()) } else { Err(GuardError::Json) }
    }

    fn string(&mut self) -> Result<()> {
        self.literal(b"\"")?;
        loop {
            let plain = self.rest.iter().position(|&byte| byte < b' ' || byte == b'"' || byte == b'\\');
            self.rest = &self.rest[plain.ok_or(GuardError::Json)?..];
            match self.byte()? {
                b'"' => return Ok(()),
                b'\\' => self.escape()?,
                _ => return Err(GuardError::Json),
            }
        }
    }

    fn escape(&mut self) -> Result<()> {
        match self.byte()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => match self.unit()? {
                0xd800..=0xdbff => {
                    self.literal(b"\\u")?;
                    if matches!(self.unit()?, 0xdc00..=0xdfff) { Ok(()) } else { Err(GuardError::Json) }
                }
                0xdc00..=0xdfff => Err(GuardError::Json),
                _ => Ok(()),
            },
            _ => Err(GuardError::Json),
        }
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.byte()?).to_digit(16).ok_or(GuardError::Json)?;
            unit = unit << 4 | digit;
        }
        Ok(unit)
    }

    fn number(&mut self) -> Result<()> {
        let text = self.rest;
        self.eat(b'-');
        match self.byte()? {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return Err(GuardError::Json),
        }
        if self.eat(b'.') {
            self.some_digits()?;
        }
        let exponent = self.eat(b'e') || self.eat(b'E');
        if exponent {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.some_digits()?;
        }
        let text = &text[..text.len() - self.rest.len()];
        if exponent || text.len() > 18 { representable(text) } else { Ok(()) }
    }

    fn digits(&mut self) {
        while let Some((b'0'..=b'9', rest)) = self.rest.split_first() {
            self.rest = rest;
        }
    }

    fn some_digits(&mut self) -> Result<()> {
        let before = self.rest.len();
        self.digits();
        if self.rest.len() < before { Ok(()) } else { Err(GuardError::Json) }
    }

    /// The next byte after any space.
    fn token(&mut self) -> Result<u8> {
        self.space();
        self.byte()
    }

    fn space(&mut self) {
        while let Some((b' ' | b'\t' | b'\n' | b'\r', rest)) = self.rest.split_first() {
            self.rest = rest;
        }
    }

    fn byte(&mut self) -> Result<u8> {
        #[cfg(test)]
        crate::wire::steps::count();
        let (&byte, rest) = self.rest.split_first().ok_or(GuardError::Json)?;
        self.rest = rest;
        Ok(byte)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn literal(&mut self, literal: &[u8]) -> Result<()> {
        self.rest = self.rest.strip_prefix(literal).ok_or(GuardError::Json)?;
        Ok(())
    }
}

/// Checks that yrs can hold a number. It reads whole numbers as `u64` or `i64` if they fit and others as `f64`, but
/// keeps no `u64` that `i64` cannot hold. Close to the end of the range of `f64` its parser may round to infinity.
fn representable(number: &[u8]) -> Result<()> {
    let number = std::str::from_utf8(number).map_err(|_| GuardError::Json)?;
    let only_unsigned = number.parse::<u64>().is_ok() && number.parse::<i64>().is_err();
    if is_below_1e308(number) && !only_unsigned { Ok(()) } else { Err(GuardError::Json) }
}

/// Whether a number, written as JSON has it, is smaller than 10³⁰⁸ in magnitude. To read it as `f64` would answer that,
/// too, but brings tables of 10 KB into the browser.
fn is_below_1e308(number: &str) -> bool {
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.trim_start_matches('-').split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches(['-', '0']);
    let significant = fraction.trim_start_matches('0');
    // Of the first digit that counts.
    let place = match (whole.len(), fraction.len() - significant.len()) {
        (0, _) if significant.is_empty() => return true,
        (0, zeros) => -1 - zeros as i64,
        (digits, _) => digits as i64 - 1,
    };
    let exponent = exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
    exponent.saturating_add(place) < 308
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_large_as_their_parser_says() {
        let digits = ["0", "-0", "1", "-9.99", "0.0", "0.001", "-0.09", "123456.7", "10", "9999999999"];
        let exponents = (-330..330).map(|exponent| format!("e{exponent}"));
        let odd = ["", "E+307", "e+308", "e0308", "e99999999999999999999", "E-99999999999999999999"];
        for exponent in exponents.chain(odd.map(str::to_owned)) {
            for digits in digits {
                let number = format!("{digits}{exponent}");
                let expected = number.parse::<f64>().unwrap().abs() < 1e308;
                assert_eq!(is_below_1e308(&number), expected, "{number}");
            }
        }
    }
}
