//! How large hosts are drawn, by their number. Pure.

/// From one host that fills its panel to tiles for a thousand. `style/_wall.scss` has the columns and sizes of each word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Density {
    /// Word for `data-density`.
    pub word: &'static str,
    /// Whether hosts are tiles that only a colour and a mark fit on.
    pub tiles: bool,
    /// Whether there is room for bars and facts.
    pub roomy: bool,
}

/// Largest number of hosts, word, tiles, roomy.
const STEPS: [(usize, &str, bool, bool); 12] = [
    (1, "solo", false, true),
    (2, "pair", false, true),
    (6, "few", false, true),
    (12, "some", false, false),
    (24, "many", false, false),
    (40, "compact", false, false),
    (50, "dense", false, false),
    (60, "denser", false, false),
    (150, "tiles-150", true, false),
    (300, "tiles-300", true, false),
    (600, "tiles-600", true, false),
    (1_200, "tiles-1200", true, false),
];

/// The density for this many hosts.
pub fn density_of(hosts: usize) -> Density {
    let step = STEPS.into_iter().find(|&(most, ..)| hosts <= most);
    let (_, word, tiles, roomy) = step.unwrap_or((usize::MAX, "tiles-2000", true, false));
    Density { word, tiles, roomy }
}

#[cfg(test)]
mod tests {
    use super::density_of;

    #[test]
    fn words_by_number() {
        for (hosts, word, tiles) in [
            (0, "solo", false),
            (1, "solo", false),
            (5, "few", false),
            (24, "many", false),
            (50, "dense", false),
            (60, "denser", false),
            (61, "tiles-150", true),
            (500, "tiles-600", true),
            (2_000, "tiles-2000", true),
        ] {
            let density = density_of(hosts);
            assert_eq!((density.word, density.tiles), (word, tiles), "{hosts}");
        }
    }
}
