//! Where the centre listens and how browsers reach it.

use super::ConfigError;
use super::layers::Layers;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const DEFAULT_PORT: u16 = 3000;

/// Where the centre listens and how browsers reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpConfig {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Under which address browsers reach the centre, if that is fixed; otherwise the `Host` header says it.
    pub public_url: Option<PublicUrl>,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self { listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), DEFAULT_PORT), public_url: None, trusted_proxies: Vec::new() }
    }
}

impl HttpConfig {
    pub(super) fn parse(layers: &Layers) -> Result<Self, ConfigError> {
        let default = Self::default();
        Ok(Self {
            listen: layers
                .parse("listen", "an address with a port, such as 127.0.0.1:3000 or [::]:3000", |text| text.parse().ok())?
                .unwrap_or(default.listen),
            public_url: layers.parse(
                "public_url",
                "http:// or https:// with a name and nothing behind it, such as https://tactus.example.org",
                PublicUrl::parse,
            )?,
            trusted_proxies: layers.parse_list("trusted_proxies", "a list of IP addresses, such as [\"10.0.0.1\"]", |text| {
                text.parse().ok().map(|address: IpAddr| address.to_canonical())
            })?,
        })
    }
}

/// Scheme and authority of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// Whether the scheme is https.
    pub secure: bool,
    /// Name or address in lower case.
    pub host: String,
    /// The port, the scheme's own one if none is written.
    pub port: u16,
}

impl PublicUrl {
    /// Reads `http://host[:port]` or `https://host[:port]`, with at most one slash behind it; `None` for anything else. Also the form of an
    /// `Origin` header.
    pub fn parse(text: &str) -> Option<Self> {
        let uri: axum::http::Uri = text.parse().ok()?;
        let secure = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let authority = uri.authority()?;
        let bare = uri.path() == "/" && uri.query().is_none() && !text.contains(['#', '?', '@']) && !authority.host().is_empty();
        let port = match authority.port() {
            Some(port) => port.as_str().parse().ok()?,
            None if authority.as_str().ends_with(':') => return None,
            None => default_port(secure),
        };
        bare.then(|| Self { secure, host: authority.host().to_ascii_lowercase(), port })
    }
}

/// Port of http or https.
fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}
