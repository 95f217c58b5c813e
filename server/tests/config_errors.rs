//! Settings: what wins, and what an error says.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;
use tactus::config::Config;

fn load(file: Option<&str>, variables: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tactus.toml");
    if let Some(text) = file {
        std::fs::write(&path, text).unwrap();
    }
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let loaded = Config::from_sources(file.map(|_| path.as_path()), variables);
    loaded.map_err(|error| error.to_string().replace(path.to_str().unwrap(), "tactus.toml"))
}

#[test]
fn defaults_file_and_environment_in_this_order() {
    let config = load(None, &[]).unwrap();
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.paths.data_dir, Path::new("./data"));
    assert_eq!(config.paths.host_root, Path::new("/"));
    assert_eq!(config.log.filter, "info");
    assert!(!config.outbound.allow_loopback);
    assert!(load(None, &[("TACTUS_OUTBOUND_ALLOW_LOOPBACK", "true")]).unwrap().outbound.allow_loopback);
    assert!(config.http.public_url.is_none() && config.http.trusted_proxies.is_empty());

    let file = r#"
        listen = "[::]:80"
        data_dir = "/var/lib/tactus"
        trusted_proxies = ["10.0.0.1", "::1"]
        public_url = "https://Tactus.example.org/"
        log = "warn"
    "#;
    let config = load(Some(file), &[("TACTUS_LISTEN", "0.0.0.0:8080"), ("TACTUS_LOG", "info,tactus=debug")]).unwrap();
    assert_eq!(config.http.listen.to_string(), "0.0.0.0:8080");
    assert_eq!(config.paths.data_dir, Path::new("/var/lib/tactus"));
    assert_eq!(config.log.filter, "info,tactus=debug");
    assert_eq!(config.http.trusted_proxies.len(), 2);
    let url = config.http.public_url.unwrap();
    assert_eq!((url.secure, url.host.as_str(), url.port), (true, "tactus.example.org", 443));

    let config = load(Some(file), &[("TACTUS_TRUSTED_PROXIES", "192.0.2.1, ::ffff:192.0.2.2")]).unwrap();
    assert_eq!(config.http.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>(), ["192.0.2.1", "192.0.2.2"]);
    assert!(load(Some(file), &[("TACTUS_TRUSTED_PROXIES", "")]).unwrap().http.trusted_proxies.is_empty());
}

#[test]
fn a_number_in_the_environment_is_a_text() {
    assert_eq!(load(None, &[("TACTUS_DATA_DIR", "1")]).unwrap().paths.data_dir, Path::new("1"));
}

#[test]
fn other_variables_are_none_of_our_business() {
    for name in
        ["PATH", "TACTUSX", "TACTUS_REQUIRE_REAL", "TACTUS_TEST_ANYTHING", "TACTUS_TESTBED_DIR", "TACTUS_BENCH_HOSTS", "TACTUS_CI_TOOLS"]
    {
        assert!(load(None, &[(name, "1")]).is_ok(), "{name}");
    }
}

#[test]
fn an_error_names_place_key_found_and_expected() {
    for (file, variables, expected) in [
        (
            Some("listen = 3000"),
            vec![],
            vec!["tactus.toml: ", "`listen`", "found 3000", "expected an address with a port, such as 127.0.0.1:3000"],
        ),
        (Some("listen = \"localhost\""), vec![], vec!["tactus.toml: ", "`listen`", "found \"localhost\""]),
        (Some("lisen = \"x\""), vec![], vec!["tactus.toml: ", "unknown key `lisen`", "listen, data_dir"]),
        (Some("[http]\nlisten = \"x\""), vec![], vec!["tactus.toml: ", "unknown key `http`"]),
        (Some("listen = "), vec![], vec!["tactus.toml: not valid TOML", "line 1"]),
        (
            Some("trusted_proxies = \"10.0.0.1\""),
            vec![],
            vec!["tactus.toml: ", "`trusted_proxies`", "found \"10.0.0.1\"", "expected a list"],
        ),
        (Some("trusted_proxies = [1, \"proxy\"]"), vec![], vec!["`trusted_proxies`", "found [1, \"proxy\"]"]),
        (
            Some("public_url = \"tactus.example.org\""),
            vec![],
            vec!["`public_url`", "found \"tactus.example.org\"", "expected http:// or https://"],
        ),
        (Some("site_dir = \"/nowhere\""), vec![], vec!["`site_dir`", "found \"/nowhere\"", "expected an existing folder"]),
        (Some("log = \"tactus=loud\""), vec![], vec!["`log`", "found \"tactus=loud\"", "expected levels"]),
        (Some("log = {}"), vec![], vec!["`log`", "found a table"]),
        (
            None,
            vec![("TACTUS_LISTEN", "x")],
            vec!["environment variable TACTUS_LISTEN: ", "`listen`", "found \"x\"", "expected an address"],
        ),
        (Some("listen = \"[::]:1\""), vec![("TACTUS_LISTEN", "x")], vec!["environment variable TACTUS_LISTEN: ", "found \"x\""]),
        (None, vec![("TACTUS_LISTN", "x")], vec!["environment variable TACTUS_LISTN: ", "unknown key `listn`"]),
        (None, vec![("TACTUS_TRUSTED_PROXIES", "10.0.0.1,x")], vec!["TACTUS_TRUSTED_PROXIES", "found \"10.0.0.1,x\""]),
        (None, vec![("TACTUS_PUBLIC_URL", "https://a.example/path")], vec!["TACTUS_PUBLIC_URL", "found \"https://a.example/path\""]),
        (None, vec![("TACTUS_PUBLIC_URL", "https://user@a.example")], vec!["TACTUS_PUBLIC_URL"]),
        (None, vec![("TACTUS_OUTBOUND_ALLOW_LOOPBACK", "yes")], vec!["`outbound_allow_loopback`", "expected true or false"]),
        (None, vec![("TACTUS_DATA_DIR", "")], vec!["TACTUS_DATA_DIR", "found \"\"", "expected a path"]),
    ] {
        let error = load(file, &variables).unwrap_err();
        for part in expected {
            assert!(error.contains(part), "{error:?} lacks {part:?}");
        }
    }
}

fn tactus(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tactus"));
    let inherited: Vec<String> = std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("TACTUS_")).collect();
    inherited.iter().for_each(|name| {
        command.env_remove(name);
    });
    let output = command.args(arguments).envs(variables.iter().copied()).current_dir(folder).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_wrong_setting_stops_the_start_with_code_2() {
    let folder = tempfile::tempdir().unwrap();
    for command in [&["serve"][..], &[], &["config", "check"]] {
        let (code, said) = tactus(folder.path(), command, &[("TACTUS_LISTEN", "x")]);
        assert_eq!(code, Some(2), "{command:?}");
        assert!(said.contains("environment variable TACTUS_LISTEN"), "{said}");
    }
    std::fs::write(folder.path().join("tactus.toml"), "listen = 1").unwrap();
    let (code, said) = tactus(folder.path(), &["config", "check"], &[]);
    assert_eq!((code, said.contains("tactus.toml: key `listen`: found 1")), (Some(2), true), "{said}");
    let (code, said) = tactus(folder.path(), &["config", "check", "--config", "other.toml"], &[]);
    assert_eq!((code, said.contains("other.toml: cannot read")), (Some(2), true), "{said}");
    std::fs::write(folder.path().join("other.toml"), "").unwrap();
    assert_eq!(tactus(folder.path(), &["config", "check", "--config", "other.toml"], &[]).0, Some(0));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "a check makes nothing");
}
