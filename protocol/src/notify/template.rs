//! What templates can say.

/// Names of the variables that every template has. The page has an explanation for each.
///
/// Those that end in `_name` are words of the store, the same in every language; `items` is a list of the alerts, each with all of these but
/// `count`, `more` and `items`. Where a message tells several alerts, the variables outside of the list are those of the worst one, and
/// `more` is how many have no place in the list.
pub const TEMPLATE_VARIABLES: &[&str] = &[
    "host",
    "group",
    "kind",
    "kind_name",
    "target",
    "level",
    "level_name",
    "change",
    "change_name",
    "value",
    "value_number",
    "bound",
    "at",
    "at_ms",
    "duration",
    "link",
    "by",
    "note",
    "alert_id",
    "host_id",
    "count",
    "more",
    "items",
];
