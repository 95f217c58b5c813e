//! In which order hosts are shown, and which of them a search finds.

use super::feed::LiveFeed;
use super::rank::{Rank, rank_of};
use leptos::prelude::*;
use protocol::host::HostId;
use protocol::live::HostCard;
use std::collections::HashMap;

/// How hosts are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Those that need eyes first.
    #[default]
    WorstFirst,
    /// By name.
    ByName,
}

/// How many beats an order stays: five seconds, so that cards do not dance.
const ORDER_BEATS: u64 = 10;

/// By how much of its threshold a host must have changed to get another place: hosts that are alike do not change places for ever.
const MARGIN: f32 = 0.05;

impl LiveFeed {
    /// Hosts that `search` finds, in order. Follows the inventory at once, the figures every five seconds.
    pub fn arranged(
        self,
        order: impl Fn() -> Order + Send + Sync + 'static,
        search: impl Fn() -> String + Send + Sync + 'static,
    ) -> Memo<Vec<HostId>> {
        let turn = Memo::new(move |_| self.beat.get().div_ceil(ORDER_BEATS));
        let ranks = StoredValue::new(HashMap::new());
        Memo::new(move |_| {
            turn.get();
            let found = search().trim().to_lowercase();
            let mut entries: Vec<Entry> = self.host_ids.get().into_iter().filter_map(|id| self.entry(id)).collect();
            ranks.update_value(|ranks| *ranks = steady(&mut entries, ranks));
            entries.retain(|entry| matches(&entry.card, &found));
            arrange(entries, order())
        })
    }

    fn entry(self, id: HostId) -> Option<Entry> {
        let card = self.cards.with_value(|cards| cards.get(&id).map(|card| card.get_untracked()))?;
        let figures = self.figures.with_value(|figures| figures.get(&id).map(|figures| figures.get_untracked())).unwrap_or_default();
        let rank = rank_of(&figures, &card.thresholds);
        Some(Entry { card, rank })
    }
}

struct Entry {
    card: HostCard,
    rank: Rank,
}

fn matches(card: &HostCard, found: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(found);
    found.is_empty() || has(&card.name) || has(&card.address) || card.tags.iter().any(|tag| has(tag))
}

/// Gives hosts the ranks that they had where they have hardly changed; returns the ranks of all.
fn steady(entries: &mut [Entry], before: &HashMap<HostId, Rank>) -> HashMap<HostId, Rank> {
    let is_alike = |one: &Rank, two: &Rank| one.class == two.class && (one.ratio - two.ratio).abs() <= MARGIN;
    let keep = |entry: &mut Entry| {
        entry.rank = before.get(&entry.card.id).filter(|known| is_alike(known, &entry.rank)).copied().unwrap_or(entry.rank);
        (entry.card.id, entry.rank)
    };
    entries.iter_mut().map(keep).collect()
}

fn arrange(mut entries: Vec<Entry>, order: Order) -> Vec<HostId> {
    let by_name = |one: &Entry, two: &Entry| one.card.name.cmp(&two.card.name).then(one.card.id.cmp(&two.card.id));
    match order {
        Order::ByName => entries.sort_by(by_name),
        Order::WorstFirst => entries.sort_by(|one, two| {
            let by_rank = two.rank.class.cmp(&one.rank.class).then(two.rank.ratio.total_cmp(&one.rank.ratio));
            by_rank.then_with(|| by_name(one, two))
        }),
    }
    entries.into_iter().map(|entry| entry.card.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: HostId, name: &str, class: u8, ratio: f32) -> Entry {
        Entry { card: HostCard { id, name: name.into(), ..HostCard::default() }, rank: Rank { class, ratio } }
    }

    #[test]
    fn orders() {
        let entries = || vec![entry(1, "c", 2, 0.5), entry(2, "a", 2, 0.5), entry(3, "b", 4, 0.1), entry(4, "d", 2, 0.9)];
        assert_eq!(arrange(entries(), Order::WorstFirst), [3, 4, 2, 1]);
        assert_eq!(arrange(entries(), Order::ByName), [2, 3, 1, 4]);
    }

    #[test]
    fn hosts_that_are_alike_keep_their_places() {
        let mut ranks = HashMap::new();
        let mut order_of = |entries: [(u8, f32); 3]| {
            let mut entries: Vec<Entry> = entries.into_iter().zip(1..).map(|((class, ratio), id)| entry(id, "", class, ratio)).collect();
            ranks = steady(&mut entries, &ranks);
            arrange(entries, Order::WorstFirst)
        };
        assert_eq!(order_of([(2, 0.54), (2, 0.52), (2, 0.50)]), [1, 2, 3]);
        assert_eq!(order_of([(2, 0.50), (2, 0.55), (2, 0.54)]), [1, 2, 3]);
        assert_eq!(order_of([(2, 0.50), (2, 0.58), (2, 0.54)]), [2, 1, 3]);
        // However slowly it goes, it does not go on for ever.
        assert_eq!(order_of([(2, 0.50), (2, 0.58), (2, 0.62)]), [3, 2, 1]);
        // What is judged to be worse passes at once.
        assert_eq!(order_of([(3, 0.50), (2, 0.58), (2, 0.62)]), [1, 3, 2]);
    }

    #[test]
    fn search_looks_at_name_address_and_tags() {
        let card = HostCard { name: "Web-03".into(), address: "10.0.4.13".into(), tags: vec!["杭州".into()], ..HostCard::default() };
        for (found, expected) in [("", true), ("web", true), ("4.13", true), ("杭", true), ("db", false)] {
            assert_eq!(matches(&card, found), expected, "{found}");
        }
    }
}
