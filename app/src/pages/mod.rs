//! One file per route.

mod alerts;
mod front_form;
mod history;
mod host_detail;
mod hosts;
mod login;
mod not_found;
mod overview;
mod settings;
mod setup;
mod wall;

pub use alerts::AlertsPage;
pub use history::HistoryPage;
pub use host_detail::HostDetailPage;
pub use hosts::HostsPage;
pub use login::LoginPage;
pub use not_found::NotFoundPage;
pub use overview::OverviewPage;
pub use settings::SettingsPage;
pub use setup::SetupPage;
pub use wall::WallPage;
