//! The fields of a host's form.

use super::context::HostsContext;
use super::form_values::Choices;
use crate::components::{FormErrors, PasswordField, SecretText, TextField};
use crate::error::Field;
use crate::forms::{HostForm, LoginMethod};
use crate::i18n::{t_string, text, use_i18n};
use leptos::either::Either;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Which secrets of a host the centre has.
#[derive(Clone, Copy, Default)]
pub struct StoredLogin {
    /// Method whose secret is stored.
    pub method: Option<LoginMethod>,
    pub sudo_password: bool,
    pub exporter_password: bool,
}

/// All fields of a host's form; the centre's own machine has only those of its display.
#[component]
pub fn HostFields(initial: HostForm, errors: FormErrors, choices: Choices, stored: StoredLogin, local: bool) -> impl IntoView {
    let method = choices.method;
    let connection = (!local).then(|| view! { <ConnectionFields initial=initial.clone() errors method stored/> });
    let sources = (!local).then(|| view! { <SourceFields initial=initial.clone() errors choices stored/> });
    let advanced = (!local).then(|| view! { <AdvancedFields initial=initial.clone() errors/> });
    view! {
        {connection}
        <DisplayFields initial errors named=true/>
        {sources}
        {advanced}
    }
}

/// How to reach the host and log in.
#[component]
fn ConnectionFields(
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
                    label=text!(i18n, hosts.form.address)
                    placeholder=text!(i18n, hosts.form.address_hint)/>
            </div>
            <div class="span-3">
                <TextField field=Field::Port errors test_id="host-port" value=initial.port inputmode="numeric"
                    label=text!(i18n, hosts.form.port)/>
            </div>
        </div>
        <LoginFields user=initial.user errors method stored/>
    }
}

/// As whom to log in, and how.
#[component]
pub fn LoginFields(user: String, errors: FormErrors, method: RwSignal<LoginMethod>, stored: StoredLogin) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="form-row">
            <div class="span-6">
                <TextField field=Field::SshUser errors test_id="host-user" value=user label=text!(i18n, hosts.form.user)/>
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
            <span class="field-label" id="method-label">{text!(i18n, hosts.form.method)}</span>
            <span class="choice">
                <label class="choice-option">
                    <input type="radio" name="method" data-testid="host-method-password"
                        prop:checked=is(LoginMethod::Password) on:change=move |_| method.set(LoginMethod::Password)/>
                    {text!(i18n, hosts.form.method_password)}
                </label>
                <label class="choice-option">
                    <input type="radio" name="method" data-testid="host-method-key"
                        prop:checked=is(LoginMethod::PrivateKey) on:change=move |_| method.set(LoginMethod::PrivateKey)/>
                    {text!(i18n, hosts.form.method_key)}
                </label>
            </span>
        </div>
    }
}

#[component]
fn SecretFields(errors: FormErrors, method: RwSignal<LoginMethod>, stored: StoredLogin) -> impl IntoView {
    let i18n = use_i18n();
    let kept = move |stored: bool| move || if stored { t_string!(i18n, hosts.form.kept) } else { "" };
    let note = text!(i18n, hosts.form.encrypted_note);
    let login = move || {
        let kept = kept(stored.method == Some(method.get()));
        match method.get() {
            LoginMethod::Password => Either::Left(view! {
                <PasswordField field=Field::SshPassword errors test_id="host-password" autocomplete="new-password"
                    label=text!(i18n, hosts.form.password)
                    hint=note
                    placeholder=kept/>
            }),
            LoginMethod::PrivateKey => Either::Right(view! {
                <SecretText field=Field::PrivateKey errors test_id="host-private-key"
                    label=text!(i18n, hosts.form.private_key)
                    hint=note
                    placeholder=kept/>
                <PasswordField field=Field::Passphrase errors test_id="host-passphrase" autocomplete="new-password" optional=true
                    label=text!(i18n, hosts.form.passphrase)
                    placeholder=kept/>
            }),
        }
    };
    view! {
        {login}
        <PasswordField field=Field::SudoPassword errors test_id="host-sudo-password" autocomplete="new-password" optional=true
            label=text!(i18n, hosts.form.sudo_password)
            hint=text!(i18n, hosts.form.sudo_hint)
            placeholder=kept(stored.sudo_password)/>
    }
}

