//! Pages of messages put together. Pure.

use protocol::notify::DeliveryView;

/// Messages of a page; a shorter one is the last.
pub const PAGE: usize = 100;

/// The newest page put above what was loaded before: what the page covers comes from it, what is older stays.
pub fn with_newest(known: &[DeliveryView], newest: Vec<DeliveryView>) -> Vec<DeliveryView> {
    let oldest = newest.last().map(|delivery| delivery.id).filter(|_| newest.len() >= PAGE);
    let older = known.iter().filter(|delivery| oldest.is_some_and(|oldest| delivery.id < oldest)).cloned();
    newest.into_iter().chain(older.collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::notify::{DeliveryState, NotifierKind};

    fn deliveries(ids: impl Iterator<Item = i64>) -> Vec<DeliveryView> {
        let delivery = |id| DeliveryView {
            id,
            notifier_id: 1,
            notifier_name: "ops".into(),
            kind: NotifierKind::Webhook,
            subject: String::new(),
            state: DeliveryState::Waiting,
            created_at_ms: 0,
            next_at_ms: None,
            attempts: Vec::new(),
        };
        ids.map(delivery).collect()
    }

    #[test]
    fn what_is_older_than_a_full_page_stays() {
        let ids = |all: Vec<DeliveryView>| all.iter().map(|delivery| delivery.id).collect::<Vec<_>>();
        let known = deliveries((1..=150).rev());
        assert_eq!(ids(with_newest(&known, deliveries((53..=152).rev()))), (1..=152).rev().collect::<Vec<_>>());
        // A short page is all that there is.
        assert_eq!(ids(with_newest(&known, deliveries([7, 3].into_iter()))), [7, 3]);
        assert!(with_newest(&known, Vec::new()).is_empty());
    }
}
