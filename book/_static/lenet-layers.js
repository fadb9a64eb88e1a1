// LeNet-5. A map is a list of rows of numbers.
"use strict";

const LeNet5 = (() => {
  // Outputs and inputs of the five layers with weights.
  const SIZES = [[6, 1 * 25], [16, 6 * 25], [120, 400], [84, 120], [10, 84]];

  // Cut the network's 61,706 numbers: weights in torch's order, then biases.
  function layers(numbers) {
    let at = 0;
    const take = (count) => numbers.subarray(at, (at += count));
    return SIZES.map(([outputs, inputs]) => ({
      weight: Array.from({ length: outputs }, () => take(inputs)),
      bias: Array.from(take(outputs)),
    }));
  }

  const list = (length, value) => Array.from({ length }, (_, i) => value(i));
  const map = (side, at) => list(side, (r) => list(side, (c) => at(r, c)));
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));

  // Two zeros on each side: 28 × 28 becomes the 32 × 32 of 1998.
  const pad = (picture) => map(32, (r, c) => picture[r - 2]?.[c - 2] ?? 0);

  // Slide each 5 × 5 filter over all maps at once: multiply, add up, squash.
  function convolution(maps, { weight, bias }) {
    return weight.map((filter, o) => map(maps[0].length - 4, (r, c) => {
      let sum = bias[o];
      let next = 0;
      for (const x of maps) {
        for (let i = 0; i < 5; i += 1) {
          for (let j = 0; j < 5; j += 1) {
            sum += filter[next++] * x[r + i][c + j];
          }
        }
      }
      return sigmoid(sum);
    }));
  }

  // The mean of each 2 × 2 block.
  function pooling(maps) {
    return maps.map((x) => map(x.length / 2, (r, c) => {
      const [top, bottom, left] = [x[2 * r], x[2 * r + 1], 2 * c];
      return (top[left] + top[left + 1] + bottom[left] + bottom[left + 1]) / 4;
    }));
  }

  // Each output is a weighted sum of all inputs.
  function dense(x, { weight, bias }) {
    const add = (row, b) => row.reduce((sum, w, i) => sum + w * x[i], b);
    return weight.map((row, o) => add(row, bias[o]));
  }

  function softmax(scores) {
    const highest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - highest));
    const total = powers.reduce((sum, power) => sum + power);
    return powers.map((power) => power / total);
  }

  function forward([one, two, three, four, five], picture) {
    const c1 = convolution([pad(picture)], one); // 6 maps of 28 × 28
    const s2 = pooling(c1); // 6 maps of 14 × 14
    const c3 = convolution(s2, two); // 16 maps of 10 × 10
    const s4 = pooling(c3); // 16 maps of 5 × 5
    const c5 = dense(s4.flat(2), three).map(sigmoid); // 120 numbers
    const f6 = dense(c5, four).map(sigmoid); // 84 numbers
    const scores = dense(f6, five); // 10 numbers
    return { c1, s2, c3, s4, c5, f6, scores, probabilities: softmax(scores) };
  }

  return { layers, forward };
})();