/// How the host is called and from when on it is a worry.
#[component]
pub fn DisplayFields(
    initial: HostForm,
    errors: FormErrors,
    /// Whether there is one host to be called something.
    named: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let remark = named.then(|| {
        view! {
            <div class="span-12">
                <TextField field=Field::Remark errors test_id="host-remark" value=initial.remark optional=true
                    label=text!(i18n, hosts.form.remark)
                    placeholder=text!(i18n, hosts.form.remark_hint)/>
            </div>
        }
    });
    view! {
        <div class="form-row">
            {remark}
            <div class="span-6">
                <TextField field=Field::Group errors test_id="host-group" value=initial.group optional=true list=GROUPS
                    label=text!(i18n, hosts.form.group)
                    placeholder=text!(i18n, hosts.form.group_hint)/>
                <GroupList/>
            </div>
            <div class="span-6">
                <TextField field=Field::Tags errors test_id="host-tags" value=initial.tags optional=true
                    label=text!(i18n, hosts.form.tags)
                    placeholder=text!(i18n, hosts.form.tags_hint)/>
            </div>
        </div>
        <fieldset class="form-group">
            <legend class="form-group-title">{text!(i18n, hosts.form.thresholds)}</legend>
            <div class="form-row">
                <div class="span-4">
                    <TextField field=Field::CpuThreshold errors test_id="host-cpu-threshold" value=initial.cpu_threshold unit="%"
                        inputmode="numeric" label=text!(i18n, hosts.form.cpu_threshold)/>
                </div>
                <div class="span-4">
                    <TextField field=Field::MemoryThreshold errors test_id="host-memory-threshold" value=initial.memory_threshold unit="%"
                        inputmode="numeric" label=text!(i18n, hosts.form.memory_threshold)/>
                </div>
                <div class="span-4">
                    <TextField field=Field::DiskThreshold errors test_id="host-disk-threshold" value=initial.disk_threshold unit="%"
                        inputmode="numeric" label=text!(i18n, hosts.form.disk_threshold)/>
                </div>
            </div>
        </fieldset>
    }
}

/// Id of the list of groups that are there.
const GROUPS: &str = "host-groups";

/// The groups that are there, offered while one is typed.
#[component]
fn GroupList() -> impl IntoView {
    let HostsContext { hosts, .. } = expect_context();
    let groups = move || {
        let all = hosts.get().and_then(Result::ok).unwrap_or_default();
        let names: BTreeSet<String> = all.into_iter().map(|host| host.card.group).filter(|group| !group.is_empty()).collect();
        names.into_iter().map(|group| view! { <option value=group></option> }).collect_view()
    };
    view! { <datalist id=GROUPS><Transition>{groups}</Transition></datalist> }
}

/// Whether anything is installed.
#[component]
pub fn AgentlessTick(agentless: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="tick">
            <input type="checkbox" data-testid="host-agentless" prop:checked=agentless
                on:change:target=move |event| agentless.set(event.target().checked())/>
            <span>{text!(i18n, hosts.form.agentless)}</span>
            <span class="field-hint">{text!(i18n, hosts.form.agentless_hint)}</span>
        </label>
    }
}

/// In which ways the host is read.
#[component]
fn SourceFields(initial: HostForm, errors: FormErrors, choices: Choices, stored: StoredLogin) -> impl IntoView {
    let i18n = use_i18n();
    let wrong =
        Memo::new(move |_| errors.any_of(&[Field::ExporterPort, Field::ExporterCertificate, Field::ExporterUser, Field::ExporterPassword]));
    let tls = choices.exporter_tls;
    let kept = move || if stored.exporter_password { t_string!(i18n, hosts.form.kept) } else { "" };
    view! {
        <AgentlessTick agentless=choices.agentless/>
        <details class="fold" prop:open=move || wrong.get()>
            <summary data-testid="host-exporter">{text!(i18n, hosts.form.exporter)}</summary>
            <div class="form-group">
                <p class="field-hint">{text!(i18n, hosts.form.exporter_hint)}</p>
                <div class="form-row">
                    <div class="span-4">
                        <TextField field=Field::ExporterPort errors test_id="host-exporter-port" value=initial.exporter_port inputmode="numeric"
                            label=text!(i18n, hosts.form.exporter_port)/>
                    </div>
                    <div class="span-4">
                        <TextField field=Field::ExporterUser errors test_id="host-exporter-user" value=initial.exporter_user optional=true
                            label=text!(i18n, hosts.form.user)/>
                    </div>
                    <div class="span-4">
                        <PasswordField field=Field::ExporterPassword errors test_id="host-exporter-password" autocomplete="new-password"
                            optional=true label=text!(i18n, hosts.form.password) placeholder=kept/>
                    </div>
                </div>
                <label class="tick">
                    <input type="checkbox" data-testid="host-exporter-tls" prop:checked=tls
                        on:change:target=move |event| tls.set(event.target().checked())/>
                    <span>{text!(i18n, hosts.form.exporter_tls)}</span>
                </label>
                <TextField field=Field::ExporterCertificate errors test_id="host-exporter-certificate" value=initial.exporter_certificate
                    optional=true label=text!(i18n, hosts.form.exporter_certificate)
                    hint=text!(i18n, hosts.form.exporter_certificate_hint)/>
            </div>
        </details>
    }
}

/// The key that the host must show.
#[component]
fn AdvancedFields(initial: HostForm, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    // A wrong entry must not hide in the fold.
    let wrong = Memo::new(move |_| errors.any_of(&[Field::Fingerprint]));
    view! {
        <details class="fold" prop:open=move || wrong.get()>
            <summary data-testid="host-advanced">{text!(i18n, hosts.form.advanced)}</summary>
            <div>
                <TextField field=Field::Fingerprint errors test_id="host-fingerprint" value=initial.fingerprint optional=true
                    label=text!(i18n, hosts.form.fingerprint)
                    hint=text!(i18n, hosts.form.fingerprint_hint)
                    placeholder="SHA256:…"/>
            </div>
        </details>
    }
}
