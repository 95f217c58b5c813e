//! The live client: one socket for the whole page, its figures in signals of their own so that only what changed is drawn.
//!
//! `App` calls [`provide_live_feed`] once; a page calls [`use_live_feed`], says what it listens to by [`LiveFeed::subscribe`], and
//! reads signals. The socket is open only while some page listens. On the server nothing ever arrives: signals keep their gaps.

// The centre renders the page but nothing ever arrives there: what takes frames in is compiled on both sides, so that tests on the host
// cover it, and used in the browser only.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod apply;
mod board;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod feed;
mod fleet;
mod hour;
mod hour_feed;
mod metric;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod news;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod notice;
mod order;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod popups;
mod rank;
#[cfg(feature = "hydrate")]
mod socket;

pub use feed::{HostState, LiveFeed, provide_live_feed, use_live_feed};
pub use fleet::{Fleet, SOURCES, SparkLine};
pub use hour::{ChartPoint, HOUR_MS, HourBuffer, SpreadPoints};
pub use hour_feed::{HourFeed, use_hour};
pub use metric::{Metric, worst_level};
pub use news::{Turn, moment};
pub use notice::Notice;
pub use order::Order;
pub use popups::{Popup, Popups};

use serde::{Deserialize, Serialize};

/// State of the connection to the centre, as the page shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Nothing has arrived yet.
    #[default]
    Connecting,
    /// Frames arrive.
    Live,
    /// The socket is open, but no frame has arrived for two seconds.
    Stale,
    /// The socket is closed; the page tries again by itself.
    Disconnected,
}

impl Link {
    /// Word for `data-state` attributes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Disconnected => "disconnected",
        }
    }

    /// Whether the figures on the screen are not those of now.
    pub fn is_old(self) -> bool {
        matches!(self, Self::Stale | Self::Disconnected)
    }
}
