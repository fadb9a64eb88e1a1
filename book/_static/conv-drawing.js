// Draw the grids of the convolution explorer as SVG: input, kernel and output. A grid is built once for a setting; a step only moves the
// window and fills output cells.
"use strict";

const ConvDrawing = (() => {
  const CELL = 40; // one cell's side in the drawing's own units
  const NAMESPACE = "http://www.w3.org/2000/svg";

  function element(name, attributes = {}, text = "") {
    const made = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== "") made.textContent = text;
    return made;
  }

  const minus = (number) => String(number).replace("-", "−");

  function cell(row, column, style, text) {
    const group = element("g", { class: style, transform: `translate(${column * CELL} ${row * CELL})` });
    group.append(
      element("rect", { x: 0.5, y: 0.5, width: CELL - 1, height: CELL - 1, rx: 2 }),
      element("text", { x: CELL / 2, y: 0.44 * CELL, class: "value" }, text)
    );
    return group;
  }

  // Both grids share one scale: the side that the larger of padded input and kernel needs.
  function frame(svg, side) {
    svg.replaceChildren();
    svg.setAttribute("viewBox", `-2 -2 ${side * CELL + 4} ${side * CELL + 4}`);
  }

  function hatching() {
    const pattern = element("pattern", {
      id: "hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    });
    pattern.append(element("rect", { width: 3, height: 8, class: "hatch" }));
    const definitions = element("defs");
    definitions.append(pattern);
    return definitions;
  }

  // `shade` colours a cell from 0 (background) to 1.
  function tint(group, shade) {
    group.firstChild.style.fillOpacity = (0.06 + 0.44 * shade).toFixed(3);
  }

  function drawInput(svg, setting, showVisits) {
    const facts = ConvArithmetic.arithmetic(setting);
    const side = Math.max(facts.padded, facts.extent);
    const values = ConvArithmetic.padded(setting, ConvArithmetic.picture(setting));
    const counts = ConvArithmetic.visits(setting);
    const most = Math.max(1, ...counts.flat());
    frame(svg, side);
    svg.append(hatching());
    const { padding, input } = setting;
    for (let row = 0; row < facts.padded; row += 1) {
      for (let column = 0; column < facts.padded; column += 1) {
        const inside = Math.min(row, column) >= padding && Math.max(row, column) < padding + input;
        const visited = inside ? counts[row - padding][column - padding] : 0;
        const text = showVisits ? (inside ? visited : "") : values[row][column];
        const style = inside ? (showVisits ? "pixel counted" : "pixel") : "padding";
        const drawn = cell(row, column, style, text);
        if (inside) tint(drawn, showVisits ? visited / most : values[row][column] / 9);
        svg.append(drawn);
      }
    }
    if (facts.rest > 0) {
      const from = (facts.padded - facts.rest) * CELL;
      const all = facts.padded * CELL;
      const corner = `M${from} 0H${all}V${all}H0V${from}H${from}Z`;
      svg.append(element("path", { d: corner, class: "unreached", fill: "url(#hatch)" }));
    }
    svg.append(kernelWindow(setting, facts));
  }

  function kernelWindow(setting, facts) {
    const kernel = ConvArithmetic.weights(setting);
    const group = element("g", { class: facts.fits ? "window" : "window too-large" });
    const size = facts.extent * CELL;
    group.append(element("rect", { x: 0, y: 0, width: size, height: size, rx: 4, class: "extent" }));
    for (const at of ConvArithmetic.reads(setting, { row: 0, column: 0 })) {
      const tap = element("g", { class: "tap", transform: `translate(${at.column * CELL} ${at.row * CELL})` });
      tap.append(
        element("rect", { x: 1.5, y: 1.5, width: CELL - 3, height: CELL - 3, rx: 3 }),
        element("text", { x: CELL - 5, y: CELL - 5, class: "weight" }, `×${minus(kernel[at.i][at.j])}`)
      );
      group.append(tap);
    }
    return group;
  }

  // The weights by themselves, large enough to read on a phone, where they do not fit into the window's cells.
  function drawKernel(svg, setting) {
    const side = Math.max(setting.kernel, 4); // so that a small kernel's cells are about as large as the input's
    frame(svg, side);
    const size = side > 5 ? 21 : 18;
    ConvArithmetic.weights(setting).forEach((line, row) =>
      line.forEach((weight, column) => {
        const drawn = cell(row, column, weight < 0 ? "own negative" : "own", minus(weight));
        tint(drawn, Math.abs(weight));
        drawn.lastChild.style.fontSize = `${size}px`;
        svg.append(drawn);
      })
    );
  }

  function drawOutput(svg, setting) {
    const facts = ConvArithmetic.arithmetic(setting);
    const side = Math.max(facts.padded, facts.extent);
    frame(svg, side);
    const values = ConvArithmetic.convolve(setting);
    const most = Math.max(1, ...values.flat().map(Math.abs));
    values.forEach((line, row) =>
      line.forEach((value, column) => {
        const drawn = cell(row, column, value < 0 ? "result negative" : "result", minus(value));
        drawn.dataset.index = row * facts.output + column;
        tint(drawn, Math.abs(value) / most);
        svg.append(drawn);
      })
    );
  }

  // Move the window to `corner` and show the output up to and with cell `index`.
  function step(inputSvg, outputSvg, corner, index) {
    const moving = inputSvg.querySelector(".window");
    moving.style.transform = `translate(${corner.column * CELL}px, ${corner.row * CELL}px)`;
    outputSvg.querySelectorAll(".result").forEach((drawn, i) => {
      drawn.classList.toggle("waiting", i > index);
      drawn.classList.toggle("current", i === index);
    });
  }

  return { CELL, drawInput, drawKernel, drawOutput, step, minus };
})();
