//! The browser's side of the socket: opens it while somebody listens, opens it again when it breaks, watches its silence.

use super::{Link, LiveFeed};
use crate::api::accounts::get_current_user;
use crate::error::ApiError;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::codec::decode_message;
use protocol::live::{ClientMessage, ServerMessage, Topic};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BinaryType, MessageEvent, WebSocket};

/// Silence after which the figures are called stale, in milliseconds: four beats.
const STALE_AFTER_MS: f64 = 2_000.0;

/// Silence after which an open socket is given up, in milliseconds: a half-open connection never says that it is dead.
const GIVE_UP_AFTER_MS: f64 = 10_000.0;

/// Silence after which the page's clock goes on without the beats, in milliseconds: a second may be told late, but none is left out.
const CLOCK_AFTER_MS: f64 = 900.0;

/// How often silence is looked at once it has begun, in milliseconds.
const WATCH_EVERY_MS: f64 = 250.0;

/// First and longest wait before another try, in milliseconds; half of each wait is random, so that browsers do not come in step.
const FIRST_WAIT_MS: f64 = 250.0;
const LONGEST_WAIT_MS: f64 = 8_000.0;

/// Starts the client of `feed`. It lives as long as the page.
pub(super) fn start(feed: LiveFeed) {
    let client = Rc::new(Client {
        feed,
        connection: RefCell::new(None),
        sent: RefCell::new(HashSet::new()),
        retry: RefCell::new(None),
        tries: Cell::new(0),
        last_frame: Cell::new(clock()),
        last_sign: Cell::new(clock()),
    });
    let listener = Rc::clone(&client);
    Effect::new(move |_| listener.follow(feed.topics.with(|topics| topics.keys().copied().collect())));
    Effect::new(move |_| feed.tell_time(js_sys::Date::now() as i64));
    client.watch_later();
}

struct Client {
    feed: LiveFeed,
    connection: RefCell<Option<Connection>>,
    /// What the open socket is subscribed to.
    sent: RefCell<HashSet<Topic>>,
    retry: RefCell<Option<Timeout>>,
    tries: Cell<u32>,
    /// When the last message came.
    last_frame: Cell<f64>,
    /// When the socket last gave a sign of life, or was opened.
    last_sign: Cell<f64>,
}

struct Connection {
    socket: WebSocket,
    _listeners: [EventListener; 3],
}

impl Client {
    /// Brings the socket in line with what is listened to.
    fn follow(self: &Rc<Self>, wanted: HashSet<Topic>) {
        if wanted.is_empty() {
            self.close();
            self.set_link(Link::Connecting);
            return;
        }
        if self.connection.borrow().is_none() {
            if self.retry.borrow().is_none() {
                self.open(wanted);
            }
            return;
        }
        // The query has told the topics of the moment; what has changed before it opens is sent when it opens.
        let sent = self.sent.borrow().clone();
        let news = wanted.difference(&sent).map(|&topic| ClientMessage::Subscribe(topic));
        let messages: Vec<_> = news.chain(sent.difference(&wanted).map(|&topic| ClientMessage::Unsubscribe(topic))).collect();
        if messages.iter().all(|message| self.send(*message)) {
            self.sent.replace(wanted);
        }
    }

    fn send(&self, message: ClientMessage) -> bool {
        let connection = self.connection.borrow();
        let open = connection.as_ref().filter(|connection| connection.socket.ready_state() == WebSocket::OPEN);
        let text = serde_json::to_string(&message).unwrap_or_default();
        open.is_some_and(|connection| connection.socket.send_with_str(&text).is_ok())
    }

