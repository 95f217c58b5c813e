//! Why a request did not go out, or had no answer.

/// No variant holds the URL, which may be a secret, or what was answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    #[error("this is no URL that begins with http:// or https://")]
    NoUrl,
    #[error("a user or password in the URL is not allowed")]
    Login,
    #[error("malformed header {0:?}")]
    Header(String),
    #[error("the name is not known: {0}")]
    Unresolved(String),
    /// An address that is never called.
    #[error("refused: the address is {0}")]
    Refused(&'static str),
    /// It would be called if the administrator had allowed it for this notifier.
    #[error("refused: the address is private, and private addresses are not allowed here")]
    Private,
    /// It would be called if `TACTUS_OUTBOUND_ALLOW_LOOPBACK` were set.
    #[error("refused: the address is the centre itself, which needs TACTUS_OUTBOUND_ALLOW_LOOPBACK=true")]
    Loopback,
    #[error("the certificates are not in PEM form")]
    Certificates,
    #[error("no answer within {0} s")]
    Deadline(u64),
    #[error("no connection: {0}")]
    NoConnection(String),
    #[error("the answer is no HTTP: {0}")]
    NoHttp(String),
}

impl OutboundError {
    /// Whether it stays so until somebody changes a setting.
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Unresolved(_) | Self::Deadline(_) | Self::NoConnection(_) | Self::NoHttp(_))
    }
}
