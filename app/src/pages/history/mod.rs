//! `/history`: what was, of one host or several.

mod address;
mod chart;
mod charts;
mod custom;
mod events;
mod hosts;
mod legend;
mod lines;
mod load;
mod metrics;
mod mounts;
mod notices;
mod pointer;
mod processes;
mod range;
mod ranges;
mod state;
mod tools;

pub use address::link;

use crate::components::{AppFrame, LazyBody, PageTitle, StaleBanner, StoreBanner};
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use charts::{ChartList, use_charts};
use events::{EventList, RecordingList};
use hosts::HostPicker;
use leptos::prelude::*;
use metrics::MetricPicker;
use notices::Notices;
use processes::ProcessPanel;
use protocol::live::Topic;
use ranges::{ComparePicker, RangePicker};
use state::use_history;
use tools::Tools;

/// The page. What it shows stands in its address. It is loaded when it is opened: without a browser there is nothing to see on it.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle page=text!(i18n, history.title)/>
        <AppFrame>
            <div class="page-head"><h1>{text!(i18n, history.title)}</h1></div>
            <LazyBody load=|| Box::pin(history_body())/>
        </AppFrame>
    }
}

#[lazy]
fn history_body() -> AnyView {
    view! { <Body/> }.into_any()
}

/// Choice, charts, and what stands below them.
#[component]
fn Body() -> impl IntoView {
    // Names of the hosts, and the time.
    use_live_feed().subscribe(Topic::Overview);
    provide_context(use_history());
    let charts = use_charts();
    view! {
        <StaleBanner/>
        <StoreBanner/>
        <div class="history-choice">
            <HostPicker/>
            <MetricPicker/>
            <RangePicker/>
            <ComparePicker/>
        </div>
        <Tools charts/>
        <Notices charts/>
        <ChartList charts/>
        <div class="history-sides">
            <ProcessPanel/>
            <EventList/>
            <RecordingList/>
        </div>
    }
}
