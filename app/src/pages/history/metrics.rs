//! Which metrics are looked at.

use super::hosts::summary_text;
use super::mounts::use_mounts;
use super::state::history;
use crate::components::{Picker, PickerItem};
use crate::i18n::{Locale, t, t_string, td_string, text, use_i18n};
use crate::texts::series_name;
use leptos::prelude::*;
use protocol::metric::{Metric, Series};

/// Metrics at once.
const MOST: usize = 12;

/// How the picker sorts metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Group {
    Processor,
    Memory,
    Disk,
    Network,
    System,
    Mounts,
}

impl Group {
    const ALL: [Self; 6] = [Self::Processor, Self::Memory, Self::Disk, Self::Network, Self::System, Self::Mounts];

    fn of(series: &Series) -> Self {
        let Series::Metric(metric) = series else { return Self::Mounts };
        match metric {
            Metric::Cpu | Metric::CpuUser | Metric::CpuSystem | Metric::CpuIowait | Metric::CpuSteal => Self::Processor,
            Metric::Load1 | Metric::Load5 | Metric::Load15 | Metric::PressureCpu => Self::Processor,
            Metric::Memory | Metric::MemoryCache | Metric::Swap | Metric::PressureMemory => Self::Memory,
            Metric::Disk | Metric::DiskRead | Metric::DiskWrite | Metric::DiskBusy | Metric::PressureIo => Self::Disk,
            Metric::NetworkIn | Metric::NetworkOut | Metric::TcpSockets | Metric::Latency => Self::Network,
            Metric::Processes | Metric::Temperature => Self::System,
        }
    }

    fn name(self, locale: Locale) -> &'static str {
        match self {
            Self::Processor => td_string!(locale, history.group.processor),
            Self::Memory => td_string!(locale, history.group.memory),
            Self::Disk => td_string!(locale, history.group.disk),
            Self::Network => td_string!(locale, history.group.network),
            Self::System => td_string!(locale, history.group.system),
            Self::Mounts => td_string!(locale, history.group.mounts),
        }
    }
}

/// The picker of metrics. Which file systems there were is asked when it is opened.
#[component]
pub fn MetricPicker() -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let (search, opened) = (RwSignal::new(String::new()), RwSignal::new(false));
    let mounts = use_mounts(opened);
    let summary = Signal::derive(move || {
        let series = history.view.with(|view| view.series.clone());
        let first = series.first().map(|series| series_name(i18n.get_locale(), series)).unwrap_or_default();
        summary_text(i18n.get_locale(), first, series.len())
    });
    // Those that are chosen stand here, too, when the hosts have none of them any more.
    let found = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        let mut all: Vec<Series> = Metric::ALL.iter().copied().map(Series::Metric).collect();
        all.extend(mounts.known.get());
        all.extend(history.view.with(|view| view.series.iter().filter(|series| !all.contains(series)).cloned().collect::<Vec<_>>()));
        all.retain(|series| {
            let text = format!("{} {series}", series_name(i18n.get_locale(), series)).to_lowercase();
            wanted.split_whitespace().all(|word| text.contains(word))
        });
        all
    });
    let group = move |group: Group| {
        let of_group =
            Memo::new(move |_| found.with(|all| all.iter().filter(|series| Group::of(series) == group).cloned().collect::<Vec<_>>()));
        view! {
            <Show when=move || !of_group.with(Vec::is_empty)>
                <fieldset class="picker-group">
                    <legend>{move || group.name(i18n.get_locale())}</legend>
                    <For each=move || of_group.get() key=Series::to_string let:series><MetricItem series/></For>
                </fieldset>
            </Show>
        }
    };
    view! {
        <Picker label=Signal::derive(move || t_string!(i18n, history.pick.metrics).to_owned()) summary test_id="history-metrics" opened>
            <input
                type="search"
                class="control"
                placeholder=text!(i18n, history.pick.search)
                aria-label=text!(i18n, history.pick.search)
                prop:value=search
                on:input:target=move |event| search.set(event.target().value())
            />
            <div class="picker-list picker-groups">
                {Group::ALL.map(group).collect_view()}
                <Show when=move || found.with(Vec::is_empty)><p class="secondary">{text!(i18n, history.pick.nothing)}</p></Show>
                <Show when=move || mounts.busy.get()><p class="secondary">{text!(i18n, history.pick.loading_mounts)}</p></Show>
            </div>
            <p class="field-hint">{t!(i18n, history.pick.most, most = MOST)}</p>
        </Picker>
    }
}

#[component]
fn MetricItem(series: Series) -> impl IntoView {
    let i18n = use_i18n();
    let history = history();
    let test_id = format!("history-metric-{series}");
    let series = StoredValue::new(series);
    let chosen = Memo::new(move |_| history.view.with(|view| series.with_value(|series| view.series.contains(series))));
    let locked =
        Memo::new(move |_| history.view.with(|view| if chosen.get() { view.series.len() == 1 } else { view.series.len() >= MOST }));
    let choose = Callback::new(move |ticked: bool| {
        history.choose(|view| {
            let series = series.get_value();
            view.series.retain(|known| *known != series);
            if ticked {
                view.series.push(series);
            }
        });
    });
    let text = Signal::derive(move || series.with_value(|series| series_name(i18n.get_locale(), series)));
    view! { <PickerItem text chosen locked choose test_id/> }
}
