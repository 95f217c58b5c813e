//! A table with a header, RFC 4180: <https://www.rfc-editor.org/rfc/rfc4180>.

use super::Described;
use ::csv::{ReaderBuilder, StringRecord};
use app::error::{Field, FieldError, FieldReason};
use app::forms::{HostForm, LoginMethod};
use protocol::secret::Secret;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Address,
    Port,
    User,
    Password,
    SudoPassword,
    Remark,
    Group,
    Tags,
    Agentless,
}

/// Names of the columns, in lower case.
const NAMES: [(Column, &[&str]); 9] = [
    (Column::Address, &["address", "host", "hostname", "ip", "地址", "主机", "主机地址"]),
    (Column::Port, &["port", "ssh_port", "端口"]),
    (Column::User, &["user", "username", "用户", "用户名"]),
    (Column::Password, &["password", "密码"]),
    (Column::SudoPassword, &["sudo_password", "sudo password", "sudo密码", "sudo 密码"]),
    (Column::Remark, &["remark", "name", "备注", "名称"]),
    (Column::Group, &["group", "分组", "组"]),
    (Column::Tags, &["tags", "tag", "标签"]),
    (Column::Agentless, &["agentless", "免安装", "无代理"]),
];

/// Reads a table. Empty cells take the default.
///
/// # Errors
/// A column that is not known, or none for addresses.
pub fn read(text: &str, defaults: &HostForm) -> Result<Vec<Described>, FieldReason> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let columns = columns_of(reader.headers().map_err(|_| FieldReason::NotALine)?)?;
    Ok(reader.records().map(|record| describe(record, &columns, defaults)).collect())
}

fn columns_of(header: &StringRecord) -> Result<Vec<Column>, FieldReason> {
    let column = |name: &str| {
        let lower = name.trim().to_lowercase();
        let found = NAMES.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(column, _)| *column);
        found.ok_or_else(|| FieldReason::UnknownColumn { name: name.trim().chars().take(40).collect() })
    };
    let columns = header.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    if columns.contains(&Column::Address) { Ok(columns) } else { Err(FieldReason::UnknownColumn { name: String::new() }) }
}

fn describe(record: Result<StringRecord, ::csv::Error>, columns: &[Column], defaults: &HostForm) -> Described {
    let mut form = HostForm { fingerprint: String::new(), remark: String::new(), address: String::new(), ..defaults.clone() };
    let unreadable = || FieldError { field: Field::Line, reason: FieldReason::NotALine };
    let record = match record {
        Ok(record) => record,
        Err(error) => {
            let line = error.position().map_or(0, |position| position.line() as usize);
            return Described { line, form, errors: vec![unreadable()] };
        }
    };
    let mut errors = Vec::new();
    if record.len() > columns.len() {
        errors.push(unreadable());
    }
    for (column, cell) in columns.iter().zip(&record) {
        let text = cell.trim();
        if text.is_empty() {
            continue;
        }
        match column {
            Column::Address => text.clone_into(&mut form.address),
            Column::Port => text.clone_into(&mut form.port),
            Column::User => text.clone_into(&mut form.user),
            Column::Password => {
                form.method = LoginMethod::Password;
                // Blanks may belong to a password.
                form.password = Secret::new(cell);
            }
            Column::SudoPassword => form.sudo_password = Secret::new(cell),
            Column::Remark => text.clone_into(&mut form.remark),
            Column::Group => text.clone_into(&mut form.group),
            Column::Tags => form.tags = text.replace([';', '；', '|'], ","),
            Column::Agentless => match text.to_lowercase().as_str() {
                "1" | "yes" | "true" | "y" | "是" => form.agentless = true,
                "0" | "no" | "false" | "n" | "否" => form.agentless = false,
                _ => errors.push(unreadable()),
            },
        }
    }
    let line = record.position().map_or(0, |position| position.line() as usize);
    Described { line, form, errors }
}
