//! Adding many hosts from one text: the text, what was understood, how it goes.

use super::batch_progress::BatchProgress;
use super::context::HostsContext;
use super::dialogs::HEADING;
use super::fields::{AgentlessTick, DisplayFields, LoginFields, StoredLogin};
use super::form_values::{Choices, read_form};
use crate::api::hosts::{create_batch, preview_batch};
use crate::browser;
use crate::components::{DialogHead, ErrorNotice, FormErrors, SecretText, TextField};
use crate::error::Field;
use crate::forms::{BatchForm, BatchKind, HostForm};
use crate::i18n::{t, t_string, text, use_i18n};
use crate::texts::field_reason_text;
use crate::views::BatchLine;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::collections::HashSet;

const FORM: &str = "batch-form";

/// Where the person is.
#[derive(Clone)]
enum Stage {
    Writing,
    Checking(Vec<BatchLine>),
    Going(Vec<(i64, String)>),
}

/// The dialog for many hosts.
#[component]
pub fn BatchScreen() -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let initial = HostForm::default();
    let (errors, choices, kind) = (FormErrors::new(), Choices::of(&initial), RwSignal::new(BatchKind::List));
    let (stage, sent) = (RwSignal::new(Stage::Writing), StoredValue::new(BatchForm::default()));
    let left_out: RwSignal<HashSet<usize>> = RwSignal::new(HashSet::new());
    let preview = Action::new(move |form: &BatchForm| preview_batch(form.clone()));
    Effect::new(move || match preview.value().get() {
        Some(Ok(lines)) => {
            left_out.set(HashSet::new());
            stage.set(Stage::Checking(lines));
        }
        Some(Err(error)) => {
            errors.set(Some(error));
            browser::focus_first_invalid(FORM);
        }
        None => {}
    });
    let create = Action::new(move |lines: &Vec<(usize, String)>| {
        let (form, lines) = (sent.get_value(), lines.clone());
        async move {
            let added = create_batch(form, lines.iter().map(|(line, _)| *line).collect()).await?;
            let name = |line: usize| lines.iter().find(|(other, _)| *other == line).map(|(_, name)| name.clone()).unwrap_or_default();
            Ok(added.into_iter().map(|added| (added.host_id, name(added.line))).collect::<Vec<_>>())
        }
    });
    Effect::new(move || {
        if let Some(Ok(added)) = create.value().get() {
            context.hosts.refetch();
            stage.set(Stage::Going(added));
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !preview.pending().get_untracked() {
            errors.set(None);
            let values = browser::values_of(&event);
            let form = BatchForm { kind: kind.get_untracked(), text: values.secret(Field::Batch), defaults: read_form(&values, choices) };
            sent.set_value(form.clone());
            preview.dispatch(form);
        }
    };
    let refused = move || create.value().get().and_then(Result::err).filter(|_: &crate::error::ApiError| !create.pending().get());
    let writing = Memo::new(move |_| stage.with(|stage| matches!(stage, Stage::Writing)));
    // The form stays while the lines are looked at, so that going back loses nothing.
    view! {
        <form class="dialog-frame" class:is-hidden=move || !writing.get() id=FORM method="post" novalidate autocomplete="off" on:submit=submit>
            <DialogHead id=HEADING on_close=context.on_close()>{text!(i18n, hosts.batch.title)}</DialogHead>
            <div class="dialog-body">
                <KindChoice kind/>
                <SecretText field=Field::Batch errors test_id="batch-text" label=text!(i18n, hosts.batch.text)
                    hint=move || match kind.get() {
                        BatchKind::List => t_string!(i18n, hosts.batch.hint_list),
                        BatchKind::Csv => t_string!(i18n, hosts.batch.hint_csv),
                        BatchKind::SshConfig => t_string!(i18n, hosts.batch.hint_ssh_config),
                    }
                    placeholder=move || match kind.get() {
                        BatchKind::List => "10.0.0.11\nroot@web-02.example.com:2222 web-02\nadmin:password@[2001:db8::1]:22 db-01",
                        BatchKind::Csv => "address,port,user,password,remark,group,tags\n10.0.0.11,22,root,,web-01,web,\"nginx;cn\"",
                        BatchKind::SshConfig => "Host web-01\n    HostName 10.0.0.11\n    User root",
                    }/>
                <label class="button file-button">
                    {text!(i18n, hosts.batch.file)}
                    <input type="file" class="visually-hidden" data-testid="batch-file" accept=".csv,.txt,.conf,text/*"
                        on:change=move |event| browser::read_file(&event, Field::Batch)/>
                </label>
                <fieldset class="form-group">
                    <legend class="form-group-title">{text!(i18n, hosts.batch.defaults)}</legend>
                    <div class="form-row">
                        <div class="span-3">
                            <TextField field=Field::Port errors test_id="host-port" value=initial.port.clone() inputmode="numeric"
                                label=text!(i18n, hosts.form.port)/>
                        </div>
                    </div>
                    <LoginFields user=initial.user.clone() errors method=choices.method stored=StoredLogin::default()/>
                    <DisplayFields initial=initial.clone() errors named=false/>
                    <AgentlessTick agentless=choices.agentless/>
                </fieldset>
                // What a batch cannot say otherwise stays as usual.
                <input type="hidden" name="exporter_port" value=initial.exporter_port/>
                {move || errors.general().map(|error| view! { <ErrorNotice error/> })}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" on:click=move |_| context.on_close().run(())>{text!(i18n, common.dialog.cancel)}</button>
                <button type="submit" class="button button-main" data-testid="batch-check" disabled=move || preview.pending().get()>
                    {text!(i18n, hosts.batch.check)}
                </button>
            </footer>
        </form>
        {move || match stage.get() {
            Stage::Writing => ().into_any(),
            Stage::Checking(lines) => view! {
                <Lines lines left_out busy=create.pending().into() on_back=move || stage.set(Stage::Writing)
                    on_add=move |lines| { create.dispatch(lines); }>
                    {move || refused().map(|error| view! { <ErrorNotice error/> })}
                </Lines>
            }.into_any(),
            Stage::Going(added) => view! { <BatchProgress added/> }.into_any(),
        }}
    }
}

#[component]
fn KindChoice(kind: RwSignal<BatchKind>) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |wanted: BatchKind, word: &'static str, label: Signal<&'static str>| {
        view! {
            <label class="choice-option">
                <input type="radio" name="kind" data-testid=format!("batch-kind-{word}")
                    prop:checked=move || kind.get() == wanted on:change=move |_| kind.set(wanted)/>
                {label}
            </label>
        }
    };
    view! {
        <div class="field" role="radiogroup" aria-label=text!(i18n, hosts.batch.kind)>
            <span class="choice">
                {option(BatchKind::List, "list", Signal::derive(text!(i18n, hosts.batch.kind_list)))}
                {option(BatchKind::Csv, "csv", Signal::derive(text!(i18n, hosts.batch.kind_csv)))}
                {option(BatchKind::SshConfig, "ssh_config", Signal::derive(text!(i18n, hosts.batch.kind_ssh_config)))}
            </span>
        </div>
    }
}

