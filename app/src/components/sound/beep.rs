//! The sound itself: two short tones for a warning, three higher ones for a critical alert.

use gloo_events::EventListener;
use leptos::prelude::document;
use std::cell::{OnceCell, RefCell};
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// Hertz of each tone.
const WARNING: [f32; 2] = [660.0, 550.0];
const CRITICAL: [f32; 3] = [880.0, 660.0, 880.0];

/// Seconds of a tone, and from the beginning of one to the next.
const TONE_S: f64 = 0.14;
const EVERY_S: f64 = 0.18;

/// Loud enough to be heard across a room, not to startle.
const VOLUME: f32 = 0.12;

thread_local! {
    /// Made when it is first needed: a browser counts them.
    static CONTEXT: OnceCell<Option<AudioContext>> = const { OnceCell::new() };
    static TOUCHES: RefCell<Vec<EventListener>> = const { RefCell::new(Vec::new()) };
}

fn with_context(act: impl FnOnce(&AudioContext)) {
    CONTEXT.with(|context| {
        if let Some(context) = context.get_or_init(|| AudioContext::new().ok()) {
            act(context);
        }
    });
}

/// Plays it; nothing where the browser does not allow it yet.
pub fn play(critical: bool) {
    with_context(|context| {
        // It fails only for a context that is closed, and nobody closes it.
        let _ = context.resume();
        let tones: &[f32] = if critical { &CRITICAL } else { &WARNING };
        for (place, hertz) in tones.iter().enumerate() {
            // A tone that cannot be made is not heard; the pop-up is there all the same.
            let _ = tone(context, *hertz, context.current_time() + EVERY_S * place as f64);
        }
    });
}

fn tone(context: &AudioContext, hertz: f32, at_s: f64) -> Result<(), wasm_bindgen::JsValue> {
    let (source, volume) = (context.create_oscillator()?, context.create_gain()?);
    source.set_type(OscillatorType::Sine);
    source.frequency().set_value(hertz);
    // Without a slope at both ends a tone clicks.
    volume.gain().set_value_at_time(0.0, at_s)?;
    volume.gain().linear_ramp_to_value_at_time(VOLUME, at_s + 0.02)?;
    volume.gain().linear_ramp_to_value_at_time(0.0, at_s + TONE_S)?;
    source.connect_with_audio_node(&volume)?.connect_with_audio_node(&context.destination())?;
    source.start_with_when(at_s)?;
    source.stop_with_when(at_s + TONE_S)
}

/// After a page has been loaded a browser keeps it silent until it is touched: the first touch opens its ears.
pub fn wake_on_touch() {
    let listeners = ["pointerdown", "keydown"].map(|name| {
        EventListener::once(&document(), name, |_| {
            with_context(|context| {
                if context.state() == AudioContextState::Suspended {
                    let _ = context.resume();
                }
            });
        })
    });
    TOUCHES.with_borrow_mut(|touches| touches.extend(listeners));
}
