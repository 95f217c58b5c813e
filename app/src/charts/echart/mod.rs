//! A chart on the page: drawn once, then changed in place. The only part of the page that touches ECharts; on the server it is an
//! empty box.

#[cfg(feature = "hydrate")]
mod drawing;
#[cfg(feature = "hydrate")]
mod script;

use super::ChartModel;
use leptos::html::Div;
use leptos::prelude::*;

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
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    #[cfg(feature = "hydrate")]
    drawing::attach(node, model);
    #[cfg(not(feature = "hydrate"))]
    let _ = model;
    view! { <div class=class node_ref=node role="img" aria-label=label></div> }
}
