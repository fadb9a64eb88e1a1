// Fetch the network's numbers: half-precision floats, little-endian, one after the other.
"use strict";

const LeNetWeights = (() => {
  const COUNT = 61706;

  // 1 bit of sign, 5 of exponent, 10 of fraction.
  function half(bits) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
  }

  function decode(buffer) {
    if (buffer.byteLength !== 2 * COUNT) throw new Error(`the file of weights has ${buffer.byteLength} bytes`);
    const view = new DataView(buffer);
    return Float32Array.from({ length: COUNT }, (_, i) => half(view.getUint16(2 * i, true)));
  }

  // A page opened from a folder may not fetch a file, but may run a script: the site has the same bytes in one.
  async function load(address, run) {
    if (location.protocol === "file:") {
      await run(address("lenet5-weights.js"));
      return decode(Uint8Array.from(atob(LENET5_BASE64), (letter) => letter.charCodeAt(0)).buffer);
    }
    const reply = await fetch(address("lenet5.bin"));
    if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
    return decode(await reply.arrayBuffer());
  }

  return { decode, load };
})();
