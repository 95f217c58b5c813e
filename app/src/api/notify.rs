//! Messages to people: notifiers, routes, what became of messages, the heartbeat.

use crate::error::ApiError;
use leptos::prelude::*;
use protocol::notify::{
    DeliveryFilter, DeliveryId, DeliveryView, HeartbeatForm, HeartbeatView, NotifierForm, NotifierId, NotifierView, NotifySettings, Route,
    RouteId, TemplatePreview, TestResult,
};

/// All notifiers, without their secrets.
#[server(prefix = "/api", endpoint = "notifiers", input = server_fn::codec::Json)]
pub async fn list_notifiers() -> Result<Vec<NotifierView>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.list_notifiers(&caller).await
}

/// Adds a notifier or changes one; answers its number. Wrong fields are [`ApiError::WrongFields`]. Only an administrator may.
#[server(prefix = "/api", endpoint = "notifiers/save", input = server_fn::codec::Json)]
pub async fn save_notifier(id: Option<NotifierId>, form: NotifierForm) -> Result<NotifierId, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.save_notifier(&caller, id, form).await
}

/// Deletes a notifier with its messages. Only an administrator may.
#[server(prefix = "/api", endpoint = "notifiers/delete", input = server_fn::codec::Json)]
pub async fn delete_notifier(id: NotifierId) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.delete_notifier(&caller, id).await
}

/// Sends an example the way that alerts go and answers what the provider said. Only an administrator may.
#[server(prefix = "/api", endpoint = "notifiers/test", input = server_fn::codec::Json)]
pub async fn test_notifier(id: NotifierId) -> Result<TestResult, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.test_notifier(&caller, id).await
}

/// What the templates of a form make of an example, of one alert or of several. Only an administrator may.
#[server(prefix = "/api", endpoint = "notifiers/preview", input = server_fn::codec::Json)]
pub async fn preview_notifier(form: NotifierForm, is_digest: bool) -> Result<TemplatePreview, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.preview_notifier(&caller, form, is_digest).await
}

/// All routes, in the order in which they are asked.
#[server(prefix = "/api", endpoint = "routes", input = server_fn::codec::Json)]
pub async fn list_routes() -> Result<Vec<Route>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.list_routes(&caller).await
}

/// Adds a route (its number is zero) or changes one; answers its number. Only an administrator may.
#[server(prefix = "/api", endpoint = "routes/save", input = server_fn::codec::Json)]
pub async fn save_route(route: Route) -> Result<RouteId, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.save_route(&caller, route).await
}

/// Deletes a route. Only an administrator may.
#[server(prefix = "/api", endpoint = "routes/delete", input = server_fn::codec::Json)]
pub async fn delete_route(id: RouteId) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.delete_route(&caller, id).await
}

/// Puts routes in this order. Only an administrator may.
#[server(prefix = "/api", endpoint = "routes/order", input = server_fn::codec::Json)]
pub async fn order_routes(ids: Vec<RouteId>) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.order_routes(&caller, ids).await
}

/// Messages that pass the filter, newest first, at most 100.
#[server(prefix = "/api", endpoint = "deliveries", input = server_fn::codec::Json)]
pub async fn list_deliveries(filter: DeliveryFilter) -> Result<Vec<DeliveryView>, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.list_deliveries(&caller, filter).await
}

/// Has a message that is dead or delivered sent again. Only an operator may.
#[server(prefix = "/api", endpoint = "deliveries/resend", input = server_fn::codec::Json)]
pub async fn resend_delivery(id: DeliveryId) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.resend_delivery(&caller, id).await
}

/// The heartbeat, without its secret.
#[server(prefix = "/api", endpoint = "heartbeat", input = server_fn::codec::Json)]
pub async fn get_heartbeat() -> Result<HeartbeatView, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.get_heartbeat(&caller).await
}

/// Changes the heartbeat; it beats at once. Only an administrator may.
#[server(prefix = "/api", endpoint = "heartbeat/save", input = server_fn::codec::Json)]
pub async fn save_heartbeat(form: HeartbeatForm) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.save_heartbeat(&caller, form).await
}

/// How messages are gathered, and where their links lead.
#[server(prefix = "/api", endpoint = "notify/settings", input = server_fn::codec::Json)]
pub async fn get_notify_settings() -> Result<NotifySettings, ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.get_notify_settings(&caller).await
}

/// Changes how messages are gathered. Only an administrator may.
#[server(prefix = "/api", endpoint = "notify/settings/save", input = server_fn::codec::Json)]
pub async fn save_notify_settings(settings: NotifySettings) -> Result<(), ApiError> {
    let (backend, caller) = crate::backend::from_context()?;
    backend.notify.save_notify_settings(&caller, settings).await
}
