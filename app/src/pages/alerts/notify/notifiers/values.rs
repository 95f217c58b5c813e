//! What stands in the form of a notifier, and what is sent of it.

use leptos::prelude::*;
use protocol::notify::{FieldKind, FieldSpec, Language, NotifierForm, NotifierKind, NotifierView};
use protocol::secret::Secret;

/// What stands in one field of its kind.
#[derive(Clone, Copy)]
pub struct Value {
    pub spec: &'static FieldSpec,
    pub text: RwSignal<String>,
    /// Of a field that is yes or no.
    pub flag: RwSignal<bool>,
    /// The centre has a secret for it.
    pub stored: bool,
    /// That secret is to be forgotten.
    pub forget: RwSignal<bool>,
}

impl Value {
    fn of(spec: &'static FieldSpec, notifier: &NotifierView) -> Self {
        let known = notifier.fields.get(spec.name).map_or("", String::as_str);
        // A choice shows what holds; where something is typed, what holds stands behind it while it is empty.
        let text = if known.is_empty() && matches!(spec.kind, FieldKind::Choice(_)) { spec.default } else { known };
        let flag = if known.is_empty() { spec.default } else { known } == "true";
        Self {
            spec,
            text: RwSignal::new(text.to_owned()),
            flag: RwSignal::new(flag),
            stored: notifier.secrets_set.contains(spec.name),
            forget: RwSignal::new(false),
        }
    }

    /// The text that is to be stored; empty: what holds by itself.
    fn given(self) -> String {
        let text = if self.spec.kind == FieldKind::Flag { self.flag.get_untracked().to_string() } else { self.text.get_untracked() };
        if text == self.spec.default { String::new() } else { text }
    }
}

/// Which part of the form a field stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Always seen.
    Front,
    /// Among what few need.
    More,
    /// Among the texts of messages.
    Texts,
}

/// Where a field stands: what most people fill in is in front.
pub fn place_of(kind: NotifierKind, spec: &FieldSpec) -> Place {
    let usual = match kind {
        NotifierKind::Smtp => ["port", "security", "user", "password"].contains(&spec.name),
        NotifierKind::DingTalk | NotifierKind::Feishu => spec.name == "sign_secret",
        _ => false,
    };
    match spec.kind {
        FieldKind::Template => Place::Texts,
        _ if spec.required || usual => Place::Front,
        _ => Place::More,
    }
}

/// Everything that stands in the form.
#[derive(Clone, Copy)]
pub struct Values {
    pub kind: NotifierKind,
    pub name: RwSignal<String>,
    pub enabled: RwSignal<bool>,
    pub language: RwSignal<Language>,
    pub time_zone: RwSignal<String>,
    fields: StoredValue<Vec<Value>>,
}

impl Values {
    /// Of a notifier that is there, or of a new one.
    pub fn of(notifier: &NotifierView) -> Self {
        let fields = notifier.kind.fields().map(|spec| Value::of(spec, notifier)).collect();
        Self {
            kind: notifier.kind,
            name: RwSignal::new(notifier.name.clone()),
            enabled: RwSignal::new(notifier.enabled),
            language: RwSignal::new(notifier.language),
            time_zone: RwSignal::new(notifier.time_zone.clone()),
            fields: StoredValue::new(fields),
        }
    }

    /// The fields of a part of the form, in their order.
    pub fn at(self, place: Place) -> Vec<Value> {
        self.fields.with_value(|fields| fields.iter().filter(|value| place_of(self.kind, value.spec) == place).copied().collect())
    }

    /// What is to be sent.
    pub fn form(self) -> NotifierForm {
        let mut form = NotifierForm {
            name: self.name.get_untracked(),
            kind: self.kind,
            enabled: self.enabled.get_untracked(),
            language: self.language.get_untracked(),
            time_zone: self.time_zone.get_untracked().trim().to_owned(),
            ..NotifierForm::default()
        };
        for value in self.fields.get_value() {
            let (name, given) = (value.spec.name.to_owned(), value.given());
            match (value.spec.secret, given.is_empty()) {
                (true, false) => drop(form.secrets.insert(name, Secret::new(given))),
                (true, true) if value.forget.get_untracked() => drop(form.forget.insert(name)),
                (false, false) => drop(form.fields.insert(name, given)),
                (_, true) => {}
            }
        }
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: Values, place: Place) -> Vec<&'static str> {
        values.at(place).iter().map(|value| value.spec.name).collect()
    }

    #[test]
    fn only_what_was_changed_is_sent() {
        let owner = Owner::new();
        owner.set();
        let notifier = NotifierView {
            kind: NotifierKind::DingTalk,
            name: "ops".into(),
            secrets_set: ["access_token".to_owned(), "sign_secret".to_owned()].into(),
            ..NotifierView::default()
        };
        let values = Values::of(&notifier);
        assert_eq!(names(values, Place::Front), ["access_token", "sign_secret"]);
        assert_eq!(names(values, Place::Texts), ["subject", "body"]);
        let form = values.form();
        assert!(form.fields.is_empty() && form.secrets.is_empty() && form.forget.is_empty());
        let field = |place, name: &str| values.at(place).into_iter().find(|value| value.spec.name == name);
        if let (Some(secret), Some(private), Some(mobiles)) =
            (field(Place::Front, "sign_secret"), field(Place::More, "allow_private"), field(Place::More, "mobiles"))
        {
            secret.forget.set(true);
            private.flag.set(true);
            mobiles.text.set("1, 2".into());
        }
        let form = values.form();
        assert!(form.forget.contains("sign_secret"));
        assert_eq!(
            form.fields.iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>(),
            ["allow_private=true", "mobiles=1, 2"]
        );
    }

    #[test]
    fn every_required_field_is_in_front() {
        for &kind in NotifierKind::ALL {
            for spec in kind.fields() {
                assert!(!spec.required || place_of(kind, spec) == Place::Front, "{kind:?} {}", spec.name);
            }
            let front = kind.fields().filter(|spec| place_of(kind, spec) == Place::Front).count();
            assert!((1..=7).contains(&front), "{kind:?}: {front}");
        }
    }
}
