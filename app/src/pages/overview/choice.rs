//! How this browser likes its overview: cards or table, which order. Remembered in the browser.

use crate::browser;
use crate::live::Order;
use leptos::prelude::*;

/// Cards or rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    #[default]
    Cards,
    Table,
}

/// What has been chosen.
#[derive(Clone, Copy)]
pub struct Choice {
    pub arrangement: RwSignal<Arrangement>,
    pub order: RwSignal<Order>,
}

/// Where the browser keeps it.
const KEY: &str = "tactus-overview";

/// The remembered choice, or cards with the worst first. Every later change is remembered.
pub fn use_choice() -> Choice {
    let choice = Choice { arrangement: RwSignal::new(Arrangement::Cards), order: RwSignal::new(Order::WorstFirst) };
    // Hosts appear only in the browser, after hydration, so reading at once cannot differ from what the centre rendered.
    if let Some((arrangement, order)) = browser::remembered(KEY).as_deref().and_then(read) {
        choice.arrangement.set(arrangement);
        choice.order.set(order);
    }
    Effect::new(move |_| browser::remember(KEY, &written(choice.arrangement.get(), choice.order.get())));
    choice
}

fn written(arrangement: Arrangement, order: Order) -> String {
    let arrangement = if arrangement == Arrangement::Table { "table" } else { "cards" };
    let order = if order == Order::ByName { "name" } else { "worst" };
    format!("{arrangement} {order}")
}

fn read(text: &str) -> Option<(Arrangement, Order)> {
    let (arrangement, order) = text.split_once(' ')?;
    let arrangement = if arrangement == "table" { Arrangement::Table } else { Arrangement::Cards };
    Some((arrangement, if order == "name" { Order::ByName } else { Order::WorstFirst }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_being_written() {
        for choice in
            [(Arrangement::Cards, Order::WorstFirst), (Arrangement::Table, Order::ByName), (Arrangement::Table, Order::WorstFirst)]
        {
            assert_eq!(read(&written(choice.0, choice.1)), Some(choice));
        }
        assert_eq!(read(""), None);
    }
}
