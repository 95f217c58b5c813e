// Draws the wall's figures (app/src/pages/wall/drawn) away from the page's own thread: a hundred texts twice a second are the largest single
// piece of work of a beat. One thread for all canvases. Messages are arrays that begin with what they are and the number of the canvas.
const surfaces = new Map();

// A place is left, top, width, height, where its text stands in it (0 left, 0.5 middle, 1 right), and the style of its line.
const PLACE = 6;

// The canvas has been measured anew; it changes with the next drawing, so that nobody sees it empty.
function adopt(surface) {
  const { canvas, pen, measured } = surface;
  const [width, height, styles, places] = measured;
  [canvas.width, canvas.height] = [width, height];
  pen.textBaseline = "alphabetic";
  surface.places = places;
  surface.styles = styles.map(([font, colour, spacing, before, after]) => {
    take(pen, { font, spacing });
    const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = pen.measureText("0");
    return { font, colour, spacing, before, after, above: Math.round(ascent), below: Math.round(descent) };
  });
  surface.measured = undefined;
}

function take(pen, { font, spacing }) {
  pen.font = font;
  pen.letterSpacing = `${spacing}px`;
}

// The pieces of one place, one after the other on a common line.
function drawLine({ pen, places, styles }, place, pieces) {
  const [left, top, width, height, side, line] = places.subarray(place * PLACE, place * PLACE + PLACE);
  pen.clearRect(left, top, width, height);
  const widths = pieces.map(({ style, text }) => {
    take(pen, style);
    return style.before + pen.measureText(text).width + style.after;
  });
  const { above, below } = styles[line];
  const base = Math.round(top + (height - above - below) / 2 + above);
  let at = left + Math.max(0, side * (width - widths.reduce((sum, one) => sum + one, 0)));
  pieces.forEach(({ style, text }, index) => {
    take(pen, style);
    pen.fillStyle = style.colour;
    pen.fillText(text, at + style.before, base);
    at += widths[index];
  });
}

// `figures`: number of the place and of the style, one pair for each text. Texts of one place follow each other.
function draw(surface, isWhole, figures, texts) {
  const { canvas, pen } = surface;
  if (surface.measured) adopt(surface);
  if (!surface.places) return;
  if (isWhole) pen.clearRect(0, 0, canvas.width, canvas.height);
  for (let first = 0, next = 0; first < texts.length; first = next) {
    const place = figures[2 * first];
    const pieces = [];
    for (; next < texts.length && figures[2 * next] === place; next++) {
      pieces.push({ style: surface.styles[figures[2 * next + 1]], text: texts[next] });
    }
    drawLine(surface, place, pieces);
  }
}

onmessage = ({ data: [kind, number, ...values] }) => {
  const surface = surfaces.get(number);
  if (kind === "canvas") {
    const [canvas] = values;
    surfaces.set(number, { canvas, pen: canvas.getContext("2d"), isNew: true });
  } else if (kind === "end") {
    surfaces.delete(number);
  } else if (!surface?.pen) {
    return;
  } else if (kind === "style") {
    surface.measured = values;
  } else {
    draw(surface, ...values);
    // From now on the page may hide its own texts.
    if (surface.isNew) postMessage(number);
    surface.isNew = false;
  }
};
