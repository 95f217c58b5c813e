//! `/wall`: the whole fleet on one screen, readable from across the room. Composition and meaning of colours: see `style/_wall.scss`.

mod board;
mod clock;
mod density;
mod drawn;
mod events;
mod footer;
mod happenings;
mod header;
mod host_card;
mod host_tile;
mod hosts;
mod hour;
mod keys;
mod network;
mod rotation;
mod selection;
mod strip;
mod takeover;
mod trouble;

use crate::components::{PageTitle, StaleBanner};
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use events::EventsPanel;
use footer::WallFooter;
use header::WallHeader;
use hosts::HostsPanel;
use hour::HourPanel;
use leptos::prelude::*;
use network::NetworkPanel;
use protocol::live::Topic;
use selection::provide_selection;
use strip::Strip;
use takeover::Takeover;
use trouble::TroublePanel;

/// The big screen.
#[component]
pub fn WallPage() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    feed.subscribe(Topic::Overview);
    let selection = provide_selection();
    keys::listen(selection);
    view! {
        <PageTitle page=text!(i18n, live.wall.title)/>
        <main class="wall" data-testid="wall" data-link=move || feed.link.get().word()>
            <Cell><WallHeader/></Cell>
            <Strip/>
            <div class="wall-main">
                <Cell><HostsPanel/></Cell>
                <Cell><HourPanel/></Cell>
                <div class="wall-side">
                    <Cell><NetworkPanel/></Cell>
                    <Cell><TroublePanel/></Cell>
                    <Cell><EventsPanel/></Cell>
                </div>
            </div>
            <Cell><WallFooter/></Cell>
            <Takeover/>
            <Show when=move || feed.link.get().is_old()>
                <div class="wall-veil"><StaleBanner/></div>
            </Show>
        </main>
    }
}

/// Takes the size from the grid, so that what stands in it is no item of a grid itself: browsers lay such an item out alone when a
/// figure in it changes, while a change in a grid's item lays out the whole page.
#[component]
fn Cell(children: Children) -> impl IntoView {
    view! { <div class="wall-cell">{children()}</div> }
}
