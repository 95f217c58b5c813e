//! Mail by SMTP (RFC 5321) with STARTTLS (RFC 3207), TLS from the first byte (RFC 8314) or neither.

use super::http::Way;
use super::{Fields, Message, Notifier, SendError};
use crate::outbound::{certificates_of, machine_certificates};
use async_trait::async_trait;
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, response::Response};
use std::net::SocketAddr;
use std::time::{Duration, UNIX_EPOCH};
use tokio::time::timeout;

/// From the name's resolution to the server's word for the mail. Servers that keep senders waiting on purpose take several seconds.
const WITHIN: Duration = Duration::from_secs(30);

/// One mail for each recipient, so that one wrong address does not keep the mail from the others. Every mail names all recipients.
/// `Message-ID` is made of the message's key: a second copy has the same.
pub struct Smtp {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Smtp {
    fn parts(&self) -> u32 {
        u32::try_from(self.fields.list("to").len()).unwrap_or(u32::MAX)
    }

    async fn send(&self, message: &Message, part: u32, now_ms: i64) -> Result<String, SendError> {
        let late = |_| SendError::temporary(format!("no answer within {} s", WITHIN.as_secs()));
        timeout(WITHIN, self.send_unlimited(message, part, now_ms)).await.map_err(late)?
    }
}

impl Smtp {
    async fn send_unlimited(&self, message: &Message, part: u32, now_ms: i64) -> Result<String, SendError> {
        let (envelope, mail) = self.mail(message, part, now_ms)?;
        let port = self.fields.text("port").parse().map_err(|_| SendError::Permanent("no such port".into()))?;
        let host = self.fields.text("host");
        let addresses = self.way.outbound().resolve(host, port, self.way.allow_private()).await?;
        let mut connection = self.connect(host, &addresses).await?;
        let sent = self.sign_in_and_send(&mut connection, &envelope, &mail).await;
        // The mail is with the server, or not; how the conversation ends changes nothing.
        let _ = connection.quit().await;
        let said = sent?;
        Ok(said.message().collect::<Vec<_>>().join(" "))
    }

    async fn connect(&self, host: &str, addresses: &[SocketAddr]) -> Result<AsyncSmtpConnection, SendError> {
        let hello = ClientId::default();
        match self.fields.text("security") {
            "tls" => AsyncSmtpConnection::connect_tokio1(addresses, None, &hello, Some(self.tls(host)?), None).await.map_err(failed),
            "none" => AsyncSmtpConnection::connect_tokio1(addresses, None, &hello, None, None).await.map_err(failed),
            _ => {
                let tls = self.tls(host)?;
                let mut connection = AsyncSmtpConnection::connect_tokio1(addresses, None, &hello, None, None).await.map_err(failed)?;
                if !connection.can_starttls() {
                    connection.abort().await;
                    // Never in the clear instead: somebody on the way may have taken the offer out.
                    return Err(SendError::Permanent("the server does not offer STARTTLS".into()));
                }
                connection.starttls(tls, &hello).await.map_err(failed)?;
                Ok(connection)
            }
        }
    }

    async fn sign_in_and_send(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        mail: &[u8],
    ) -> Result<Response, SendError> {
        let user = self.fields.text("user");
        if !user.is_empty() {
            let credentials = Credentials::new(user.to_owned(), self.fields.text("password").to_owned());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(failed)?;
        }
        connection.send(envelope, mail).await.map_err(failed)
    }

    fn tls(&self, host: &str) -> Result<TlsParameters, SendError> {
        let malformed = |error: Error| SendError::Permanent(error.to_string());
        let mut builder = TlsParameters::builder(host.trim_end_matches('.').to_owned()).certificate_store(CertificateStore::None);
        let own = certificates_of(self.way.ca_pem())?;
        for certificate in machine_certificates().iter().chain(&own) {
            builder = builder.add_root_certificate(Certificate::from_der(certificate.to_vec()).map_err(malformed)?);
        }
        builder.build_rustls().map_err(malformed)
    }

    fn mail(&self, message: &Message, part: u32, now_ms: i64) -> Result<(Envelope, Vec<u8>), SendError> {
        let wrong = |what: &str| SendError::Permanent(format!("no address of a mailbox: {what}"));
        let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|_| wrong(text));
        let from = mailbox(self.fields.text("from"))?;
        let recipients = self.fields.list("to").into_iter().map(mailbox).collect::<Result<Vec<_>, _>>()?;
        let recipient: Address = recipients.get(part as usize).ok_or_else(|| wrong("none"))?.email.clone();
        let date = UNIX_EPOCH + Duration::from_millis(u64::try_from(now_ms).unwrap_or_default());
        let mut builder = MessageBuilder::new()
            .message_id(Some(format!("<{}@{}>", message.key, from.email.domain())))
            .date(date)
            .subject(&message.subject)
            .header(ContentType::TEXT_PLAIN);
        for mailbox in recipients {
            builder = builder.to(mailbox);
        }
        let envelope = Envelope::new(Some(from.email.clone()), vec![recipient]).map_err(|error| SendError::Permanent(error.to_string()))?;
        let built = builder.from(from).body(message.body.clone());
        let mut mail = built.map_err(|error| SendError::Permanent(error.to_string()))?;
        // RFC 3834: programs that are away do not answer.
        if let Ok(name) = HeaderName::new_from_ascii("Auto-Submitted".into()) {
            mail.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".into()));
        }
        Ok((envelope, mail.formatted()))
    }
}

/// 5xx stays, and so does what the server cannot do at all; anything else may pass.
fn failed(error: Error) -> SendError {
    let code = error.status().map(|code| format!("{code} ")).unwrap_or_default();
    let mut reason = error.to_string();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let innermost = cause.to_string();
    if !reason.contains(&innermost) {
        reason = format!("{reason}: {innermost}");
    }
    let text = if reason.contains(code.trim()) { reason } else { format!("{code}{reason}") };
    if error.is_permanent() || error.is_client() { SendError::Permanent(text) } else { SendError::temporary(text) }
}
