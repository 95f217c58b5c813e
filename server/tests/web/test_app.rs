//! A centre with its own data folder, and a browser for it.

use app::error::ApiError;
use futures_util::StreamExt;
use protocol::live::{JSON_SUBPROTOCOL, ServerMessage};
use reqwest::header::{COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tactus::config::Config;
use tactus::startup::Application;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::CancellationToken;

pub const USER: &str = "ann";
pub const PASSWORD: &str = "correct horse battery";

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A running centre. Its folder goes when it is dropped.
pub struct TestApp {
    pub address: SocketAddr,
    pub setup_token: String,
    pub client: Client,
    folder: TempDir,
    stop: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

impl TestApp {
    /// A centre without an administrator.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// A centre with these variables, without an administrator.
    pub async fn start_with(variables: &[(&str, &str)]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        for (file, text) in
            [("pkg/tactus.js", "plain"), ("pkg/tactus.js.br", "compressed"), ("robots.txt", "robots"), ("hidden.txt", "hidden")]
        {
            let path = site.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let fixed = [("LISTEN", "127.0.0.1:0".into()), ("DATA_DIR", text(folder.path().join("data"))), ("SITE_DIR", text(site))];
        let given = variables.iter().map(|(key, value)| (*key, (*value).to_owned()));
        let variables = fixed.into_iter().chain(given).map(|(key, value)| (format!("TACTUS_{key}"), value));
        let config = Config::from_sources(None, variables).unwrap();
        let application = Application::build(&config).await.unwrap();
        let address = application.address().unwrap();
        let setup_token = application.setup_token().unwrap().expose_secret().to_owned();
        let stop = CancellationToken::new();
        let running = tokio::spawn(application.run_until_stopped(stop.clone()));
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { address, setup_token, client, folder, stop, running }
    }

    /// A centre with an administrator, and the administrator's cookie.
    pub async fn start_set_up() -> (Self, String) {
        let app = Self::start().await;
        let cookie = cookie_of(&app.set_up(&app.setup_token, USER, PASSWORD).await);
        (app, cookie)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn origin(&self) -> String {
        self.url("")
    }

    /// A request without an origin.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub async fn get(&self, path: &str, cookie: Option<&str>) -> Response {
        with_cookie(self.request(Method::GET, path), cookie).send().await.unwrap()
    }

    /// Calls a server function as the page does.
    pub async fn call(&self, path: &str, arguments: &impl Serialize, cookie: Option<&str>) -> Response {
        let request = self.request(Method::POST, path).header(ORIGIN, self.origin()).json(arguments);
        with_cookie(request, cookie).send().await.unwrap()
    }

    pub async fn set_up(&self, token: &str, name: &str, password: &str) -> Response {
        self.call("/api/setup", &setup_form(token, name, password, password), None).await
    }

    pub async fn log_in(&self, name: &str, password: &str) -> Response {
        self.call("/api/login", &json!({ "form": { "user_name": name, "password": password } }), None).await
    }

    pub async fn me(&self, cookie: &str) -> Response {
        self.call("/api/me", &json!({}), Some(cookie)).await
    }

    /// Opens the live socket; the status if it is refused.
    pub async fn open_live(&self, query: &str, origin: Option<&str>, cookie: Option<&str>) -> Result<Socket, StatusCode> {
        let mut request = format!("ws://{}/api/live{query}", self.address).into_client_request().unwrap();
        origin.map(|origin| request.headers_mut().insert("origin", origin.parse().unwrap()));
        cookie.map(|cookie| request.headers_mut().insert("cookie", cookie.parse().unwrap()));
        match connect_async(request).await {
            Ok((socket, _)) => Ok(socket),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// The database, for what the page offers no way to do.
    pub async fn database(&self) -> sqlx::SqlitePool {
        sqlx::SqlitePool::connect(&format!("sqlite://{}", self.database_path().display())).await.unwrap()
    }

    /// Where the database lies, unless another data folder was given.
    pub fn database_path(&self) -> PathBuf {
        self.folder.path().join("data/tactus.db")
    }

    /// Cookie of a new user with this role.
    pub async fn user_with_role(&self, role: &str) -> String {
        let pool = self.database().await;
        sqlx::query(
            "INSERT INTO user (name, password_hash, role, created_at_ms) SELECT ?1, password_hash, ?1, 0 FROM user WHERE name = ?2",
        )
        .bind(role)
        .bind(USER)
        .execute(&pool)
        .await
        .unwrap();
        cookie_of(&self.log_in(role, PASSWORD).await)
    }

    /// Stops the centre and waits for its end.
    pub async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(20), self.running).await.unwrap().unwrap().unwrap();
    }
}

pub fn with_cookie(request: RequestBuilder, cookie: Option<&str>) -> RequestBuilder {
    match cookie {
        Some(cookie) => request.header(COOKIE, cookie),
        None => request,
    }
}

pub fn setup_form(token: &str, name: &str, password: &str, again: &str) -> Value {
    json!({ "form": { "token": token, "user_name": name, "password": password, "password_again": again } })
}

/// Name and value of the cookie that an answer sets.
pub fn cookie_of(response: &Response) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    text(response.headers(), SET_COOKIE.as_str()).split(';').next().unwrap().to_owned()
}

pub fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

pub fn location(response: &Response) -> String {
    text(response.headers(), LOCATION.as_str())
}

/// Status and error of an answer that is one.
pub async fn error_of(response: Response) -> (StatusCode, ApiError) {
    (response.status(), response.json().await.unwrap())
}

/// The next live message; `None` when the socket was closed.
pub async fn next_message(socket: &mut Socket) -> Option<ServerMessage> {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(10), socket.next()).await.expect("nothing within ten seconds");
        match next {
            Some(Ok(Message::Binary(bytes))) => return Some(protocol::codec::decode_message(&bytes).unwrap()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(other)) => panic!("unexpected {other:?}"),
        }
    }
}

/// The live feed in JSON.
pub async fn json_feed(app: &TestApp, cookie: &str) -> impl futures_util::Stream<Item = ServerMessage> + Unpin {
    let mut request = format!("ws://{}/api/live", app.address).into_client_request().unwrap();
    for (name, value) in [("origin", app.origin()), ("cookie", cookie.into()), ("sec-websocket-protocol", JSON_SUBPROTOCOL.into())] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let (socket, answer) = connect_async(request).await.unwrap();
    assert_eq!(answer.headers().get("sec-websocket-protocol").unwrap(), JSON_SUBPROTOCOL);
    Box::pin(socket.filter_map(async |message| match message.unwrap() {
        Message::Text(text) => Some(serde_json::from_str(&text).expect("every text is a message")),
        Message::Binary(_) => panic!("asked for JSON"),
        _ => None,
    }))
}

/// Whether the test runs as root; says loudly if not, and fails where nothing may be skipped.
pub fn is_root() -> bool {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    assert!(root || std::env::var_os("TACTUS_REQUIRE_REAL").is_none(), "needs root, but TACTUS_REQUIRE_REAL is set");
    if !root {
        eprintln!("SKIPPED (needs root)");
    }
    root
}