/// What was understood, line by line; those that are right can be left out.
#[component]
fn Lines(
    lines: Vec<BatchLine>,
    left_out: RwSignal<HashSet<usize>>,
    busy: Signal<bool>,
    on_back: impl Fn() + Copy + Send + Sync + 'static,
    on_add: impl Fn(Vec<(usize, String)>) + Copy + Send + Sync + 'static,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let context: HostsContext = expect_context();
    let right: Vec<(usize, String)> = lines.iter().filter(|line| line.errors.is_empty()).map(|line| (line.line, name_of(line))).collect();
    let wrong = lines.len() - right.len();
    let right = StoredValue::new(right);
    let chosen = move || {
        left_out.with(|left_out| {
            right.with_value(|right| right.iter().filter(|(line, _)| !left_out.contains(line)).cloned().collect::<Vec<_>>())
        })
    };
    let count = Memo::new(move |_| chosen().len());
    let rows = lines.into_iter().map(|line| view! { <LineRow line left_out/> }).collect_view();
    view! {
        <div class="dialog-frame">
            <DialogHead id=HEADING on_close=context.on_close()>{text!(i18n, hosts.batch.preview_title)}</DialogHead>
            <div class="dialog-body">
                <p role="status" data-testid="batch-summary">{t!(i18n, hosts.batch.summary, count = move || count.get(), wrong = wrong)}</p>
                <div class="table-wrap batch-table">
                    <table class="table">
                        <thead><tr>
                            <th scope="col"><span class="visually-hidden">{text!(i18n, hosts.column.select)}</span></th>
                            <th scope="col">{text!(i18n, hosts.batch.line)}</th>
                            <th scope="col">{text!(i18n, hosts.column.address)}</th>
                            <th scope="col">{text!(i18n, hosts.form.user)}</th>
                            <th scope="col">{text!(i18n, hosts.form.remark)}</th>
                            <th scope="col">{text!(i18n, hosts.form.group)}</th>
                            <th scope="col">{text!(i18n, hosts.batch.result)}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {children()}
            </div>
            <footer class="dialog-actions">
                <button type="button" class="button" data-testid="batch-back" on:click=move |_| on_back()>{text!(i18n, hosts.batch.back)}</button>
                <button type="button" class="button button-main" data-testid="batch-add" disabled=move || busy.get() || count.get() == 0
                    on:click=move |_| on_add(untrack(chosen))
                >{t!(i18n, hosts.batch.add, count = move || count.get())}</button>
            </footer>
        </div>
    }
}

