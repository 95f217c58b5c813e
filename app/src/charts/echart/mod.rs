//! A chart on the page: drawn once, then changed in place. The only part of the page that touches ECharts; on the server it is an
//! empty box.

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")]
mod complete;
#[cfg(feature = "hydrate")]
mod drawing;
#[cfg(feature = "hydrate")]
mod handle;
#[cfg(feature = "hydrate")]
mod instance;
#[cfg(feature = "hydrate")]
mod picture;
#[cfg(feature = "hydrate")]
mod script;

#[cfg(not(feature = "hydrate"))]
pub use absent::{ChartHandle, save_png, save_svg};
#[cfg(feature = "hydrate")]
pub use handle::ChartHandle;
#[cfg(feature = "hydrate")]
pub use picture::{save_png, save_svg};

use super::ChartModel;
use leptos::html::Div;
use leptos::prelude::*;

/// What is written on a picture of charts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PictureText {
    pub title: String,
    pub subtitle: String,
    /// Above each chart, in order: its name.
    pub charts: Vec<String>,
    /// Below each chart: colour and text of each line.
    pub legends: Vec<Vec<(&'static str, String)>>,
}

/// Draws `model` and follows its changes. How often it changes is the caller's affair: never all charts on one beat.
#[component]
pub fn EChart(
    /// What to draw; without a model nothing is drawn yet.
    #[prop(into)]
    model: Signal<Option<ChartModel>>,
    /// Class of the box. Its font size is the size of the chart's texts.
    class: &'static str,
    /// What the chart shows, for those who cannot see it.
    #[prop(into)]
    label: Signal<String>,
    /// For who points at the chart or takes its picture.
    #[prop(optional)]
    handle: Option<ChartHandle>,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    #[cfg(feature = "hydrate")]
    drawing::attach(node, model, handle);
    #[cfg(not(feature = "hydrate"))]
    let _ = (model, handle);
    view! { <div class=class node_ref=node role="img" aria-label=label></div> }
}
