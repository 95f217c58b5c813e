//! Pressure, TCP sockets, temperatures.

use super::shown::Shown;
use crate::components::Bar;
use crate::format;
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use protocol::snapshot::{Pressure, TcpSockets};

/// The panel of what does not fit elsewhere.
#[component]
pub fn SensorsPanel(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let pressure =
        move |part: fn(&Pressure) -> Option<f32>| Signal::derive(move || shown.read(|snapshot| part(snapshot.pressure.as_ref()?)));
    let sockets = move |part: fn(&TcpSockets) -> u32| {
        move || shown.read(|snapshot| snapshot.tcp.as_ref().map(part)).map_or_else(|| format::GAP.to_owned(), |count| count.to_string())
    };
    let sensors = shown.names(|snapshot| snapshot.temperatures.iter().map(|temperature| temperature.sensor.clone()).collect());
    let any_sensor = Memo::new(move |_| sensors.with(|sensors| !sensors.is_empty()));
    view! {
        <section class="panel detail-panel">
            <h2>{text!(i18n, live.detail.pressure)}</h2>
            <ul class="detail-shares">
                <Share value=pressure(|pressure| pressure.cpu_some_percent)>{text!(i18n, live.detail.pressure_cpu)}</Share>
                <Share value=pressure(|pressure| pressure.memory_some_percent)>{text!(i18n, live.detail.pressure_memory)}</Share>
                <Share value=pressure(|pressure| pressure.memory_full_percent)>{text!(i18n, live.detail.pressure_memory_full)}</Share>
                <Share value=pressure(|pressure| pressure.io_some_percent)>{text!(i18n, live.detail.pressure_io)}</Share>
                <Share value=pressure(|pressure| pressure.io_full_percent)>{text!(i18n, live.detail.pressure_io_full)}</Share>
            </ul>
            <h2>{text!(i18n, live.detail.tcp)}</h2>
            <dl class="detail-parts">
                <div><dt>{text!(i18n, live.detail.tcp_in_use)}</dt><dd>{sockets(|tcp| tcp.in_use)}</dd></div>
                <div><dt>{text!(i18n, live.detail.tcp_time_wait)}</dt><dd>{sockets(|tcp| tcp.time_wait)}</dd></div>
                <div><dt>{text!(i18n, live.detail.tcp_orphaned)}</dt><dd>{sockets(|tcp| tcp.orphaned)}</dd></div>
            </dl>
            <Show when=move || any_sensor.get()>
                <h2>{text!(i18n, live.detail.temperatures)}</h2>
                <dl class="detail-parts">
                    <For each=move || sensors.get() key=String::clone let:name><Temperature name shown/></For>
                </dl>
            </Show>
        </section>
    }
}

/// One share with its bar.
#[component]
fn Share(value: Signal<Option<f32>>, children: Children) -> impl IntoView {
    view! {
        <li class="detail-share">
            <span class="secondary">{children()}</span>
            <Bar value colour="plain"/>
            <span>{move || format::percent_text(value.get())}</span>
        </li>
    }
}

/// One sensor.
#[component]
fn Temperature(name: String, shown: Shown) -> impl IntoView {
    let key = StoredValue::new(name.clone());
    let celsius = move || {
        let find = |sensor: &str| key.with_value(|key| sensor == *key);
        shown.read(|snapshot| {
            snapshot.temperatures.iter().find(|temperature| find(&temperature.sensor)).map(|temperature| temperature.celsius)
        })
    };
    view! { <div><dt>{name}</dt><dd>{move || celsius().map_or_else(|| format::GAP.to_owned(), |celsius| format!("{celsius:.0} °C"))}</dd></div> }
}
