//! Messages to people, for the page.

use super::{internal, require, store_failed};
use crate::notify::{Notifications, NotifyError};
use app::backend::{Caller, NotifyBackend};
use app::error::ApiError;
use app::views::Role;
use async_trait::async_trait;
use protocol::notify::{
    DeliveryFilter, DeliveryId, DeliveryView, HeartbeatForm, HeartbeatView, NotifierForm, NotifierId, NotifierView, NotifySettings, Route,
    RouteId, TemplatePreview, TestResult,
};

/// Messages to people, for the page.
pub struct NotifyRoom {
    pub notifications: Notifications,
}

#[async_trait]
impl NotifyBackend for NotifyRoom {
    async fn list_notifiers(&self, caller: &Caller) -> Result<Vec<NotifierView>, ApiError> {
        require(caller, Role::Viewer)?;
        self.notifications.list_notifiers().await.map_err(project)
    }

    async fn save_notifier(&self, caller: &Caller, id: Option<NotifierId>, form: NotifierForm) -> Result<NotifierId, ApiError> {
        let session = require(caller, Role::Admin)?;
        tracing::info!(user = session.user_name, name = form.name, "a notifier was set");
        self.notifications.save_notifier(id, &form).await.map_err(project)
    }

    async fn delete_notifier(&self, caller: &Caller, id: NotifierId) -> Result<(), ApiError> {
        let session = require(caller, Role::Admin)?;
        tracing::info!(user = session.user_name, id, "a notifier was deleted");
        self.notifications.delete_notifier(id).await.map_err(project)
    }

    async fn test_notifier(&self, caller: &Caller, id: NotifierId) -> Result<TestResult, ApiError> {
        require(caller, Role::Admin)?;
        self.notifications.test_notifier(id).await.map_err(project)
    }

    async fn preview_notifier(&self, caller: &Caller, form: NotifierForm, is_digest: bool) -> Result<TemplatePreview, ApiError> {
        require(caller, Role::Admin)?;
        self.notifications.preview(&form, is_digest).await.map_err(project)
    }

    async fn list_routes(&self, caller: &Caller) -> Result<Vec<Route>, ApiError> {
        require(caller, Role::Viewer)?;
        self.notifications.list_routes().await.map_err(project)
    }

    async fn save_route(&self, caller: &Caller, route: Route) -> Result<RouteId, ApiError> {
        let session = require(caller, Role::Admin)?;
        tracing::info!(user = session.user_name, name = route.name, "a route was set");
        self.notifications.save_route(&route).await.map_err(project)
    }

    async fn delete_route(&self, caller: &Caller, id: RouteId) -> Result<(), ApiError> {
        let session = require(caller, Role::Admin)?;
        tracing::info!(user = session.user_name, id, "a route was deleted");
        self.notifications.delete_route(id).await.map_err(project)
    }

    async fn order_routes(&self, caller: &Caller, ids: Vec<RouteId>) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.notifications.order_routes(&ids).await.map_err(project)
    }

    async fn list_deliveries(&self, caller: &Caller, filter: DeliveryFilter) -> Result<Vec<DeliveryView>, ApiError> {
        require(caller, Role::Viewer)?;
        self.notifications.list_deliveries(&filter).await.map_err(project)
    }

    async fn resend_delivery(&self, caller: &Caller, id: DeliveryId) -> Result<(), ApiError> {
        require(caller, Role::Operator)?;
        self.notifications.resend(id).await.map_err(project)
    }

    async fn get_heartbeat(&self, caller: &Caller) -> Result<HeartbeatView, ApiError> {
        require(caller, Role::Viewer)?;
        self.notifications.heartbeat().await.map_err(project)
    }

    async fn save_heartbeat(&self, caller: &Caller, form: HeartbeatForm) -> Result<(), ApiError> {
        let session = require(caller, Role::Admin)?;
        tracing::info!(user = session.user_name, enabled = form.enabled, "the heartbeat was changed");
        self.notifications.set_heartbeat(&form).await.map_err(project)
    }

    async fn get_notify_settings(&self, caller: &Caller) -> Result<NotifySettings, ApiError> {
        require(caller, Role::Viewer)?;
        self.notifications.settings().await.map_err(project)
    }

    async fn save_notify_settings(&self, caller: &Caller, settings: NotifySettings) -> Result<(), ApiError> {
        require(caller, Role::Admin)?;
        self.notifications.save_settings(&settings).await.map_err(project)
    }
}

fn project(error: NotifyError) -> ApiError {
    match error {
        NotifyError::Invalid(wrong) => ApiError::WrongFields(wrong),
        NotifyError::NotFound => ApiError::NotFound,
        NotifyError::Store(error) => store_failed(error),
        error => internal(&error),
    }
}
