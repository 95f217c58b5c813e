//! The live socket: topics, and its end with session and centre.

use crate::test_app::{TestApp, next_message};
use protocol::live::{ServerMessage, Topic};
use reqwest::StatusCode;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn topics_of_the_query_are_subscribed() {
    let (app, cookie) = TestApp::start_set_up().await;
    let origin = app.origin();
    let mut socket = app.open_live(&format!("?topics=overview,{}", Topic::Host(1)), Some(&origin), Some(&cookie)).await.unwrap();
    assert!(matches!(next_message(&mut socket).await, Some(ServerMessage::Hello(_))));
    let (mut overview, mut host) = (false, false);
    while !(overview && host) {
        match next_message(&mut socket).await.expect("still open") {
            ServerMessage::Overview(_) => overview = true,
            ServerMessage::Host(frame) => host = frame.figures.id == 1,
            _ => {}
        }
    }
    for query in ["?topics=all", "?topics=", "?topics=overview,host:x", "?topics=overview&topics=overview"] {
        assert_eq!(app.open_live(query, Some(&origin), Some(&cookie)).await.err(), Some(StatusCode::BAD_REQUEST), "{query}");
    }
}

#[tokio::test]
async fn without_a_session_there_is_no_socket() {
    let (app, _) = TestApp::start_set_up().await;
    for cookie in [None, Some("tactus_session="), Some("tactus_session=0000000000000000000000000000000000000000000000000000000000000000")] {
        assert_eq!(app.open_live("", Some(&app.origin()), cookie).await.err(), Some(StatusCode::UNAUTHORIZED), "{cookie:?}");
    }
}

#[tokio::test]
async fn logout_ends_the_sockets_of_that_session_only() {
    let (app, cookie) = TestApp::start_set_up().await;
    let other = crate::test_app::cookie_of(&app.log_in(crate::test_app::USER, crate::test_app::PASSWORD).await);
    let origin = app.origin();
    let mut ended =
        [app.open_live("", Some(&origin), Some(&cookie)).await.unwrap(), app.open_live("", Some(&origin), Some(&cookie)).await.unwrap()];
    let mut kept = app.open_live("", Some(&origin), Some(&other)).await.unwrap();
    let began = Instant::now();
    app.call("/api/logout", &json!({}), Some(&cookie)).await.error_for_status().unwrap();
    for socket in &mut ended {
        while next_message(socket).await.is_some() {}
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    for _ in 0..3 {
        assert!(next_message(&mut kept).await.is_some());
    }
    assert_eq!(app.open_live("", Some(&origin), Some(&cookie)).await.err(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn the_centre_stops_within_five_seconds_with_open_sockets() {
    let (app, cookie) = TestApp::start_set_up().await;
    let mut socket = app.open_live("", Some(&app.origin()), Some(&cookie)).await.unwrap();
    assert!(next_message(&mut socket).await.is_some());
    // The client of the requests before keeps its connection open, too.
    let began = Instant::now();
    app.stop().await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    while next_message(&mut socket).await.is_some() {}
}
