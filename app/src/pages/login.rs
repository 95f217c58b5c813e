//! `/login`.

use super::front_form::FrontForm;
use crate::api::accounts::log_in;
use crate::browser;
use crate::components::{FormErrors, FrontFrame, PageTitle, PasswordField, TextField};
use crate::error::Field;
use crate::forms::LoginForm;
use crate::i18n::{text, use_i18n};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// `/login`.
#[component]
pub fn LoginPage() -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let action = Action::new(|form: &LoginForm| log_in(form.clone()));
    view! {
        <PageTitle page=text!(i18n, account.login.title)/>
        <FrontFrame>
            <h1>{text!(i18n, account.login.title)}</h1>
            <FrontForm id="login-form" errors action read=read_form submit_id="login-submit" submit_label>
                <TextField
                    field=Field::UserName errors test_id="login-user" autocomplete="username"
                    label=text!(i18n, account.login.user)
                />
                <PasswordField
                    field=Field::Password errors test_id="login-password" autocomplete="current-password"
                    label=text!(i18n, account.login.password)
                />
            </FrontForm>
        </FrontFrame>
    }
}

fn submit_label(busy: bool) -> AnyView {
    let i18n = use_i18n();
    if busy { text!(i18n, account.login.submitting).into_any() } else { text!(i18n, account.login.submit).into_any() }
}

fn read_form(event: &SubmitEvent) -> LoginForm {
    let values = browser::values_of(event);
    LoginForm { user_name: values.text(Field::UserName), password: values.secret(Field::Password) }
}
