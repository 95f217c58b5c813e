//! How long the history is kept, and what that costs.

use super::predict::{Typed, exceeded, total_when_full};
use super::table::TierTable;
use crate::api::history::update_storage;
use crate::browser;
use crate::components::{CurrentUserContext, ErrorNotice, FormErrors, TextField, use_hydrated};
use crate::error::Field;
use crate::format;
use crate::forms;
use crate::i18n::{t, t_string, text, use_i18n};
use crate::views::{Role, Storage};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

const FORM: &str = "storage-form";

/// The form. Only administrators can change it.
#[component]
pub fn StorageForm(storage: Storage) -> impl IntoView {
    let i18n = use_i18n();
    let hydrated = use_hydrated();
    let CurrentUserContext(user) = expect_context();
    let may = move || user.get().is_some_and(|user| user.is_ok_and(|user| user.role == Role::Admin));
    let errors = FormErrors::new();
    let typed = RwSignal::new(Typed::of(&storage));
    let saved = RwSignal::new(false);
    let action = Action::new(move |form: &forms::StorageForm| update_storage(form.clone()));
    Effect::new(move || match action.value().get() {
        // What is typed is what is stored now; asking again would put another form in the place of this one.
        Some(Ok(())) => saved.set(true),
        Some(Err(error)) => {
            errors.set(Some(error));
            browser::focus_first_invalid(FORM);
        }
        None => {}
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !action.pending().get_untracked() {
            errors.set(None);
            action.dispatch(read_form(&browser::values_of(&event)));
        }
    };
    let changed = move |_| {
        saved.set(false);
        typed.set(read_typed(&browser::values_in(FORM)));
    };
    let (size, failing, hosts) = (format::bytes(Some(storage.data_bytes)), storage.failing, storage.hosts);
    let (process_budget, budget) = (storage.process_budget_mib.to_string(), storage.budget_mib.map(|mib| mib.to_string()));
    let kept = StoredValue::new(storage.clone());
    let total = Memo::new(move |_| kept.with_value(|storage| total_when_full(storage, &typed.get())));
    view! {
        <form class="form" id=FORM method="post" novalidate autocomplete="off" on:submit=submit on:input=changed>
            {failing.then(|| view! { <Warning class="notice notice-critical">{text!(i18n, settings.storage.failing)}</Warning> })}
            <p>{t!(i18n, settings.storage.now, size = size)}</p>
            <fieldset class="form-body" disabled=move || !hydrated.get() || !may()>
                <TierTable storage typed errors/>
                <p class="settings-total">
                    <span class="secondary">{text!(i18n, settings.storage.total)}</span>
                    <b data-testid="storage-total">{move || format::bytes(total.get())}</b>
                    <span class="secondary">{t!(i18n, settings.storage.hosts, count = hosts)}</span>
                </p>
                <div class="form-row">
                    <div class="span-4">
                        <TextField field=Field::ProcessBudget label=move || t_string!(i18n, settings.storage.process_budget) errors
                            test_id="storage-process-budget" value=process_budget unit="MiB" inputmode="numeric"/>
                    </div>
                    <div class="span-4">
                        <TextField field=Field::StorageBudget label=move || t_string!(i18n, settings.storage.budget) errors optional=true
                            hint=move || t_string!(i18n, settings.storage.budget_hint) test_id="storage-budget"
                            value=budget.unwrap_or_default() unit="MiB" inputmode="numeric"/>
                    </div>
                </div>
                {move || exceeded(total.get(), &typed.get()).map(|budget| view! {
                    <Warning class="notice notice-warning">
                        {t!(i18n, settings.storage.over, predicted = format::bytes(total.get_untracked()), budget = format::bytes(Some(budget)))}
                    </Warning>
                })}
                {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
                <SaveRow saved may=Signal::derive(may) busy=action.pending()/>
            </fieldset>
        </form>
    }
}

/// The button, or why there is none.
#[component]
fn SaveRow(saved: RwSignal<bool>, may: Signal<bool>, #[prop(into)] busy: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || if busy.get() { t_string!(i18n, common.dialog.saving) } else { t_string!(i18n, common.dialog.save) };
    view! {
        <div class="settings-save">
            <Show when=move || may.get() fallback=move || view! { <p class="secondary">{text!(i18n, settings.storage.read_only)}</p> }>
                <button type="submit" class="button button-main" data-testid="storage-save">{label}</button>
            </Show>
            <span role="status" data-testid="storage-saved">
                {move || saved.get().then(|| view! { <span class="settings-saved">"✓ "{text!(i18n, settings.storage.saved)}</span> })}
            </span>
        </div>
    }
}

#[component]
fn Warning(class: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class=class role="status" data-testid="storage-warning">
            <span class="notice-mark" aria-hidden="true">"▲"</span>
            <span class="notice-text">{children()}</span>
        </div>
    }
}

fn read_form(values: &browser::FormValues) -> forms::StorageForm {
    forms::StorageForm {
        fine_days: values.text(Field::FineDays),
        medium_days: values.text(Field::MediumDays),
        coarse_days: values.text(Field::CoarseDays),
        process_days: values.text(Field::ProcessDays),
        process_budget_mib: values.text(Field::ProcessBudget),
        budget_mib: values.text(Field::StorageBudget),
    }
}

fn read_typed(values: &browser::FormValues) -> Typed {
    let number = |field: Field| values.text(field).trim().parse::<u32>().ok();
    Typed {
        days: [Field::FineDays, Field::MediumDays, Field::CoarseDays].map(number),
        process_days: number(Field::ProcessDays),
        process_budget_mib: number(Field::ProcessBudget).map(u64::from),
        budget_mib: number(Field::StorageBudget).map(u64::from),
    }
}
