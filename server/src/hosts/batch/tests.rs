//! Texts of many hosts in all three forms, right and wrong.
#![allow(clippy::unwrap_used)]

use super::*;
use app::forms::LoginMethod;
use protocol::secret::Secret;

fn batch(kind: BatchKind, text: &str) -> BatchForm {
    let defaults = HostForm { password: Secret::new("default-pw"), user: "admin".into(), group: "web".into(), ..HostForm::default() };
    BatchForm { kind, text: Secret::new(text), defaults }
}

fn checked(kind: BatchKind, text: &str) -> Vec<CheckedLine> {
    read_batch(&batch(kind, text), |address, port| ((address, port) == ("10.0.0.9", 22)).then(|| "old".into())).unwrap()
}

/// Line, `user@address:port remark`, and the first error.
fn shown(kind: BatchKind, text: &str) -> Vec<(usize, String, Option<FieldReason>)> {
    let line = |checked: CheckedLine| {
        let shown = checked.shown;
        assert_eq!(checked.host.is_some(), shown.errors.is_empty());
        let text = format!("{}@{}:{} {}", shown.user, shown.address, shown.port, shown.remark).trim_end().to_owned();
        (shown.line, text, shown.errors.into_iter().next().map(|error| error.reason))
    };
    checked(kind, text).into_iter().map(line).collect()
}

#[test]
fn a_pasted_list() {
    let text = "\u{feff}# fleet\r\n10.0.0.1\r\n\r\nroot@web.example:2222 网页 服务器\r\n[2001:db8::1]:2022，备注\n2001:db8::2\n\
        ada:p@ss:w@10.0.0.2 # note\nhttp://x\n10.0.0.1:22\n10.0.0.9\n[broken\n10.0.0.3:99999\n";
    let ok = |line: usize, text: &str| (line, text.to_owned(), None);
    let wrong = |line: usize, text: &str, reason| (line, text.to_owned(), Some(reason));
    assert_eq!(
        shown(BatchKind::List, text),
        [
            ok(2, "admin@10.0.0.1:22"),
            ok(4, "root@web.example:2222 网页 服务器"),
            ok(5, "admin@2001:db8::1:2022 备注"),
            ok(6, "admin@2001:db8::2:22"),
            ok(7, "ada@10.0.0.2:22"),
            wrong(8, "admin@http://x:22", FieldReason::NotALine),
            wrong(9, "admin@10.0.0.1:22", FieldReason::Repeated { line: 2 }),
            wrong(10, "admin@10.0.0.9:22", FieldReason::Taken { name: "old".into() }),
            wrong(11, "admin@broken:22", FieldReason::NotALine),
            wrong(12, "admin@10.0.0.3:99999", FieldReason::NotInRange { least: 1, most: 65_535 }),
        ]
    );
}

#[test]
fn passwords_come_from_the_line_or_the_defaults_and_are_not_shown() {
    let lines = checked(BatchKind::List, "ada:p@ss:w@10.0.0.2\n10.0.0.3\n");
    let passwords: Vec<String> =
        lines.iter().map(|line| line.host.as_ref().unwrap().login.password.as_ref().unwrap().reveal().to_owned()).collect();
    assert_eq!(passwords, ["p@ss:w", "default-pw"]);
    for line in lines {
        assert!(!format!("{:?}", line.shown).contains("p@ss"));
    }
}

#[test]
fn a_table() {
    let text = "端口,Address,密码,标签,分组,agentless,remark\n2222,10.0.0.1,\"a,\"\"b\"\" \",db;cache,shop,yes,\"two\nlines\"\n,10.0.0.2,,,,,=cmd()\n,,,,,,\n,10.0.0.4,,,,maybe,\n,10.0.0.5,,,,,x,y\n";
    let lines = checked(BatchKind::Csv, text);
    let first = lines[0].host.as_ref();
    assert!(first.is_none(), "a remark with a line break is refused");
    assert_eq!(lines[0].shown.errors[0].field, Field::Remark);
    let second = lines[1].host.as_ref().unwrap();
    assert_eq!((second.profile.remark.as_str(), second.profile.group.as_str(), second.profile.port), ("=cmd()", "web", 22));
    let lines: Vec<(usize, Option<FieldReason>)> =
        lines.into_iter().map(|line| (line.shown.line, line.shown.errors.into_iter().next().map(|error| error.reason))).collect();
    assert_eq!(lines[2..], [(5, Some(FieldReason::Required)), (6, Some(FieldReason::NotALine)), (7, Some(FieldReason::NotALine))]);
    let whole = |text: &str| read_batch(&batch(BatchKind::Csv, text), |_, _| None).err().unwrap().reason_for(Field::Batch).cloned();
    assert_eq!(whole("address,colour\n1,2\n"), Some(FieldReason::UnknownColumn { name: "colour".into() }));
    assert_eq!(whole("port\n1\n"), Some(FieldReason::UnknownColumn { name: String::new() }));
    assert_eq!(whole("address\n"), Some(FieldReason::Required));
}

