// Paint numbers between 0 and 1 as squares of ink, in the page's own colour: light pages get dark ink, dark ones light.
"use strict";

const LeNetDrawing = (() => {
  // The page's ink as [red, green, blue]; it changes with the reader's switch.
  function inkOf(element) {
    return getComputedStyle(element).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  }

  function paint(canvas, rows, ink) {
    const [height, width] = [rows.length, rows[0].length];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    rows.flat().forEach((value, i) => image.data.set([...ink, Math.round(255 * Math.min(1, Math.max(0, value)))], 4 * i));
    context.putImageData(image, 0, 0);
  }

  // Numbers in a row, folded into lines of `width`.
  function fold(numbers, width) {
    return Array.from({ length: numbers.length / width }, (_, row) => numbers.slice(row * width, (row + 1) * width));
  }

  // The drawing on the pad, whose side is 1, and the keyboard's pen: a ring, filled when it is down.
  function drawPad(canvas, strokes, ink, pen) {
    const side = canvas.width;
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, side, side);
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = 0.075 * side;
    context.strokeStyle = context.fillStyle = `rgb(${ink.join(" ")})`;
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(stroke[0][0] * side, stroke[0][1] * side);
      for (const [x, y] of stroke) context.lineTo(x * side, y * side);
      context.stroke();
    }
    if (pen) {
      context.lineWidth = 0.012 * side;
      context.strokeStyle = context.fillStyle = pen.colour;
      context.beginPath();
      context.arc(pen.at[0] * side, pen.at[1] * side, 0.035 * side, 0, 2 * Math.PI);
      if (pen.down) context.fill();
      context.stroke();
    }
  }

  return { inkOf, paint, fold, drawPad };
})();
