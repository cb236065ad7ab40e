//! What time it is, and how long ago something was.

/// Milliseconds since 1970.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}

/// Milliseconds since 1970.
#[cfg(feature = "hydrate")]
pub(crate) fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// How long ago something was: a number of the largest unit of which there is a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ago {
    /// How many; none, if it was less than a minute ago.
    pub(crate) count: u64,
    pub(crate) unit: Unit,
}

/// What people count time in, up to months and years of a usual length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Ago {
    /// How long ago this was, in milliseconds since 1970.
    pub(crate) fn since(at: u64) -> Self {
        Self::of(now().saturating_sub(at) / 60_000)
    }

    fn of(minutes: u64) -> Self {
        let units = [
            (365 * 24 * 60, Unit::Year),
            (30 * 24 * 60, Unit::Month),
            (7 * 24 * 60, Unit::Week),
            (24 * 60, Unit::Day),
            (60, Unit::Hour),
        ];
        let whole = units.into_iter().find(|(length, _)| minutes >= *length);
        let (length, unit) = whole.unwrap_or((1, Unit::Minute));
        Self { count: minutes / length, unit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_largest_whole_unit() {
        let ago = |minutes| {
            let Ago { count, unit } = Ago::of(minutes);
            (count, unit)
        };
        let (hour, day) = (60, 24 * 60);
        assert_eq!(ago(0), (0, Unit::Minute));
        assert_eq!(ago(hour - 1), (59, Unit::Minute));
        assert_eq!(ago(day - 1), (23, Unit::Hour));
        assert_eq!(ago(2 * day - 1), (1, Unit::Day));
        assert_eq!(ago(29 * day), (4, Unit::Week));
        assert_eq!(ago(364 * day), (12, Unit::Month));
        assert_eq!(ago(1_000 * day), (2, Unit::Year));
    }
}
