// Draws the figures of the wall's cards (app/src/pages/wall/board) away from the page's own thread: a hundred texts twice a second are
// the largest single piece of work of a beat. Messages are arrays that begin with what they are.
let canvas;
let pen;
let style;
let places = [];
let colours = [];
let isNew = false;

// The surface has been measured anew; it changes with the next drawing, so that nobody sees it empty.
function adopt() {
  const [width, height, font] = style;
  [, , , colours, places] = style;
  [canvas.width, canvas.height] = [width, height];
  [pen.font, pen.textBaseline] = [font, "middle"];
  style = undefined;
}

// `figures`: number of the place and of the colour, one pair for each text; a place is left, top, width, height.
function draw(isWhole, figures, texts) {
  if (style) adopt();
  if (isWhole) pen.clearRect(0, 0, canvas.width, canvas.height);
  texts.forEach((text, index) => {
    const at = figures[2 * index] * 4;
    const [left, top, width, height] = places.subarray(at, at + 4);
    pen.clearRect(left, top, width, height);
    pen.fillStyle = colours[figures[2 * index + 1]];
    pen.fillText(text, left, top + height / 2);
  });
  // From now on the page may hide its own texts.
  if (isNew) postMessage("drawn");
  isNew = false;
}

onmessage = ({ data: [kind, ...values] }) => {
  if (kind === "canvas") {
    [canvas] = values;
    pen = canvas.getContext("2d");
    isNew = true;
  } else if (kind === "style") {
    style = values;
  } else if (pen) {
    draw(...values);
  }
};
