//! Pictures of charts for people to keep: all of them below each other, with what they show as text.

use super::super::palette;
use super::PictureText;
use super::handle::ChartHandle;
use super::script::{Script, script_ready};
use crate::browser::{save_file, save_text};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::fmt::Write;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

/// Pixels of a PNG for each pixel of the page.
const RATIO: f64 = 2.0;
const MARGIN: f64 = 20.0;
const LINE: f64 = 20.0;
const FONT: &str = "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
/// An SVG has no screen to take its size from.
const SVG_WIDTH: f64 = 1_200.0;
const SVG_HEIGHT: f64 = 320.0;
const SVG_TEXT: f64 = 12.0;
/// How long the second bundle is waited for: tries, and milliseconds between them.
const TRIES: u32 = 200;
const TRY_EVERY_MS: u32 = 50;

/// One text of a picture: left and baseline, size, colour.
struct Word<'a> {
    place: (f64, f64),
    size: f64,
    colour: &'a str,
    text: &'a str,
}

/// Where everything stands: the words, the top of each chart, and the height of the whole.
fn layout<'a>(text: &'a PictureText, heights: &[f64]) -> (Vec<Word<'a>>, Vec<f64>, f64) {
    let mut words = vec![
        Word { place: (MARGIN, MARGIN + 18.0), size: 18.0, colour: palette::INK, text: &text.title },
        Word { place: (MARGIN, MARGIN + 42.0), size: 13.0, colour: palette::SECONDARY, text: &text.subtitle },
    ];
    let (mut top, mut tops) = (MARGIN + 60.0, Vec::new());
    for (place, height) in heights.iter().enumerate() {
        if let Some(name) = text.charts.get(place) {
            words.push(Word { place: (MARGIN, top + 14.0), size: 14.0, colour: palette::INK, text: name });
        }
        tops.push(top + LINE);
        top += LINE + height + LINE;
        for (colour, name) in text.legends.get(place).into_iter().flatten() {
            words.push(Word { place: (MARGIN, top), size: 12.0, colour, text: name });
            top += LINE;
        }
        top += LINE / 2.0;
    }
    (words, tops, top + MARGIN / 2.0)
}

/// Saves what stands on the screen as a PNG.
pub fn save_png(charts: &[ChartHandle], text: &PictureText, name: &str) {
    let Some(picture) = png(charts, text) else { return };
    let name = name.to_owned();
    let save = Closure::once_into_js(move |blob: Blob| save_file(&name, &blob));
    // It fails only for a canvas without pixels.
    let _ = picture.to_blob(save.unchecked_ref());
}

fn png(charts: &[ChartHandle], text: &PictureText) -> Option<HtmlCanvasElement> {
    let drawn: Vec<HtmlCanvasElement> = charts.iter().filter_map(|chart| chart.canvas(RATIO, palette::PANEL)).collect();
    let heights: Vec<f64> = drawn.iter().map(|canvas| f64::from(canvas.height()) / RATIO).collect();
    let width = f64::from(drawn.iter().map(HtmlCanvasElement::width).max()?) / RATIO + 2.0 * MARGIN;
    let (words, tops, height) = layout(text, &heights);
    let picture: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    picture.set_width((width * RATIO) as u32);
    picture.set_height((height * RATIO) as u32);
    let context: CanvasRenderingContext2d = picture.get_context("2d").ok()??.dyn_into().ok()?;
    context.scale(RATIO, RATIO).ok()?;
    context.set_fill_style_str(palette::PANEL);
    context.fill_rect(0.0, 0.0, width, height);
    for Word { place, size, colour, text } in words {
        context.set_font(&format!("{size}px {FONT}"));
        context.set_fill_style_str(colour);
        context.fill_text(text, place.0, place.1).ok()?;
    }
    for (canvas, top) in drawn.iter().zip(tops) {
        let (width, height) = (f64::from(canvas.width()) / RATIO, f64::from(canvas.height()) / RATIO);
        context.draw_image_with_html_canvas_element_and_dw_and_dh(canvas, MARGIN, top, width, height).ok()?;
    }
    Some(picture)
}

/// Saves the same as an SVG, once its bundle has been loaded.
pub fn save_svg(charts: Vec<ChartHandle>, text: PictureText, name: String) {
    let ready = script_ready(Script::Svg);
    spawn_local(async move {
        for _ in 0..TRIES {
            if ready.get_untracked() {
                save_text(&name, "image/svg+xml", &svg(&charts, &text));
                return;
            }
            TimeoutFuture::new(TRY_EVERY_MS).await;
        }
    });
}

fn svg(charts: &[ChartHandle], text: &PictureText) -> String {
    let drawn: Vec<String> = charts.iter().filter_map(|chart| chart.svg(SVG_WIDTH, SVG_HEIGHT, SVG_TEXT)).collect();
    let (words, tops, height) = layout(text, &vec![SVG_HEIGHT; drawn.len()]);
    let width = SVG_WIDTH + 2.0 * MARGIN;
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"{FONT}\"><rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>",
        palette::PANEL
    );
    for Word { place: (x, y), size, colour, text } in words {
        // Writing to a String cannot fail.
        let _ = write!(picture, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\">{}</text>", escaped(text));
    }
    for (chart, top) in drawn.iter().zip(tops) {
        picture.push_str(&chart.replacen("<svg ", &format!("<svg x=\"{MARGIN}\" y=\"{top}\" "), 1));
    }
    picture + "</svg>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
