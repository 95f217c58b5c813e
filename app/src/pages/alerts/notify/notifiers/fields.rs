//! One form for all kinds: a control for each field, by how it is filled in.

use super::values::Value;
use crate::i18n::{t_string, text, use_i18n};
use crate::pages::alerts::notify::entries::{Area, Choice, Line, SecretLine, Tick};
use crate::pages::alerts::notify::wrong::Wrong;
use crate::texts::{choice_name, notifier_field_hint, notifier_field_label};
use leptos::prelude::*;
use protocol::notify::{FieldKind, NotifierKind};

/// A field of a kind.
#[component]
pub fn NotifierField(kind: NotifierKind, value: Value, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let spec = value.spec;
    let (field, text) = (spec.name, value.text);
    let label = move || notifier_field_label(i18n.get_locale(), kind, field);
    let hint = move || notifier_field_hint(i18n.get_locale(), kind, field);
    let optional = !spec.required && spec.default.is_empty();
    match spec.kind {
        _ if spec.secret => view! { <SecretField kind value wrong/> }.into_any(),
        FieldKind::Text => view! { <Line wrong field value=text label hint optional placeholder=spec.default/> }.into_any(),
        FieldKind::Url => view! { <Line wrong field value=text label hint optional placeholder=spec.default inputmode="url"/> }.into_any(),
        FieldKind::Number => {
            view! { <Line wrong field value=text label hint optional placeholder=spec.default inputmode="numeric"/> }.into_any()
        }
        FieldKind::List => view! { <Area wrong field value=text label hint optional rows="2"/> }.into_any(),
        FieldKind::Lines => view! { <Area wrong field value=text label hint optional/> }.into_any(),
        FieldKind::Template => view! { <Area wrong field value=text label hint optional rows="4"/> }.into_any(),
        FieldKind::Flag => view! { <Tick wrong field value=value.flag label hint/> }.into_any(),
        FieldKind::Choice(choices) => view! { <Choice wrong field value=text label choices name=choice_name/> }.into_any(),
    }
}

/// A secret: what is typed is set, what is empty is kept, and what may be missing can be forgotten.
#[component]
fn SecretField(kind: NotifierKind, value: Value, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let Value { spec, text, stored, forget, .. } = value;
    let field = spec.name;
    let label = move || notifier_field_label(i18n.get_locale(), kind, field);
    let hint = move || notifier_field_hint(i18n.get_locale(), kind, field);
    let placeholder = move || match (stored, forget.get()) {
        (true, false) => t_string!(i18n, notify.notifier.stored),
        (true, true) => t_string!(i18n, notify.notifier.forgotten),
        (false, _) => "",
    };
    let control = match spec.kind {
        FieldKind::Lines => view! { <Area wrong field value=text label hint optional=!spec.required placeholder/> }.into_any(),
        _ => view! { <SecretLine wrong field value=text label hint optional=!spec.required placeholder/> }.into_any(),
    };
    let state = stored.then(|| {
        view! {
            <div class="notify-secret" data-testid=format!("{}-{field}-stored", wrong.form)>
                <span class="notify-stored"><span aria-hidden="true">"✓ "</span>{text!(i18n, notify.notifier.kept)}</span>
                {(!spec.required).then(|| view! {
                    <label class="day-tick">
                        <input type="checkbox" data-testid=format!("{}-{field}-forget", wrong.form) prop:checked=forget
                            on:change:target=move |event| forget.set(event.target().checked())/>
                        <span>{text!(i18n, notify.notifier.forget)}</span>
                    </label>
                })}
            </div>
        }
    });
    view! { <div class="notify-secret-field">{control}{state}</div> }
}
