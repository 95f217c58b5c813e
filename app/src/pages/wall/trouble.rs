//! Open alerts by kind.

use crate::charts::{ChartModel, EChart, Ring, Slice, palette};
use crate::i18n::{Locale, t_string, td_string, text, use_i18n};
use crate::live::use_live_feed;
use crate::texts::alert_kind_name;
use leptos::prelude::*;
use protocol::alert::{AlertBoard, AlertKind};

/// What the ring tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Cpu,
    Memory,
    Disk,
    Offline,
    Other,
}

impl Part {
    const ALL: [Self; 5] = [Self::Cpu, Self::Memory, Self::Disk, Self::Offline, Self::Other];

    fn of(kind: AlertKind) -> Self {
        match kind {
            AlertKind::Cpu => Self::Cpu,
            AlertKind::Memory => Self::Memory,
            AlertKind::Disk | AlertKind::Inodes | AlertKind::DiskForecast => Self::Disk,
            AlertKind::Offline => Self::Offline,
            _ => Self::Other,
        }
    }

    fn name(self, locale: Locale) -> &'static str {
        match self {
            Self::Cpu => alert_kind_name(locale, AlertKind::Cpu),
            Self::Memory => alert_kind_name(locale, AlertKind::Memory),
            Self::Disk => alert_kind_name(locale, AlertKind::Disk),
            Self::Offline => td_string!(locale, live.level.offline),
            Self::Other => td_string!(locale, live.wall.other_alerts),
        }
    }

    fn colour(self) -> (&'static str, &'static str) {
        match self {
            Self::Cpu => ("cpu", palette::CPU),
            Self::Memory => ("memory", palette::MEMORY),
            Self::Disk => ("disk", palette::DISK),
            Self::Offline => ("offline", palette::OFFLINE),
            Self::Other => ("plain", palette::SECONDARY),
        }
    }
}

/// Open alerts by part.
fn counts(board: &AlertBoard) -> [usize; 5] {
    Part::ALL.map(|part| board.open.iter().filter(|alert| Part::of(alert.kind) == part).count())
}

/// The second panel at the right.
#[component]
pub fn TroublePanel() -> impl IntoView {
    let i18n = use_i18n();
    let feed = use_live_feed();
    let found = Memo::new(move |_| feed.board.with(|board| board.as_ref().map(counts).unwrap_or_default()));
    let total = Memo::new(move |_| found.get().iter().sum::<usize>());
    // Drawn only when a count changes.
    let model = Signal::derive(move || {
        let locale = i18n.get_locale();
        let slice = |(part, count): (Part, usize)| Slice { name: part.name(locale).into(), colour: part.colour().1, count };
        Some(ChartModel::Ring(Ring { slices: Part::ALL.into_iter().zip(found.get()).map(slice).collect() }))
    });
    let rows = Part::ALL.into_iter().enumerate().map(|(place, part)| {
        let count = Memo::new(move |_| found.get()[place]);
        view! {
            <li class="wall-legend" data-colour=part.colour().0 data-none=move || (count.get() == 0).to_string()>
                <span class="wall-legend-dot" aria-hidden="true"></span>
                <span>{move || part.name(i18n.get_locale())}</span>
                <b>{count}</b>
            </li>
        }
    });
    let note = move || if total.get() == 0 { t_string!(i18n, live.wall.no_alerts) } else { t_string!(i18n, live.wall.by_kind) };
    view! {
        <section class="wall-panel wall-trouble">
            <div class="wall-panel-head">
                <h2>{text!(i18n, live.wall.alerts)}</h2>
                <span class="wall-panel-note">{note}</span>
            </div>
            <div class="wall-ring">
                <div class="wall-ring-box">
                    <EChart model class="wall-ring-chart" label=Signal::derive(move || t_string!(i18n, live.wall.alerts).to_owned())/>
                    <span class="wall-ring-total" data-testid="wall-troubles" data-calm=move || (total.get() == 0).to_string()>
                        {move || if total.get() == 0 { "✓".to_owned() } else { total.get().to_string() }}
                    </span>
                </div>
                <ul class="wall-legends">{rows.collect_view()}</ul>
            </div>
        </section>
    }
}
