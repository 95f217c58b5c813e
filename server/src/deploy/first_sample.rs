//! The proof that an installation works: a sample from the new agent.

use crate::collect::agent::{AgentEndpoint, AgentError, AgentStream};
use protocol::deploy::DeployFailure;
use protocol::snapshot::Snapshot;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// How long the first sample may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// How long a refused connection is tried again: the service runs, so a refusal that lasts is a firewall's.
const REFUSED_FOR: Duration = Duration::from_secs(2);

/// Pause before the next try.
const PAUSE: Duration = Duration::from_millis(50);

/// Reads the agent's stream up to the first snapshot with a CPU figure, which needs two beats, or to the second snapshot.
///
/// # Errors
/// [`DeployFailure::AgentUnreachable`], [`DeployFailure::AgentRejected`].
pub async fn first_sample(endpoint: &AgentEndpoint) -> Result<Snapshot, DeployFailure> {
    let unreachable = || DeployFailure::AgentUnreachable { address: endpoint.address.clone(), port: endpoint.port };
    let start = Instant::now();
    let mut stream = loop {
        match timeout_at(start + DEADLINE, AgentStream::open(endpoint)).await {
            Ok(Ok(stream)) => break stream,
            Ok(Err(AgentError::Unreachable(_))) if start.elapsed() < REFUSED_FOR => sleep(PAUSE).await,
            Ok(Err(AgentError::Unreachable(_) | AgentError::TimedOut)) | Err(_) => return Err(unreachable()),
            Ok(Err(error)) => return Err(DeployFailure::AgentRejected { reason: error.to_string() }),
        }
    };
    let reading = async {
        let first = stream.next().await?;
        if first.cpu.is_some() { Ok(first) } else { stream.next().await }
    };
    match timeout_at(start + DEADLINE, reading).await {
        Ok(Ok(snapshot)) => Ok(snapshot),
        Ok(Err(AgentError::Unreachable(_) | AgentError::TimedOut)) | Err(_) => Err(unreachable()),
        Ok(Err(error)) => Err(DeployFailure::AgentRejected { reason: error.to_string() }),
    }
}
