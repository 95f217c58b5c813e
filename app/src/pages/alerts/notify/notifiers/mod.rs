//! The notifiers: where messages go.

mod delete;
mod edit;
mod fields;
mod kinds;
mod list;
mod preview;
mod row;
mod test;
mod values;

pub use delete::DeleteNotifier;
pub use edit::EditNotifier;
pub use kinds::KindChoice;
pub use list::Notifiers;
