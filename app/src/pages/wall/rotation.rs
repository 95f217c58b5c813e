//! Which host the screen looks at: the next one every fifteen seconds, unless somebody has touched it. Pure.

use protocol::host::HostId;

/// How long a host is shown, in milliseconds.
const SHOWN_MS: i64 = 15_000;

/// How long a host stays that somebody has chosen, in milliseconds.
const HELD_MS: i64 = 60_000;

/// How many of the worst hosts take turns: more would keep a bad one away for minutes.
const TAKING_TURNS: usize = 24;

/// The chosen host and when the next one comes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rotation {
    selected: Option<HostId>,
    due_ms: i64,
}

impl Rotation {
    /// The host that is shown.
    pub fn selected(&self) -> Option<HostId> {
        self.selected
    }

    /// Time has passed: moves on when it is due, or when the shown host has gone. `order` is worst first.
    pub fn tick(&mut self, order: &[HostId], now_ms: i64) {
        match self.place(order) {
            None => self.show(order.first().copied(), now_ms + SHOWN_MS),
            Some(place) if now_ms >= self.due_ms => {
                let turns = order.len().clamp(1, TAKING_TURNS);
                let next = if place + 1 < turns { place + 1 } else { 0 };
                self.show(order.get(next).copied(), now_ms + SHOWN_MS);
            }
            Some(_) => {}
        }
    }

    /// Somebody has pointed at a host.
    pub fn choose(&mut self, id: HostId, now_ms: i64) {
        self.show(Some(id), now_ms + HELD_MS);
    }

    /// Somebody has asked for the next (1) or the previous (-1) host.
    pub fn step(&mut self, order: &[HostId], by: isize, now_ms: i64) {
        let count = order.len() as isize;
        if count == 0 {
            return;
        }
        let place = self.place(order).map_or(0, |place| place as isize + by);
        self.show(order.get(place.rem_euclid(count) as usize).copied(), now_ms + HELD_MS);
    }

    fn place(&self, order: &[HostId]) -> Option<usize> {
        let selected = self.selected?;
        order.iter().position(|&id| id == selected)
    }

    fn show(&mut self, id: Option<HostId>, due_ms: i64) {
        self.selected = id;
        self.due_ms = due_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_on_every_fifteen_seconds_and_waits_a_minute_when_touched() {
        let order = [5, 6, 7];
        let mut rotation = Rotation::default();
        let mut shown = |change: &dyn Fn(&mut Rotation), now_ms: i64| {
            change(&mut rotation);
            rotation.tick(&order, now_ms);
            rotation.selected()
        };
        let wait = |_: &mut Rotation| {};
        assert_eq!(shown(&wait, 0), Some(5));
        assert_eq!(shown(&wait, 14_999), Some(5));
        assert_eq!(shown(&wait, 15_000), Some(6));
        assert_eq!(shown(&|rotation| rotation.choose(5, 20_000), 20_000), Some(5));
        assert_eq!(shown(&wait, 79_999), Some(5));
        assert_eq!(shown(&wait, 80_000), Some(6));
        assert_eq!(shown(&|rotation| rotation.step(&order, -2, 81_000), 81_000), Some(7));
        assert_eq!(shown(&|rotation| rotation.step(&order, 1, 82_000), 82_000), Some(5));
    }

    #[test]
    fn a_host_that_has_gone_is_followed_by_the_worst() {
        let mut rotation = Rotation::default();
        rotation.choose(9, 0);
        rotation.tick(&[5, 6], 1);
        assert_eq!(rotation.selected(), Some(5));
        rotation.tick(&[], 2);
        assert_eq!(rotation.selected(), None);
    }

    #[test]
    fn only_the_worst_take_turns() {
        let order: Vec<HostId> = (0..600).collect();
        let mut rotation = Rotation::default();
        rotation.choose(23, 0);
        rotation.tick(&order, HELD_MS);
        assert_eq!(rotation.selected(), Some(0));
    }
}