#[test]
fn cells_of_a_table_go_where_they_belong() {
    let text =
        "address,port,user,password,sudo_password,remark,group,tags,agentless\n10.0.0.1,2222,ada,\"a,\"\"b\"\" \",s,name,shop,db;cache,1\n";
    let host = checked(BatchKind::Csv, text).remove(0).host.unwrap();
    assert_eq!(host.login.password.as_ref().unwrap().reveal(), "a,\"b\" ");
    assert_eq!(host.login.sudo_password.as_ref().unwrap().reveal(), "s");
    let profile = host.profile;
    assert_eq!((profile.ssh_user.as_str(), profile.port, profile.agentless), ("ada", 2222, true));
    assert_eq!((profile.group.as_str(), profile.tags), ("shop", vec!["cache".to_owned(), "db".to_owned()]));
}

#[test]
fn a_client_configuration() {
    let text = "# mine\nUser everyone\nInclude /etc/passwd\nHost web db\n  HostName %h.example.com\n  Port=2200\nHost *.lan !x.lan\n  User lan\n\
        Host a.lan x.lan\nMatch host b\n  Port 1\nHost \"quoted\"\n  HostName \"10.0.0.7\"\n  User late\nHost *\n  Port 2022\n";
    let ok = |line: usize, text: &str| (line, text.to_owned(), None);
    assert_eq!(
        shown(BatchKind::SshConfig, text),
        [
            ok(4, "everyone@web.example.com:2200 web"),
            ok(4, "everyone@db.example.com:2200 db"),
            ok(9, "everyone@a.lan:2022"),
            ok(9, "everyone@x.lan:2022"),
            ok(12, "everyone@10.0.0.7:2022 quoted"),
        ]
    );
    let lan = "Host *.lan !x.lan\n  User lan\nHost a.lan x.lan\n";
    assert_eq!(shown(BatchKind::SshConfig, lan), [ok(3, "lan@a.lan:22"), ok(3, "admin@x.lan:22")]);
}

#[test]
fn texts_that_are_too_much_are_refused_as_a_whole() {
    let whole = |text: String| read_batch(&batch(BatchKind::List, &text), |_, _| None).err().unwrap().reason_for(Field::Batch).cloned();
    let hosts: String = (0..1_001).map(|number| format!("h{number}\n")).collect();
    assert_eq!(whole(hosts), Some(FieldReason::TooManyLines { most: 1_000 }));
    assert_eq!(whole("x".repeat(MAX_TEXT + 1)), Some(FieldReason::TooLong { most: MAX_TEXT }));
    assert_eq!(whole("# nothing\n".into()), Some(FieldReason::Required));
    let star = batch(BatchKind::SshConfig, &format!("Host {}\nHost {}b\n", "*a".repeat(5_000), "a".repeat(5_000)));
    assert_eq!(read_batch(&star, |_, _| None).unwrap().len(), 1);
}

#[test]
fn a_key_of_the_defaults_is_used_for_all() {
    let mut form = batch(BatchKind::List, "10.0.0.1\nada:pw@10.0.0.2\n");
    form.defaults.method = LoginMethod::PrivateKey;
    form.defaults.private_key = Secret::new("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n");
    let lines = read_batch(&form, |_, _| None).unwrap();
    let methods: Vec<_> = lines.iter().map(|line| line.host.as_ref().unwrap().login.private_key.is_some()).collect();
    assert_eq!(methods, [true, false]);
}
