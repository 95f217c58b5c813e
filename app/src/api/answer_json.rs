//! How answers of the history travel.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use protocol::history::HistoryAnswer;

/// JSON as all answers, but written by [`HistoryAnswer::to_json`].
pub struct AnswerJson;

impl ContentType for AnswerJson {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for AnswerJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<HistoryAnswer> for AnswerJson {
    type Error = serde_json::Error;

    fn encode(answer: &HistoryAnswer) -> serde_json::Result<Bytes> {
        answer.to_json().map(Bytes::from)
    }
}

impl Decodes<HistoryAnswer> for AnswerJson {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> serde_json::Result<HistoryAnswer> {
        serde_json::from_slice(&bytes)
    }
}
