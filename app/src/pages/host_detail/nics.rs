//! Network interfaces.

use super::shown::Shown;
use crate::format;
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use protocol::snapshot::Nic;

/// One row for each network interface.
#[component]
pub fn NicsPanel(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let names = shown.names(|snapshot| snapshot.nics.iter().map(|nic| nic.name.clone()).collect());
    view! {
        <section class="panel detail-panel detail-half">
            <h2>{text!(i18n, live.detail.nics)}</h2>
            <div class="table-wrap">
                <table class="table live-table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(i18n, live.detail.interface)}</th>
                            <th scope="col" class="number">{text!(i18n, live.metric.inbound)}</th>
                            <th scope="col" class="number">{text!(i18n, live.metric.outbound)}</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.faults)}</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.total_since_boot)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || names.get() key=String::clone let:name><NicRow name shown/></For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// One network interface.
#[component]
fn NicRow(name: String, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let key = StoredValue::new(name.clone());
    let nic = Memo::new(move |_| shown.read(|snapshot| snapshot.nics.iter().find(|nic| key.with_value(|key| nic.name == *key)).cloned()));
    let rate = move |part: fn(&Nic) -> Option<f64>| move || format::rate_text(nic.with(|nic| part(nic.as_ref()?)));
    let total = move |part: fn(&Nic) -> u64| move || format::bytes(nic.with(|nic| nic.as_ref().map(part)));
    let faults = move || nic.with(|nic| nic.as_ref()?.faults_per_s).map_or_else(|| format::GAP.into(), |faults| format!("{faults:.0}"));
    view! {
        <tr>
            <td data-label=text!(i18n, live.detail.interface)><b class="mono">{name}</b></td>
            <td data-label=text!(i18n, live.metric.inbound) class="number">{rate(|nic| nic.in_bytes_per_s)}</td>
            <td data-label=text!(i18n, live.metric.outbound) class="number">{rate(|nic| nic.out_bytes_per_s)}</td>
            <td data-label=text!(i18n, live.detail.faults) class="number">{faults}</td>
            <td data-label=text!(i18n, live.detail.total_since_boot) class="number">
                {total(|nic| nic.in_bytes_total)}" / "{total(|nic| nic.out_bytes_total)}
            </td>
        </tr>
    }
}
