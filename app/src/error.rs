//! The one projection of every error to the user. The page turns each value into a sentence in the user's language.

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use protocol::deploy::DeployFailure;
use protocol::notify::WrongField;
use serde::{Deserialize, Serialize};

/// Why a server function did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// Nobody is logged in, or the session has ended.
    #[error("not logged in")]
    Unauthorized,
    /// Logged in, but without this right.
    #[error("not allowed")]
    Forbidden,
    #[error("not found")]
    NotFound,
    /// One or more fields of a form are wrong.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// One or more fields of a notifier, a route or the heartbeat are wrong.
    #[error("invalid input")]
    WrongFields(Vec<WrongField>),
    /// Too many tries; again after so many seconds.
    #[error("too many tries, wait {wait_s} s")]
    Throttled { wait_s: u64 },
    /// An action on a host failed.
    #[error("{0}")]
    Deploy(DeployFailure),
    /// The same host is being worked on already.
    #[error("busy")]
    Busy,
    /// The store or another part does not answer now; trying again may help.
    #[error("unavailable")]
    Unavailable,
    /// The browser did not reach the centre.
    #[error("network")]
    Network,
    /// A defect; details are in the centre's log under this reference.
    #[error("internal error {reference}")]
    Internal { reference: String },
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: Field,
    pub reason: FieldReason,
}

/// Fields of all forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    SetupToken,
    UserName,
    Password,
    PasswordAgain,
    Address,
    Port,
    SshUser,
    SshPassword,
    PrivateKey,
    Passphrase,
    SudoPassword,
    Remark,
    Tags,
    Group,
    ExporterPort,
    ExporterCertificate,
    ExporterUser,
    ExporterPassword,
    /// A line of a batch as a whole.
    Line,
    /// The text of a batch as a whole.
    Batch,
    CpuThreshold,
    MemoryThreshold,
    DiskThreshold,
    Fingerprint,
    /// From when to when.
    Range,
    /// Hosts and series of a question.
    Series,
    /// Points of a line.
    Points,
    FineDays,
    MediumDays,
    CoarseDays,
    ProcessDays,
    ProcessBudget,
    StorageBudget,
    RuleKind,
    RuleTarget,
    RuleScope,
    Warning,
    Critical,
    Window,
    Hold,
    ClearDistance,
    Clear,
    NoData,
    Note,
    SnoozeUntil,
    MaintenanceName,
    MaintenanceTime,
    TimeZone,
    Behind,
}

/// Why a field is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldReason {
    Required,
    TooShort {
        least: usize,
    },
    TooLong {
        most: usize,
    },
    /// A whole number in this range is expected.
    NotInRange {
        least: i64,
        most: i64,
    },
    /// Neither an IP address nor a DNS name. `http://x` and `a;b` end here.
    NotAnAddress,
    /// An address that must never be contacted: link-local, metadata, multicast, unspecified.
    ForbiddenAddress,
    /// Address and port belong to a host that is there already.
    Taken {
        name: String,
    },
    /// Contains characters that are not allowed here.
    BadCharacters,
    /// Not an OpenSSH or PEM private key.
    NotAKey,
    /// Not a fingerprint of the form `SHA256:…`.
    NotAFingerprint,
    /// Not 64 hexadecimal digits.
    NotACertificate,
    /// A line of a batch that cannot be understood.
    NotALine,
    /// A column that is not known; `name` is what the header says.
    UnknownColumn {
        name: String,
    },
    /// More lines than are taken at once.
    TooManyLines {
        most: usize,
    },
    /// The same address and port stand in an earlier line.
    Repeated {
        line: usize,
    },
    /// Too easy to guess (equals the user name, a common password).
    TooWeak,
    /// The two entries differ.
    Differs,
    /// User name or password is wrong; which one is not said.
    WrongLogin,
    /// Not the token that the centre printed at its start.
    WrongToken,
    /// The end of a range is not after its start.
    EmptyRange,
    /// A range that begins after now.
    FutureRange,
    /// A range of more than five years.
    LongRange,
    /// Neither a warning nor a critical threshold.
    NoLevel,
    /// The critical threshold is on the good side of the warning one.
    WrongOrder,
    /// Not a number.
    NotANumber,
    /// There is no such host, group, tag, kind or mount point.
    Unknown,
    /// Host A would be reached through B, and B through A.
    Circle,
    /// Not the name of a time zone.
    NotATimeZone,
    /// Not a date with a time of day.
    NotATime,
    /// No series is called so.
    UnknownSeries {
        name: String,
    },
    /// No host or no series, or more lines than are answered at once.
    NotSoManyLines {
        most: usize,
    },
}

impl ApiError {
    /// An error of a single field.
    pub fn field(field: Field, reason: FieldReason) -> Self {
        Self::Invalid(vec![FieldError { field, reason }])
    }

    /// What is wrong with `field`, if this error says something about it.
    pub fn reason_for(&self, field: Field) -> Option<&FieldReason> {
        match self {
            Self::Invalid(errors) => errors.iter().find(|error| error.field == field).map(|error| &error.reason),
            _ => None,
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Network,
            // The server's answer to a missing session, a foreign origin or a lost centre is not a server function's answer.
            ServerFnErrorErr::Deserialization(_) => Self::Unauthorized,
            other => Self::Internal { reference: other.to_string() },
        }
    }
}
