//! Pages that are made at the same time know nothing of each other.

use crate::test_app::TestApp;
use futures_util::future::join_all;
use reqwest::StatusCode;

const PAGES: [&str; 10] =
    ["/", "/alerts", "/history", "/hosts", "/hosts/1", "/login", "/not-there", "/settings", "/settings?tab=notifiers", "/wall"];
const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

/// How often each page is asked for in each language, all at once.
const TIMES: usize = 4;

/// Status, language and title of a page.
type Seen = (StatusCode, String, String);

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
    rest.split_once(after).unwrap().0
}

async fn see(app: &TestApp, session: &str, page: &str, language: &str) -> Seen {
    let response = app.get(page, Some(&format!("{session}; tactus_language={language}"))).await;
    let status = response.status();
    let text = response.text().await.unwrap();
    if status.is_redirection() || status.is_server_error() {
        return (status, String::new(), text);
    }
    (status, between(&text, "lang=\"", "\"").into(), between(&text, "<title>", "</title>").into())
}

/// leptos_meta reads a title after a pause in which the thread may make another page.
#[tokio::test]
async fn pages_made_at_once_have_their_own_titles() {
    let (app, session) = TestApp::start_set_up().await;
    let questions = PAGES.iter().flat_map(|page| LANGUAGES.map(|language| (*page, language)));
    let mut alone = Vec::new();
    for (page, language) in questions {
        alone.push(((page, language), see(&app, &session, page, language).await));
    }
    let titles: std::collections::BTreeSet<&str> = alone.iter().map(|(_, seen)| seen.2.as_str()).collect();
    assert!(titles.len() >= LANGUAGES.len() * 8, "{titles:?}");
    let repeated = (0..TIMES).flat_map(|_| &alone);
    let at_once = join_all(repeated.map(async |((page, language), expected)| (expected, see(&app, &session, page, language).await))).await;
    for (expected, seen) in at_once {
        assert_eq!(&seen, expected);
    }
    app.stop().await;
}
