//! Several things that are ticked in a list, which can be searched when it is long.

use super::wrong::Wrong;
use crate::i18n::{t_string, text, use_i18n};
use crate::texts::field_problem_text;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// From this number on a list can be searched.
const SEARCHED_FROM: usize = 12;

/// A list of things, known by a word each.
#[component]
pub fn Ticks(
    wrong: Wrong,
    field: &'static str,
    #[prop(into)] label: TextProp,
    #[prop(optional, into)] hint: Option<TextProp>,
    /// Words and names of what there is.
    #[prop(into)]
    offered: Signal<Vec<(String, String)>>,
    /// Words of what is ticked, in the order in which it was.
    chosen: RwSignal<Vec<String>>,
    /// Instead of an empty list.
    #[prop(optional, into)]
    none: Option<TextProp>,
    /// Its label is seen above it already.
    #[prop(optional)]
    labelled: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let form = wrong.form;
    let search = RwSignal::new(String::new());
    // What is ticked stands here, too, when it does not exist any more: otherwise nobody could take it away.
    let all = Memo::new(move |_| {
        let mut all = offered.get();
        let gone =
            chosen.with(|chosen| chosen.iter().filter(|word| !all.iter().any(|(known, _)| known == *word)).cloned().collect::<Vec<_>>());
        all.extend(gone.into_iter().map(|word| (word.clone(), word)));
        all
    });
    let found = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        all.get().into_iter().filter(|(_, name)| name.to_lowercase().contains(&wanted)).collect::<Vec<_>>()
    });
    let item = move |(word, name): (String, String)| {
        let (known, kept) = (word.clone(), word.clone());
        let ticked = Memo::new(move |_| chosen.with(|chosen| chosen.contains(&known)));
        let tick = move |wanted: bool| {
            wrong.forget(field);
            chosen.update(|chosen| {
                chosen.retain(|known| *known != kept);
                chosen.extend(wanted.then(|| kept.clone()));
            });
        };
        view! {
            <label class="day-tick">
                <input type="checkbox" data-testid=format!("{form}-{field}-{word}") prop:checked=ticked
                    aria-invalid=move || wrong.is_invalid(field) on:change:target=move |event| tick(event.target().checked())/>
                <span>{name}</span>
            </label>
        }
    };
    let is_long = Memo::new(move |_| all.with(Vec::len) >= SEARCHED_FROM);
    let empty = StoredValue::new(none);
    let nothing =
        move || empty.with_value(|none| none.as_ref().map(TextProp::get)).unwrap_or_else(|| t_string!(i18n, notify.route.nothing).into());
    let error = move || wrong.about(field).map(|wrong| field_problem_text(i18n.get_locale(), &wrong));
    view! {
        <fieldset class="form-group notify-ticks" data-testid=format!("{form}-{field}")>
            <legend class="form-group-title" class:visually-hidden=labelled>{move || label.get()}</legend>
            <Show when=move || is_long.get()>
                <input type="search" class="control" placeholder=text!(i18n, notify.route.search)
                    aria-label=text!(i18n, notify.route.search) prop:value=search on:input:target=move |event| search.set(event.target().value())/>
            </Show>
            <Show when=move || !all.with(Vec::is_empty) fallback=move || view! { <p class="field-hint">{nothing}</p> }>
                <div class="day-ticks notify-tick-list">
                    <For each=move || found.get() key=|item| item.clone() let:entry>{item(entry)}</For>
                    <Show when=move || found.with(Vec::is_empty)><p class="field-hint">{text!(i18n, alerts.filter.nothing)}</p></Show>
                </div>
            </Show>
            <p class="field-error" role="status" data-testid=format!("{form}-error-{field}")>{error}</p>
            {hint.map(|hint| view! { <p class="field-hint">{move || hint.get()}</p> })}
        </fieldset>
    }
}