#[component]
fn LineRow(line: BatchLine, left_out: RwSignal<HashSet<usize>>) -> impl IntoView {
    let i18n = use_i18n();
    let (number, right) = (line.line, line.errors.is_empty());
    let name = StoredValue::new(name_of(&line));
    let errors = line.errors;
    let result = move || match errors.is_empty() {
        true => t_string!(i18n, hosts.batch.right).to_string(),
        false => errors.iter().map(|error| field_reason_text(i18n.get_locale(), error.field, &error.reason)).collect::<Vec<_>>().join(" "),
    };
    let place =
        if line.address.contains(':') { format!("[{}]:{}", line.address, line.port) } else { format!("{}:{}", line.address, line.port) };
    let tick = right.then(|| {
        view! {
            <input type="checkbox" class="row-tick" aria-label=move || t_string!(i18n, hosts.select.host_of, name = name.get_value())
                prop:checked=move || left_out.with(|left_out| !left_out.contains(&number))
                on:change:target=move |event| left_out.update(|left_out| {
                    if event.target().checked() { left_out.remove(&number) } else { left_out.insert(number) };
                })/>
        }
    });
    view! {
        <tr data-testid=format!("batch-line-{number}") data-state=if right { "right" } else { "wrong" }>
            <td class="tick-cell">{tick}</td>
            <td data-label=text!(i18n, hosts.batch.line)>{number}</td>
            <td data-label=text!(i18n, hosts.column.address)><span class="mono">{place}</span></td>
            <td data-label=text!(i18n, hosts.form.user)>{line.user}</td>
            <td data-label=text!(i18n, hosts.form.remark)>{line.remark}</td>
            <td data-label=text!(i18n, hosts.form.group)>{line.group}</td>
            <td data-label=text!(i18n, hosts.batch.result)>
                <span class=if right { "batch-right" } else { "batch-wrong" }>
                    <span aria-hidden="true">{if right { "✓ " } else { "▲ " }}</span>{result}
                </span>
            </td>
        </tr>
    }
}

fn name_of(line: &BatchLine) -> String {
    if line.remark.is_empty() { line.address.clone() } else { line.remark.clone() }
}
