//! Building blocks of all pages.

mod alert_popups;
mod app_frame;
mod bar;
mod brand;
mod data_view;
mod dialog;
mod error_notice;
mod form;
mod front_frame;
mod language_switch;
mod lazy_body;
mod level_mark;
mod live_lamp;
mod may;
mod picker;
mod segment;
mod sound;
mod source_badge;
mod stale_banner;
mod status_mark;
mod store_banner;
mod user_menu;

pub use alert_popups::AlertPopups;
pub use app_frame::AppFrame;
pub use bar::Bar;
pub use brand::Brand;
pub use data_view::DataView;
pub use dialog::{Dialog, DialogHead};
pub use error_notice::ErrorNotice;
#[cfg(feature = "hydrate")]
pub use form::field_word;
pub use form::{FormErrors, PasswordField, SecretText, TextField, use_hydrated};
pub use front_frame::FrontFrame;
pub use language_switch::LanguageSwitch;
pub use lazy_body::LazyBody;
pub use level_mark::{FigureMark, LevelMark, figure_word, level_word};
pub use live_lamp::LiveLamp;
pub use may::use_may;
pub use picker::{Picker, PickerItem};
pub use segment::Segment;
pub use sound::{SoundToggle, provide_sound};
pub use source_badge::SourceBadge;
pub use stale_banner::StaleBanner;
pub use status_mark::StatusMark;
pub use store_banner::StoreBanner;
pub use user_menu::{CurrentUserContext, UserMenu};
