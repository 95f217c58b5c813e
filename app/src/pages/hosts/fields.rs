//! The fields of a host's form.

use crate::components::{FormErrors, PasswordField, SecretText, TextField};
use crate::error::Field;
use crate::forms::{HostForm, LoginMethod};
use crate::i18n::{t, t_string, use_i18n};
use leptos::either::Either;
use leptos::prelude::*;

/// Which secrets of a host the centre has.
#[derive(Clone, Copy, Default)]
pub struct StoredLogin {
    /// Method whose secret is stored.
    pub method: Option<LoginMethod>,
    pub sudo_password: bool,
}

/// How to reach the host and log in.
#[component]
pub fn ConnectionFields(
    initial: HostForm,
    errors: FormErrors,
    method: RwSignal<LoginMethod>,
    /// What is stored already, so that it stays when nothing is entered.
    stored: StoredLogin,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="form-row">
            <div class="span-9">
                <TextField field=Field::Address errors test_id="host-address" value=initial.address autofocus=true
                    label=move || t_string!(i18n, hosts.form.address)
                    placeholder=move || t_string!(i18n, hosts.form.address_hint)/>
            </div>
            <div class="span-3">
                <TextField field=Field::Port errors test_id="host-port" value=initial.port inputmode="numeric"
                    label=move || t_string!(i18n, hosts.form.port)/>
            </div>
            <div class="span-6">
                <TextField field=Field::SshUser errors test_id="host-user" value=initial.user
                    label=move || t_string!(i18n, hosts.form.user)/>
            </div>
            <div class="span-6"><MethodChoice method/></div>
        </div>
        <SecretFields errors method stored/>
    }
}

/// Password or private key.
#[component]
fn MethodChoice(method: RwSignal<LoginMethod>) -> impl IntoView {
    let i18n = use_i18n();
    let is = move |wanted| move || method.get() == wanted;
    view! {
        <div class="field" role="radiogroup" aria-labelledby="method-label">
            <span class="field-label" id="method-label">{t!(i18n, hosts.form.method)}</span>
            <span class="choice">
                <label class="choice-option">
                    <input type="radio" name="method" data-testid="host-method-password"
                        prop:checked=is(LoginMethod::Password) on:change=move |_| method.set(LoginMethod::Password)/>
                    {t!(i18n, hosts.form.method_password)}
                </label>
                <label class="choice-option">
                    <input type="radio" name="method" data-testid="host-method-key"
                        prop:checked=is(LoginMethod::PrivateKey) on:change=move |_| method.set(LoginMethod::PrivateKey)/>
                    {t!(i18n, hosts.form.method_key)}
                </label>
            </span>
        </div>
    }
}

#[component]
fn SecretFields(errors: FormErrors, method: RwSignal<LoginMethod>, stored: StoredLogin) -> impl IntoView {
    let i18n = use_i18n();
    let kept = move |stored: bool| move || if stored { t_string!(i18n, hosts.form.kept) } else { "" };
    let note = move || t_string!(i18n, hosts.form.encrypted_note);
    let login = move || {
        let kept = kept(stored.method == Some(method.get()));
        match method.get() {
            LoginMethod::Password => Either::Left(view! {
                <PasswordField field=Field::SshPassword errors test_id="host-password" autocomplete="new-password"
                    label=move || t_string!(i18n, hosts.form.password)
                    hint=note
                    placeholder=kept/>
            }),
            LoginMethod::PrivateKey => Either::Right(view! {
                <SecretText field=Field::PrivateKey errors test_id="host-private-key"
                    label=move || t_string!(i18n, hosts.form.private_key)
                    hint=note
                    placeholder=kept/>
                <PasswordField field=Field::Passphrase errors test_id="host-passphrase" autocomplete="new-password" optional=true
                    label=move || t_string!(i18n, hosts.form.passphrase)
                    placeholder=kept/>
            }),
        }
    };
    view! {
        {login}
        <PasswordField field=Field::SudoPassword errors test_id="host-sudo-password" autocomplete="new-password" optional=true
            label=move || t_string!(i18n, hosts.form.sudo_password)
            hint=move || t_string!(i18n, hosts.form.sudo_hint)
            placeholder=kept(stored.sudo_password)/>
    }
}

/// How the host is called and from when on it is a worry.
#[component]
pub fn DisplayFields(initial: HostForm, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="form-row">
            <div class="span-6">
                <TextField field=Field::Remark errors test_id="host-remark" value=initial.remark optional=true
                    label=move || t_string!(i18n, hosts.form.remark)
                    placeholder=move || t_string!(i18n, hosts.form.remark_hint)/>
            </div>
            <div class="span-6">
                <TextField field=Field::Tags errors test_id="host-tags" value=initial.tags optional=true
                    label=move || t_string!(i18n, hosts.form.tags)
                    placeholder=move || t_string!(i18n, hosts.form.tags_hint)/>
            </div>
        </div>
        <fieldset class="form-group">
            <legend class="form-group-title">{t!(i18n, hosts.form.thresholds)}</legend>
            <div class="form-row">
                <div class="span-4">
                    <TextField field=Field::CpuThreshold errors test_id="host-cpu-threshold" value=initial.cpu_threshold unit="%"
                        inputmode="numeric" label=move || t_string!(i18n, hosts.form.cpu_threshold)/>
                </div>
                <div class="span-4">
                    <TextField field=Field::MemoryThreshold errors test_id="host-memory-threshold" value=initial.memory_threshold unit="%"
                        inputmode="numeric" label=move || t_string!(i18n, hosts.form.memory_threshold)/>
                </div>
                <div class="span-4">
                    <TextField field=Field::DiskThreshold errors test_id="host-disk-threshold" value=initial.disk_threshold unit="%"
                        inputmode="numeric" label=move || t_string!(i18n, hosts.form.disk_threshold)/>
                </div>
            </div>
        </fieldset>
    }
}

/// The key that the host must show.
#[component]
pub fn AdvancedFields(initial: HostForm, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    // A wrong entry must not hide in the fold.
    let wrong = Memo::new(move |_| errors.any_of(&[Field::Fingerprint]));
    view! {
        <details class="fold" prop:open=move || wrong.get()>
            <summary data-testid="host-advanced">{t!(i18n, hosts.form.advanced)}</summary>
            <div>
                <TextField field=Field::Fingerprint errors test_id="host-fingerprint" value=initial.fingerprint optional=true
                    label=move || t_string!(i18n, hosts.form.fingerprint)
                    hint=move || t_string!(i18n, hosts.form.fingerprint_hint)
                    placeholder="SHA256:…"/>
            </div>
        </details>
    }
}
