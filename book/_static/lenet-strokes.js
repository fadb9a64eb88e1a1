// From strokes of a pen to the 28 × 28 picture that the network sees, made as MNIST's were: fitted into a box of
// 20 × 20, then moved so that the centre of mass is in the middle. And ten digits to choose, drawn here by code.
"use strict";

const LeNetStrokes = (() => {
  const SIDE = 28;
  const BOX = 20;
  const PEN = 2.6; // width of the pen in pixels of the picture; MNIST's are about as wide
  const LARGEST = 80; // pixels for the pad's side, so that a dot stays a dot

  const move = (strokes, place) => strokes.map((stroke) => stroke.map(place));

  // Ink between 0 and 1: how much of a pixel the pen covers, judged by the distance of its centre from the line.
  function ink(strokes) {
    const picture = Array.from({ length: SIDE }, () => new Array(SIDE).fill(0));
    for (const stroke of strokes) {
      stroke.forEach((to, i) => {
        const from = stroke[Math.max(0, i - 1)];
        const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
        const length = dx * dx + dy * dy;
        const reach = PEN / 2 + 1;
        const first = (axis) => Math.max(0, Math.floor(Math.min(from[axis], to[axis]) - reach));
        const last = (axis) => Math.min(SIDE - 1, Math.ceil(Math.max(from[axis], to[axis]) + reach));
        for (let row = first(1); row <= last(1); row += 1) {
          for (let column = first(0); column <= last(0); column += 1) {
            const [x, y] = [column + 0.5 - from[0], row + 0.5 - from[1]];
            const along = length === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length));
            const away = Math.hypot(x - along * dx, y - along * dy);
            const covered = Math.min(1, Math.max(0, PEN / 2 + 0.5 - away));
            picture[row][column] = Math.max(picture[row][column], covered);
          }
        }
      });
    }
    return picture;
  }

  function centreOfMass(picture) {
    let [sum, x, y] = [0, 0, 0];
    picture.forEach((line, row) =>
      line.forEach((value, column) => {
        sum += value;
        x += value * (column + 0.5);
        y += value * (row + 0.5);
      })
    );
    return sum === 0 ? [SIDE / 2, SIDE / 2] : [x / sum, y / sum];
  }

  // strokes: lists of points [x, y] on a pad whose side is 1.
  function picture(strokes) {
    const points = strokes.flat();
    if (points.length === 0) return ink([]);
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    const scale = Math.min(LARGEST, (BOX - PEN) / Math.max(right - left, bottom - top));
    const [across, down] = [(left + right) / 2, (top + bottom) / 2];
    const fitted = move(strokes, ([x, y]) => [SIDE / 2 + scale * (x - across), SIDE / 2 + scale * (y - down)]);
    const [x0, y0] = centreOfMass(ink(fitted));
    return ink(move(fitted, ([x, y]) => [x + SIDE / 2 - x0, y + SIDE / 2 - y0]));
  }

  // Turn clockwise about the middle of the pad.
  function turn(strokes, degrees) {
    const angle = (degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return move(strokes, ([x, y]) => {
      const [right, down] = [x - 0.5, y - 0.5];
      return [0.5 + cos * right - sin * down, 0.5 + sin * right + cos * down];
    });
  }

  // Strokes are parted by ";". In a stroke, "|" is a corner: the curve through the points before it ends there, and a
  // new one begins. The pad's side is 100.
  const DIGITS = [
    "52,12 32,22 24,50 32,79 50,88 68,79 76,50 68,22 50,13",
    "56,12 46,88",
    "28,32 38,15 58,14 68,30 58,54 28,86|50,85 76,84",
    "28,20 48,12 66,24 58,42 42,47|62,53 70,70 54,87 27,82",
    "42,12 32,36 24,56|50,56 78,54;62,30 58,60 56,90",
    "34,14 31,44|52,40 69,54 66,76 48,88 27,82;34,14 54,14 71,12",
    "62,12 40,32 28,62 36,84 56,87 69,71 58,55 38,60 29,74",
    "25,17 50,17 74,15|56,48 44,88",
    "66,24 50,12 34,24 42,42 60,57 67,75 50,88 33,76 40,57 58,42 66,24",
    "68,28 52,13 33,26 37,47 55,49 69,28|67,56 60,88",
  ];

  // Points along a smooth curve through `points` (Catmull and Rom's).
  function curve(points) {
    const at = (i) => points[Math.min(points.length - 1, Math.max(0, i))];
    const between = (a, b, c, d, t) =>
      (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t) / 2;
    const found = [points[0]];
    for (let i = 0; i < points.length - 1; i += 1) {
      for (let step = 1; step <= 8; step += 1) {
        const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
        found.push([0, 1].map((axis) => between(a[axis], b[axis], c[axis], d[axis], step / 8)));
      }
    }
    return found;
  }

  function sample(digit) {
    const points = (text) => text.split(" ").map((pair) => pair.split(",").map((number) => number / 100));
    return DIGITS[digit].split(";").map((stroke) => {
      const curves = stroke.split("|").map(points);
      return curves.flatMap((part, i) => curve(i === 0 ? part : [curves[i - 1].at(-1), ...part]));
    });
  }

  return { picture, turn, sample };
})();
