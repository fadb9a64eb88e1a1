// The arithmetic of a convolution along square grids, without any drawing. Everything here is a pure function of a
// setting {input, kernel, stride, padding, dilation}; tests compare it with torch.
"use strict";

const ConvArithmetic = (() => {
  // [smallest, largest] value of each size that the explorer offers.
  const RANGES = { input: [1, 16], kernel: [1, 7], stride: [1, 5], padding: [0, 4], dilation: [1, 4] };
  const DEFAULTS = { input: 7, kernel: 3, stride: 1, padding: 0, dilation: 1 };

  const count = (n) => Array.from({ length: n }, (_, i) => i);
  const grid = (rows, columns, value) => count(rows).map((r) => count(columns).map((c) => value(r, c)));

  // Return whole numbers inside RANGES; what is missing or no number comes from `fallback`.
  function tidy(setting, fallback = DEFAULTS) {
    const tidied = {};
    for (const [name, [low, high]] of Object.entries(RANGES)) {
      const given = setting[name];
      const value = given === null || given === undefined || given === "" ? NaN : Math.round(Number(given));
      tidied[name] = Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : fallback[name];
    }
    return tidied;
  }

  // padded: side of the padded input. extent: cells that the dilated kernel spans. room: how far its window can move.
  // rest: rows at the far end that no window reaches. output: side of the output, 0 when the kernel does not fit.
  function arithmetic({ input, kernel, stride, padding, dilation }) {
    const padded = input + 2 * padding;
    const extent = dilation * (kernel - 1) + 1;
    const room = padded - extent;
    const fits = room >= 0;
    const steps = fits ? Math.floor(room / stride) : 0;
    return { padded, extent, room, fits, steps, rest: fits ? room % stride : 0, output: fits ? steps + 1 : 0 };
  }

  // Top left corners of all windows in the padded input, row by row.
  function positions(setting) {
    const { output } = arithmetic(setting);
    return count(output * output).map((i) => ({
      row: Math.floor(i / output) * setting.stride,
      column: (i % output) * setting.stride,
    }));
  }

  // The cells of the padded input under the kernel's weights when its window stands at `corner`.
  function reads({ kernel, dilation }, corner) {
    return grid(kernel, kernel, (i, j) => ({
      row: corner.row + i * dilation,
      column: corner.column + j * dilation,
      i,
      j,
    })).flat();
  }

  // How often each input pixel is read in all, as rows of counts (padding left out).
  function visits(setting) {
    const { input, kernel, stride, padding, dilation } = setting;
    const line = new Array(input).fill(0);
    for (const o of count(arithmetic(setting).output)) {
      for (const t of count(kernel)) {
        const at = o * stride + t * dilation - padding;
        if (at >= 0 && at < input) line[at] += 1;
      }
    }
    return grid(input, input, (r, c) => line[r] * line[c]);
  }

  // A picture to convolve: a bright disc, a little off centre, in whole numbers from 0 to 9.
  function picture({ input }) {
    const middle = (input - 1) / 2;
    const radius = Math.max(1, 0.52 * input);
    return grid(input, input, (r, c) => {
      const away = Math.hypot(r - middle + 0.12 * input * (input > 2), c - middle) / radius;
      return Math.round(9 * Math.min(1, Math.max(0, 1.45 - 1.45 * away)));
    });
  }

  // Right half minus left half: it answers to vertical edges.
  function weights({ kernel }) {
    return grid(kernel, kernel, (_, j) => (kernel === 1 ? 1 : Math.sign(2 * j - (kernel - 1))));
  }

  function padded(setting, values) {
    const side = arithmetic(setting).padded;
    const { input, padding } = setting;
    const inside = (i) => i >= padding && i < padding + input;
    return grid(side, side, (r, c) => (inside(r) && inside(c) ? values[r - padding][c - padding] : 0));
  }

  // The output: at each window, the sum of value × weight.
  function convolve(setting, values = picture(setting), kernel = weights(setting)) {
    const { output } = arithmetic(setting);
    const cells = padded(setting, values);
    const corners = positions(setting);
    return grid(output, output, (r, c) =>
      reads(setting, corners[r * output + c]).reduce((sum, at) => sum + cells[at.row][at.column] * kernel[at.i][at.j], 0)
    );
  }

  return { RANGES, DEFAULTS, tidy, arithmetic, positions, reads, visits, picture, weights, padded, convolve };
})();
