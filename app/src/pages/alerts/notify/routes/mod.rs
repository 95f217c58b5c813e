//! Routes: which alerts are told to whom.

mod delete;
mod edit;
mod fields;
mod list;
mod row;
mod time;
mod values;
mod words;

pub use delete::DeleteRoute;
pub use edit::EditRoute;
pub use list::Routes;
