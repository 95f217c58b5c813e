//! Building blocks of all pages.

mod app_frame;
mod brand;
mod data_view;
mod error_notice;
mod language_switch;
mod source_badge;
mod status_mark;
mod user_menu;

pub use app_frame::AppFrame;
pub use brand::Brand;
pub use data_view::DataView;
pub use error_notice::ErrorNotice;
pub use language_switch::LanguageSwitch;
pub use source_badge::SourceBadge;
pub use status_mark::StatusMark;
pub use user_menu::{CurrentUserContext, UserMenu};
