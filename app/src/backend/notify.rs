//! Messages to people.

use super::Caller;
use crate::error::ApiError;
use protocol::notify::{
    DeliveryFilter, DeliveryId, DeliveryView, HeartbeatForm, HeartbeatView, NotifierForm, NotifierId, NotifierView, NotifySettings, Route,
    RouteId, TemplatePreview, TestResult,
};

/// Messages to people. The contract of each method is that of the server function of the same name in [`crate::api::notify`].
#[async_trait::async_trait]
pub trait NotifyBackend: Send + Sync {
    async fn list_notifiers(&self, caller: &Caller) -> Result<Vec<NotifierView>, ApiError>;
    async fn save_notifier(&self, caller: &Caller, id: Option<NotifierId>, form: NotifierForm) -> Result<NotifierId, ApiError>;
    async fn delete_notifier(&self, caller: &Caller, id: NotifierId) -> Result<(), ApiError>;
    async fn test_notifier(&self, caller: &Caller, id: NotifierId) -> Result<TestResult, ApiError>;
    async fn preview_notifier(&self, caller: &Caller, form: NotifierForm, is_digest: bool) -> Result<TemplatePreview, ApiError>;
    async fn list_routes(&self, caller: &Caller) -> Result<Vec<Route>, ApiError>;
    async fn save_route(&self, caller: &Caller, route: Route) -> Result<RouteId, ApiError>;
    async fn delete_route(&self, caller: &Caller, id: RouteId) -> Result<(), ApiError>;
    async fn order_routes(&self, caller: &Caller, ids: Vec<RouteId>) -> Result<(), ApiError>;
    async fn list_deliveries(&self, caller: &Caller, filter: DeliveryFilter) -> Result<Vec<DeliveryView>, ApiError>;
    async fn resend_delivery(&self, caller: &Caller, id: DeliveryId) -> Result<(), ApiError>;
    async fn get_heartbeat(&self, caller: &Caller) -> Result<HeartbeatView, ApiError>;
    async fn save_heartbeat(&self, caller: &Caller, form: HeartbeatForm) -> Result<(), ApiError>;
    async fn get_notify_settings(&self, caller: &Caller) -> Result<NotifySettings, ApiError>;
    async fn save_notify_settings(&self, caller: &Caller, settings: NotifySettings) -> Result<(), ApiError>;
}
