//! Figures as texts that are made once and stay in the browser: a hundred a beat need not be written, handed over and thrown away.

use crate::format;
use js_sys::JsString;
use std::collections::HashMap;

/// What a figure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    Gap,
    /// A share to a tenth of a per cent.
    Tenths(i32),
    /// A share in whole per cent.
    Whole(i32),
}

impl Code {
    /// That of a share with a decimal.
    pub fn tenths(value: Option<f32>) -> Self {
        value.map_or(Self::Gap, |value| Self::Tenths((value * 10.0).round() as i32))
    }

    /// That of a share without decimals.
    pub fn whole(value: Option<f32>) -> Self {
        value.map_or(Self::Gap, |value| Self::Whole(value.round() as i32))
    }

    fn text(self) -> String {
        match self {
            Self::Gap => format::percent(None),
            Self::Tenths(tenths) => format::percent(Some(tenths as f32 / 10.0)),
            Self::Whole(whole) => format::whole(Some(whole as f32)),
        }
    }
}

/// The texts that have been needed so far: at most those of all shares, about eleven hundred.
#[derive(Default)]
pub struct Texts(HashMap<Code, JsString>);

impl Texts {
    /// The text of a figure.
    pub fn get(&mut self, code: Code) -> &JsString {
        self.0.entry(code).or_insert_with(|| code.text().into())
    }
}
