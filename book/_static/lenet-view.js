// The pad, the layers and the ten bars of <lenet-live>: everything that a reader sees and touches.
"use strict";

const LeNetView = (() => {
  const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const FIRST = 3; // the digit that is there at the start
  const STEP = 0.04; // of the pad's side, for one press of an arrow key
  const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  const TO_DRAW = 900; // milliseconds in which a sample is drawn
  const MAPS = [
    ["c1", "Convolution 5 × 5, sigmoid", 6, 28, "156 weights"],
    ["s2", "Average pooling", 6, 14, "no weights"],
    ["c3", "Convolution 5 × 5, sigmoid", 16, 10, "2,416 weights"],
    ["s4", "Average pooling", 16, 5, "no weights"],
  ];
  const VECTORS = [
    ["c5", "Dense, sigmoid", 120, 24, "48,120 weights"], // folded into lines of 24
    ["f6", "Dense, sigmoid", 84, 21, "10,164 weights"],
  ];

  const caption = (...[layer, shape, weights]) => `
    <figcaption><b>${layer}</b> <span>${shape}${weights ? `, ${weights}` : ""}</span></figcaption>`;
  const maps = ([name, layer, count, side, weights]) => `
    <figure class="${name}">${caption(layer, `${count} maps of ${side} × ${side}`, weights)}
      <div role="img">${"<canvas></canvas>".repeat(count)}</div></figure>`;
  const vector = ([name, layer, count, , weights]) => `
    <figure class="${name}">${caption(layer, `${count} numbers`, weights)}
      <div role="img"><canvas></canvas></div></figure>`;
  const bar = (digit) => `
    <li><b>${digit}</b><span class="bar"><span></span></span><span class="share"></span></li>`;
  const sample = (digit) => `
    <button type="button" data-digit="${digit}" aria-label="Draw a ${digit}">${digit}</button>`;

  const TEMPLATE = `
    <style>${LENET_STYLE}</style>
    <div class="lenet" role="group" aria-label="LeNet-5, live">
      <div class="top">
        <div class="draw">
          <canvas class="pad" width="560" height="560" tabindex="0" role="application"
            aria-label="Pad to draw a digit on" aria-describedby="keys"></canvas>
          <p class="invitation" aria-hidden="true">Draw a digit</p>
        </div>
        <div class="seen">
          <figure>${caption("Input", "28 × 28")}<div role="img"><canvas></canvas></div></figure>
          <button type="button" class="clear">Clear</button>
        </div>
        <figure class="answer">
          ${caption("Answer: dense, softmax", "10 probabilities", "850 weights")}
          <ol>${DIGITS.map(bar).join("")}</ol>
        </figure>
      </div>
      <div class="tools">
        <div class="samples" role="group" aria-label="Digits to choose">
          <span class="or" aria-hidden="true">Or choose one</span>${DIGITS.map(sample).join("")}
        </div>
        <label class="turn">Turn it <input type="range" min="-180" max="180" step="5" value="0"><output>0°</output></label>
      </div>
      <p class="keys" id="keys">On the pad, arrow keys move the pen; Space puts it down or lifts it.</p>
      <div class="layers">${MAPS.map(maps).join("")}${VECTORS.map(vector).join("")}</div>
      <p class="cost"></p>
      <p class="unseen" aria-live="polite"></p>
    </div>`;

  return class View {
    #root;
    #pad;
    #layers;
    #strokes = [];
    #degrees = 0;
    #isSample = false;
    #drawing = false; // a pointer is down
    #pen = { at: [0.5, 0.5], down: false };
    #playing = 0;
    #frame = 0;
    #speech = 0;
    #fastest = Infinity; // milliseconds for one pass, once the browser has warmed up
    picture = null;
    result = null;

    constructor(host, layers) {
      this.#layers = layers;
      this.#root = host.attachShadow({ mode: "open" });
      this.#root.innerHTML = TEMPLATE;
      this.#pad = this.#find(".pad");
      this.#listenToPad();
      this.#listenToTools();
      new MutationObserver(() => this.#draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
      this.strokes = LeNetStrokes.sample(FIRST);
      this.#isSample = true;
      this.#run();
    }

    // The drawing: lists of points [x, y] on a pad whose side is 1.
    get strokes() {
      return this.#strokes;
    }

    set strokes(wanted) {
      this.#stop();
      this.#turned(0);
      this.#strokes = wanted;
      this.#isSample = false;
      this.#changed();
    }

    #find(selector) {
      return this.#root.querySelector(selector);
    }

    #listenToPad() {
      const pad = this.#pad;
      const onPad = (value) => Math.min(1, Math.max(0, value));
      const at = (event) => {
        const box = pad.getBoundingClientRect();
        return [onPad((event.clientX - box.left) / box.width), onPad((event.clientY - box.top) / box.height)];
      };
      pad.addEventListener("pointerdown", (event) => {
        if (!event.isPrimary || event.button !== 0) return;
        pad.setPointerCapture(event.pointerId);
        this.#startStroke(at(event));
        this.#drawing = true;
      });
      pad.addEventListener("pointermove", (event) => {
        if (!this.#drawing || !event.isPrimary) return;
        const all = event.getCoalescedEvents?.() ?? [];
        this.#strokes.at(-1)?.push(...(all.length > 0 ? all : [event]).map(at));
        this.#changed();
      });
      for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => (this.#drawing = false));
      pad.addEventListener("keydown", (event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.key in ARROWS) this.#movePen(ARROWS[event.key]);
        else if (event.key === " ") this.#dropPen(!this.#pen.down);
        else return;
        event.preventDefault();
      });
      pad.addEventListener("focus", () => this.#draw());
      pad.addEventListener("blur", () => this.#dropPen(false));
    }

    #listenToTools() {
      this.#root.addEventListener("click", ({ target }) => {
        const pressed = target.closest("button");
        if (pressed?.matches(".clear")) {
          this.strokes = [];
          this.#say("The pad is empty.");
        } else if (pressed) {
          this.#play(LeNetStrokes.sample(Number(pressed.dataset.digit)));
        }
      });
      this.#find("input").addEventListener("input", ({ target }) => {
        this.#turned(Number(target.value));
        this.#changed();
      });
    }

    #turned(degrees) {
      this.#degrees = degrees;
      this.#find("input").value = degrees;
      this.#find("input").setAttribute("aria-valuetext", `${degrees} degrees`);
      this.#find("output").textContent = `${degrees}°`.replace("-", "−");
    }

    // A sample gives way to the reader's own drawing; what the reader drew and turned stays as it is seen.
    #startStroke(point) {
      this.strokes = this.#isSample ? [] : LeNetStrokes.turn(this.#strokes, this.#degrees);
      this.#strokes.push([point]);
      this.#changed();
    }

    #movePen([dx, dy]) {
      const inside = (value) => Math.min(0.96, Math.max(0.04, value));
      this.#pen.at = [inside(this.#pen.at[0] + dx), inside(this.#pen.at[1] + dy)];
      if (this.#pen.down) this.#strokes.at(-1)?.push(this.#pen.at);
      this.#changed();
    }

    #dropPen(down) {
      if (down) this.#startStroke(this.#pen.at);
      if (down !== this.#pen.down) this.#say(down ? "Pen down" : "Pen up");
      this.#pen.down = down;
      this.#draw();
    }

    // Draw a sample as a hand would, a little more at each frame.
    #play(whole) {
      this.strokes = [];
      const points = whole.flat().length;
      const begin = performance.now();
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const tick = () => {
        const done = still ? 1 : Math.min(1, (performance.now() - begin) / TO_DRAW);
        let left = Math.ceil(done * points);
        this.#strokes = whole.map((stroke) => stroke.slice(0, Math.max(0, (left -= stroke.length) + stroke.length)));
        this.#strokes = this.#strokes.filter((stroke) => stroke.length > 0);
        this.#changed();
        this.#playing = done < 1 ? requestAnimationFrame(tick) : 0;
      };
      this.#isSample = true;
      tick();
    }

    #stop() {
      cancelAnimationFrame(this.#playing);
      this.#playing = 0;
    }

    // However many points come, compute once for each frame that is shown.
    #changed() {
      if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#run());
    }

    #run() {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
      this.picture = LeNetStrokes.picture(LeNetStrokes.turn(this.#strokes, this.#degrees));
      const begin = performance.now();
      this.result = LeNet5.forward(this.#layers, this.picture);
      this.#fastest = Math.min(this.#fastest, performance.now() - begin);
      this.#draw();
      this.#saySoon();
    }

    #draw() {
      const empty = this.#strokes.length === 0;
      const { result } = this;
      const ink = LeNetDrawing.inkOf(this.#find(".lenet"));
      const hasKeys = this.#root.activeElement === this.#pad && !this.#drawing && this.#pad.matches(":focus-visible");
      const pen = hasKeys ? { ...this.#pen, colour: getComputedStyle(this.#pad).outlineColor } : null;
      LeNetDrawing.drawPad(this.#pad, LeNetStrokes.turn(this.#strokes, this.#degrees), ink, pen);
      this.#find(".invitation").hidden = !empty || hasKeys;
      LeNetDrawing.paint(this.#find(".seen canvas"), this.picture, ink);
      this.#label(".seen", empty ? "The input is blank" : "The drawing, centred and scaled to 28 by 28 pixels");
      for (const [name, , count, side] of MAPS) {
        const found = result[name];
        this.#root.querySelectorAll(`.${name} canvas`).forEach((canvas, i) => LeNetDrawing.paint(canvas, found[i], ink));
        const sums = found.map((map) => map.flat().reduce((sum, value) => sum + value));
        const strongest = sums.indexOf(Math.max(...sums)) + 1;
        this.#label(`.${name}`, `${count} maps of ${side} by ${side}; number ${strongest} is strongest`);
      }
      for (const [name, , count, width] of VECTORS) {
        LeNetDrawing.paint(this.#find(`.${name} canvas`), LeNetDrawing.fold(result[name], width), ink);
        const active = result[name].filter((value) => value > 0.5).length;
        this.#label(`.${name}`, `${count} numbers, ${active} of them above one half`);
      }
      this.#drawBars(empty);
      this.#find(".cost").textContent =
        "All these numbers are between 0 and 1: the more ink, the larger. 61,706 weights, 416,520 multiplications; " +
        `the fastest pass here so far took ${this.#fastest.toFixed(1)} ms.`;
    }

    #label(selector, text) {
      this.#find(`${selector} [role=img]`).setAttribute("aria-label", text);
    }

    #drawBars(empty) {
      const shares = this.result.probabilities;
      const best = Math.max(...shares);
      this.#root.querySelectorAll(".answer li").forEach((line, digit) => {
        const share = empty ? 0 : shares[digit];
        line.classList.toggle("best", !empty && share === best);
        line.style.setProperty("--share", `${100 * share}%`);
        line.querySelector(".share").textContent = empty ? "–" : `${(100 * share).toFixed(share > 0.9995 ? 0 : 1)}%`;
      });
    }

    #say(text) {
      clearTimeout(this.#speech);
      this.#find("[aria-live]").textContent = text;
    }

    // Say the answer when the drawing has rested.
    #saySoon() {
      clearTimeout(this.#speech);
      if (this.#strokes.length === 0) return;
      this.#speech = setTimeout(() => {
        const ranked = DIGITS.map((digit) => [this.result.probabilities[digit], digit]).sort(([a], [b]) => b - a);
        const [first, second] = ranked.map(([share, digit]) => `${digit}, ${Math.round(100 * share)} percent`);
        this.#say(`Read as ${first}; next is ${second}.`);
      }, 700);
    }
  };
})();
