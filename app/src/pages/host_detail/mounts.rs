//! File systems.

use super::shown::Shown;
use crate::components::{Bar, FigureMark, figure_word};
use crate::format;
use crate::i18n::{text, use_i18n};
use crate::live::use_live_feed;
use leptos::prelude::*;
use protocol::alert::AlertKind;
use protocol::host::{HostId, Level};
use protocol::snapshot::Mount;

/// One row for each file system.
#[component]
pub fn MountsPanel(id: HostId, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let names = shown.names(|snapshot| snapshot.mounts.iter().map(|mount| mount.mount_point.clone()).collect());
    view! {
        <section class="panel detail-panel detail-wide">
            <h2>{text!(i18n, live.detail.mounts)}</h2>
            <div class="table-wrap">
                <table class="table live-table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(i18n, live.detail.mount_point)}</th>
                            <th scope="col">{text!(i18n, live.detail.device)}</th>
                            <th scope="col">{text!(i18n, live.detail.file_system)}</th>
                            <th scope="col" class="detail-bar-column">{text!(i18n, live.detail.used)}</th>
                            <th scope="col" class="number">"%"</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.available)}</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.size)}</th>
                            <th scope="col" class="number">{text!(i18n, live.detail.inodes)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || names.get() key=String::clone let:name><MountRow id name shown/></For>
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// One file system.
#[component]
fn MountRow(id: HostId, name: String, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let card = feed.card(id);
    let key = StoredValue::new(name.clone());
    // What this row shows of its mount; the rest of the page's beat does not touch it.
    let mount = Memo::new(move |_| {
        shown.read(|snapshot| snapshot.mounts.iter().find(|mount| key.with_value(|key| mount.mount_point == *key)).cloned())
    });
    let read = move |part: fn(&Mount) -> u64| move || format::bytes(mount.with(|mount| mount.as_ref().map(part)));
    let used = Signal::derive(move || mount.with(|mount| mount.as_ref()?.used_percent()));
    let threshold = Signal::derive(move || Some(card.with(|card| card.thresholds.disk_percent)));
    let level = Memo::new(move |_| {
        let of_mount = |kind, target: &str| kind == AlertKind::Disk && key.with_value(|key| target == key);
        let open = feed.open_of(id).into_iter().filter(|alert| of_mount(alert.kind, &alert.target));
        figure_word(open.map(|alert| alert.level).max().unwrap_or(Level::Calm))
    });
    let text = move |part: fn(&Mount) -> String| move || mount.with(|mount| mount.as_ref().map(part));
    view! {
        <tr>
            <td data-label=text!(i18n, live.detail.mount_point)><b class="mono">{name}</b></td>
            <td data-label=text!(i18n, live.detail.device) class="mono">{text(|mount| mount.device.clone())}</td>
            <td data-label=text!(i18n, live.detail.file_system)>{text(|mount| mount.file_system.clone())}</td>
            <td data-label=text!(i18n, live.detail.used)><Bar value=used colour="disk" threshold/></td>
            <td data-label="%" class="number"><span class="figure" data-level=level><FigureMark level/>{move || format::percent_text(used.get())}</span></td>
            <td data-label=text!(i18n, live.detail.available) class="number">{read(|mount| mount.available_bytes)}</td>
            <td data-label=text!(i18n, live.detail.size) class="number">{read(|mount| mount.total_bytes)}</td>
            <td data-label=text!(i18n, live.detail.inodes) class="number">
                {move || format::percent_text(mount.with(|mount| mount.as_ref()?.inodes_percent()))}
            </td>
        </tr>
    }
}
