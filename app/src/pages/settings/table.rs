//! The resolutions: how long each is kept, how large it is and will be.

use super::predict::{Typed, processes_when_full, when_full};
use crate::browser;
use crate::components::{FormErrors, TextField};
use crate::error::Field;
use crate::format;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::moment;
use crate::views::{Storage, StorageTier};
use leptos::prelude::*;

/// What the page calls the tiers, finest first.
const TIERS: [(Field, &str); 3] =
    [(Field::FineDays, "storage-fine"), (Field::MediumDays, "storage-medium"), (Field::CoarseDays, "storage-coarse")];

/// A row for each tier and one for the processes.
#[component]
pub fn TierTable(storage: Storage, typed: RwSignal<Typed>, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let tier = |place: usize, tier: StorageTier| {
        let (field, test_id) = TIERS[place];
        let full = Signal::derive(move || when_full(&tier, typed.with(|typed| typed.days[place])));
        view! {
            <TierRow tier full field test_id errors>
                {move || t_string!(i18n, settings.storage.every, step = moment::step_text(tier.step_ms, i18n.get_locale()).trim().to_owned())}
            </TierRow>
        }
    };
    let rows = storage.tiers.iter().take(TIERS.len()).copied().enumerate().map(|(place, one)| tier(place, one)).collect_view();
    let processes = storage.processes;
    let all = StoredValue::new(storage);
    let full = Signal::derive(move || all.with_value(|storage| processes_when_full(storage, &typed.get())));
    view! {
        <div class="table-wrap">
            <table class="table settings-tiers">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, settings.storage.resolution)}</th>
                        <th scope="col">{text!(i18n, settings.storage.kept)}</th>
                        <th scope="col" class="number">{text!(i18n, settings.storage.size)}</th>
                        <th scope="col" class="number">{text!(i18n, settings.storage.predicted)}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <TierRow tier=processes full field=Field::ProcessDays test_id="storage-processes" errors>
                        {text!(i18n, settings.storage.processes)}
                    </TierRow>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn TierRow(
    tier: StorageTier,
    full: Signal<Option<u64>>,
    field: Field,
    test_id: &'static str,
    errors: FormErrors,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let hydrated = crate::components::use_hydrated();
    // The time zone is the browser's: the centre does not know it.
    let since = move || {
        let at_ms = tier.oldest_ms.filter(|_| hydrated.get())?;
        let date = moment::text(at_ms, browser::offset_minutes(at_ms)).split(' ').next().unwrap_or_default().to_owned();
        Some(view! { <span class="secondary">{t!(i18n, settings.storage.since, date = date)}</span> })
    };
    view! {
        <tr>
            <td data-label=text!(i18n, settings.storage.resolution)><span class="settings-tier">{children()}{since}</span></td>
            <td data-label=text!(i18n, settings.storage.kept) class="settings-days">
                <TextField field label=move || t_string!(i18n, settings.storage.days) errors test_id value=tier.kept_days.to_string()
                    inputmode="numeric"/>
            </td>
            <td data-label=text!(i18n, settings.storage.size) class="number">{format::bytes(Some(tier.bytes))}</td>
            <td data-label=text!(i18n, settings.storage.predicted) class="number" data-testid=format!("{test_id}-full")>
                {move || format::bytes(full.get())}
            </td>
        </tr>
    }
}