    fn open(self: &Rc<Self>, wanted: HashSet<Topic>) {
        let Some(socket) = address(&wanted).and_then(|url| WebSocket::new(&url).ok()) else {
            return self.retry_later();
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        self.sent.replace(wanted);
        self.last_sign.set(clock());
        let (opened, received, closed) = (Rc::clone(self), Rc::clone(self), Rc::clone(self));
        let listeners = [
            EventListener::new(&socket, "open", move |_| opened.follow(opened.wanted())),
            EventListener::new(&socket, "message", move |event| received.receive(event.unchecked_ref())),
            EventListener::new(&socket, "close", move |_| closed.lost()),
        ];
        self.connection.replace(Some(Connection { socket, _listeners: listeners }));
    }

    fn wanted(&self) -> HashSet<Topic> {
        self.feed.topics.with_untracked(|topics| topics.keys().copied().collect())
    }

    fn receive(&self, event: &MessageEvent) {
        let Ok(buffer) = event.data().dyn_into::<js_sys::ArrayBuffer>() else { return };
        let now = clock();
        let Ok(message) = decode_message(&js_sys::Uint8Array::new(&buffer).to_vec()) else {
            // Only a centre of another build speaks otherwise.
            return reload_once("undecodable");
        };
        self.last_frame.set(now);
        self.last_sign.set(now);
        self.tries.set(0);
        match &message {
            ServerMessage::Hello(hello) if hello.version != env!("CARGO_PKG_VERSION") => return reload_once(&hello.version),
            ServerMessage::Overview(_) | ServerMessage::Host(_) => self.set_link(Link::Live),
            _ => {}
        }
        self.feed.apply(message, js_sys::Date::now() as i64);
    }

    /// The socket has closed by itself.
    fn lost(self: &Rc<Self>) {
        let was_refused = self.feed.link.get_untracked() != Link::Live && self.tries.get() > 0;
        // Dropping listeners inside one of them is fine only after it has returned.
        let gone = self.connection.take();
        Timeout::new(0, move || drop(gone)).forget();
        self.set_link(Link::Disconnected);
        if was_refused {
            spawn_local(log_in_again_if_needed());
        }
        self.retry_later();
    }

    fn retry_later(self: &Rc<Self>) {
        if self.wanted().is_empty() {
            return;
        }
        let tries = self.tries.get();
        self.tries.set(tries + 1);
        let longest = (FIRST_WAIT_MS * 2f64.powi(tries.min(10) as i32)).min(LONGEST_WAIT_MS);
        let wait = longest * (0.5 + js_sys::Math::random() / 2.0);
        let client = Rc::clone(self);
        let timer = Timeout::new(wait as u32, move || {
            // The timer that fires must not be dropped while its own closure runs.
            if let Some(fired) = client.retry.take() {
                fired.forget();
            }
            let wanted = client.wanted();
            if !wanted.is_empty() {
                client.open(wanted);
            }
        });
        self.retry.replace(Some(timer));
    }

    fn close(&self) {
        self.retry.replace(None);
        self.tries.set(0);
        if let Some(connection) = self.connection.take() {
            // Closing fails only for a wrong code, and none is given.
            let _ = connection.socket.close();
        }
    }

    /// Looks again when something can have changed: while frames come, not before the next one is late.
    fn watch_later(self: &Rc<Self>) {
        let wait = (CLOCK_AFTER_MS - (clock() - self.last_frame.get())).max(WATCH_EVERY_MS);
        let client = Rc::clone(self);
        Timeout::new(wait as u32, move || {
            client.watch();
            client.watch_later();
        })
        .forget();
    }

    /// Looks at how long nothing has come.
    fn watch(self: &Rc<Self>) {
        if clock() - self.last_frame.get() >= CLOCK_AFTER_MS {
            self.feed.tell_time(js_sys::Date::now() as i64);
        }
        if self.wanted().is_empty() {
            return;
        }
        let now = clock();
        let silence = now - self.last_frame.get();
        let link = self.feed.link.get_untracked();
        if link == Link::Live && silence > STALE_AFTER_MS {
            self.set_link(Link::Stale);
        }
        let silent_s = if self.feed.link.get_untracked().is_old() { (silence / 1_000.0) as u32 } else { 0 };
        if self.feed.silent_s.get_untracked() != silent_s {
            self.feed.silent_s.set(silent_s);
        }
        if now - self.last_sign.get() > GIVE_UP_AFTER_MS && self.connection.borrow().is_some() {
            self.close();
            self.set_link(Link::Disconnected);
            self.retry_later();
        }
    }

    fn set_link(&self, link: Link) {
        if self.feed.link.get_untracked() != link {
            self.feed.link.set(link);
        }
    }
}

/// Monotonic time in milliseconds.
fn clock() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

fn address(topics: &HashSet<Topic>) -> Option<String> {
    let location = window().location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    let topics: Vec<String> = topics.iter().map(Topic::to_string).collect();
    Some(format!("{scheme}://{}/api/live?topics={}", location.host().ok()?, topics.join(",")))
}

/// Loads the page anew because centre and page are of different builds, but only once for each version of the centre: a cache that
/// keeps serving the old page must not make a loop.
fn reload_once(version: &str) {
    const KEY: &str = "tactus-reloaded-for";
    let Ok(Some(storage)) = window().session_storage() else { return };
    if storage.get_item(KEY).ok().flatten().as_deref() != Some(version) && storage.set_item(KEY, version).is_ok() {
        let _ = window().location().reload();
    }
}

/// A refused socket may mean that the session has ended: then the login page is the place to be. A proxy in front of a centre that
/// is starting refuses, too, and would leave a screen on the wall with its error page for ever: so the centre itself must answer.
async fn log_in_again_if_needed() {
    if centre_answers().await && get_current_user().await == Err(ApiError::Unauthorized) {
        let _ = window().location().set_href("/login");
    }
}

async fn centre_answers() -> bool {
    let answer = JsFuture::from(window().fetch_with_str("/healthz")).await;
    answer.and_then(|answer| js_sys::Reflect::get(&answer, &"ok".into())).is_ok_and(|ok| ok.is_truthy())
}
