//! In which way the columns of one series are told.

use super::scale::Scale;
use protocol::metric::{Series, Unit};

/// What the columns hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub scale: Scale,
    /// The least is told by how far it is from what was guessed.
    pub guessed: bool,
    /// Whole units of all samples together stand where the least does, and what is missing to the mean where the means do.
    pub in_units: bool,
    /// The most stands where the width does.
    pub tells_most: bool,
    /// The columns are those of [`super::steps::Steps`].
    pub in_steps: bool,
    /// Others say how large the numbers may be (see [`super::hints`]). In the second version: the width, or the least where there is none,
    /// is in groups of like classes (see [`super::guess`]).
    pub hinted: bool,
}

impl Way {
    /// Nothing but the scale.
    pub fn plain(scale: Scale) -> Self {
        Self { scale, guessed: false, in_units: false, tells_most: false, in_steps: false, hinted: false }
    }

    /// As it is stored: the scale in the lowest two bits.
    pub fn number(self) -> u8 {
        let scale = match self.scale {
            Scale::Hundredths => 0,
            Scale::Bits => 1,
            Scale::Mean => 2,
        };
        scale
            | u8::from(self.guessed) << 2
            | u8::from(self.in_units) << 3
            | u8::from(self.tells_most) << 4
            | u8::from(self.in_steps) << 5
            | u8::from(self.hinted) << 6
    }

    /// The way of a stored number; `None`: it is none.
    pub fn of_number(number: u8) -> Option<Self> {
        let scale = [Scale::Hundredths, Scale::Bits, Scale::Mean].get(usize::from(number & 3)).copied()?;
        let is_set = |bit: u8| number >> bit & 1 == 1;
        let way = Self { scale, guessed: is_set(2), in_units: is_set(3), tells_most: is_set(4), in_steps: is_set(5), hinted: is_set(6) };
        (number < 128).then_some(way)
    }
}

/// Pages that a disk reads or writes in half a second are whole; milliseconds are, too. Others have no such unit.
pub fn unit_of(series: &Series) -> Option<f64> {
    const PAGE: f64 = 4_096.0;
    const BEAT_S: f64 = 0.5;
    match series.unit() {
        Unit::BytesPerSecond => Some(PAGE / BEAT_S),
        Unit::Milliseconds => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_back() {
        let all: Vec<Way> = (0..=u8::MAX).filter_map(Way::of_number).collect();
        assert_eq!(all.len(), 96);
        assert!(all.iter().all(|way| Way::of_number(way.number()) == Some(*way)));
    }
}
