//! `/setup`: creates the administrator at the first start.

use super::front_form::FrontForm;
use crate::api::accounts::set_up;
use crate::browser;
use crate::components::{FormErrors, FrontFrame, PageTitle, PasswordField, TextField};
use crate::error::Field;
use crate::forms::SetupForm;
use crate::i18n::{text, use_i18n};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// `/setup`.
#[component]
pub fn SetupPage() -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let action = Action::new(|form: &SetupForm| set_up(form.clone()));
    view! {
        <PageTitle page=text!(i18n, account.setup.title)/>
        <FrontFrame>
            <h1>{text!(i18n, account.setup.title)}</h1>
            <p class="secondary">{text!(i18n, account.setup.text)}</p>
            <FrontForm id="setup-form" errors action read=read_form submit_id="setup-submit" submit_label>
                <TextField
                    field=Field::SetupToken errors test_id="setup-token"
                    label=text!(i18n, account.setup.token)
                    hint=text!(i18n, account.setup.token_hint)
                />
                <TextField
                    field=Field::UserName errors test_id="setup-user" autocomplete="username"
                    label=text!(i18n, account.setup.user)
                />
                <PasswordField
                    field=Field::Password errors test_id="setup-password" autocomplete="new-password"
                    label=text!(i18n, account.setup.password)
                    hint=text!(i18n, account.setup.password_hint)
                />
                <PasswordField
                    field=Field::PasswordAgain errors test_id="setup-password-again" autocomplete="new-password"
                    label=text!(i18n, account.setup.password_again)
                />
            </FrontForm>
        </FrontFrame>
    }
}

fn submit_label(busy: bool) -> AnyView {
    let i18n = use_i18n();
    if busy { text!(i18n, account.setup.submitting).into_any() } else { text!(i18n, account.setup.submit).into_any() }
}

fn read_form(event: &SubmitEvent) -> SetupForm {
    let values = browser::values_of(event);
    SetupForm {
        token: values.secret(Field::SetupToken),
        user_name: values.text(Field::UserName),
        password: values.secret(Field::Password),
        password_again: values.secret(Field::PasswordAgain),
    }
}
