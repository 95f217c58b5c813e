//! Block devices.

use super::shown::Shown;
use crate::format;
use crate::i18n::{text, use_i18n};
use leptos::prelude::*;
use protocol::snapshot::Disk;

/// One row for each block device.
#[component]
pub fn DisksPanel(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let names = shown.names(|snapshot| snapshot.disks.iter().map(|disk| disk.device.clone()).collect());
    view! {
        <section class="panel detail-panel detail-half">
            <h2>{text!(i18n, live.detail.disks)}</h2>
            <div class="table-wrap">
                <table class="table live-table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(i18n, live.detail.device)}</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.read)}</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.write)}</th>
                            <th scope="col" class="number">"IOPS"</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.busy)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || names.get() key=String::clone let:name><DiskRow name shown/></For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// One block device.
#[component]
fn DiskRow(name: String, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let key = StoredValue::new(name.clone());
    let disk =
        Memo::new(move |_| shown.read(|snapshot| snapshot.disks.iter().find(|disk| key.with_value(|key| disk.device == *key)).cloned()));
    let rate = move |part: fn(&Disk) -> Option<f64>| move || format::rate_text(disk.with(|disk| part(disk.as_ref()?)));
    let operations = move || {
        let sum = disk.with(|disk| {
            let disk = disk.as_ref()?;
            Some(disk.reads_per_s? + disk.writes_per_s?)
        });
        sum.map_or_else(|| format::GAP.into(), |sum| format!("{sum:.0}"))
    };
    view! {
        <tr>
            <td data-label=text!(i18n, live.detail.device)><b class="mono">{name}</b></td>
            <td data-label=text!(i18n, live.detail.read) class="number">{rate(|disk| disk.read_bytes_per_s)}</td>
            <td data-label=text!(i18n, live.detail.write) class="number">{rate(|disk| disk.write_bytes_per_s)}</td>
            <td data-label="IOPS" class="number">{operations}</td>
            <td data-label=text!(i18n, live.detail.busy) class="number">
                {move || format::percent_text(disk.with(|disk| disk.as_ref()?.busy_percent))}
            </td>
        </tr>
    }
}
