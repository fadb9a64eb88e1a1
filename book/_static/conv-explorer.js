// <conv-explorer input="7" kernel="3" stride="1" padding="0" dilation="1">: set the sizes of a convolution, watch the
// kernel step over the padded input, and read the formula with those numbers in it.
"use strict";

const ConvExplorer = (() => {
  const { RANGES, DEFAULTS } = ConvArithmetic;
  const { minus } = ConvDrawing;
  const SETTINGS = [
    ["input", "Input size", "W"],
    ["kernel", "Kernel size", "K"],
    ["stride", "Stride", "S"],
    ["padding", "Padding", "P"],
    ["dilation", "Dilation", "D"],
  ];
  const QUICK = [
    ["Plain", DEFAULTS],
    ["Same size", { ...DEFAULTS, padding: 1 }],
    ["Stride leaves a rest", { ...DEFAULTS, input: 8, stride: 2 }],
    ["Dilated", { ...DEFAULTS, input: 9, dilation: 2 }],
    ["Nothing fits", { ...DEFAULTS, input: 5, dilation: 3 }],
  ];
  const SPEEDS = [["Slow", 1100], ["Normal", 550], ["Fast", 160]];
  const PRODUCTS_SHOWN = 9; // a 3 × 3 kernel; more would be a wall of numbers

  const some = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
  const floor = (above, below) => `<span class="floor">${fraction(above, below)}</span>`;
  const fraction = (above, below) => `<span class="fraction"><span>${above}</span><span>${below}</span></span>`;
  const square = (side) => `${side} × ${side}`;

  function slider([name, label, letter]) {
    const [low, high] = RANGES[name];
    return `<label class="setting"><span>${label} <var>${letter}</var></span><output></output>
      <input type="range" name="${name}" min="${low}" max="${high}" step="1"></label>`;
  }

  const TEMPLATE = `
    <style>${CONV_EXPLORER_STYLE}</style>
    <div class="explorer" role="group" aria-label="Convolution explorer">
      <div class="quick" role="group" aria-label="Settings to try">
        ${QUICK.map(([label], i) => `<button type="button" data-quick="${i}">${label}</button>`).join("")}
      </div>
      <div class="settings">${SETTINGS.map(slider).join("")}</div>
      <div class="stage">
        <figure class="in"><figcaption></figcaption><svg role="img"></svg></figure>
        <figure class="taps"><figcaption></figcaption><svg role="img"></svg></figure>
        <figure class="out"><figcaption></figcaption><svg role="img"></svg></figure>
      </div>
      <p class="sum"></p>
      <div class="transport">
        <button type="button" class="play">Play</button>
        <button type="button" class="back" aria-label="One step back">◀</button>
        <button type="button" class="next" aria-label="One step forward">▶</button>
        <input type="range" class="scrub" min="1" max="1" value="1" step="1" aria-label="Position of the kernel">
        <span class="where"></span>
        <select aria-label="Speed">
          ${SPEEDS.map(([label, ms]) => `<option value="${ms}"${label === "Normal" ? " selected" : ""}>${label}</option>`).join("")}
        </select>
      </div>
      <p class="keys">Space plays and stops. On the position: ← → one step, ↑ ↓ one row.</p>
      <label class="check"><input type="checkbox"> Show how often each pixel is read</label>
      <div class="answer">
        <div class="formula" role="math"></div>
        <p class="notes"></p>
        <code></code>
      </div>
      <p class="unseen" aria-live="polite"></p>
    </div>`;

  class Explorer extends HTMLElement {
    static observedAttributes = SETTINGS.map(([name]) => name);
    static arithmetic = ConvArithmetic.arithmetic;
    static positions = ConvArithmetic.positions;
    static reads = ConvArithmetic.reads;
    static visits = ConvArithmetic.visits;
    static picture = ConvArithmetic.picture;
    static weights = ConvArithmetic.weights;
    static convolve = ConvArithmetic.convolve;

    #setting = DEFAULTS;
    #facts = ConvArithmetic.arithmetic(DEFAULTS);
    #index = 0; // which output cell is being computed
    #timer = 0;
    #resized = null;

    connectedCallback() {
      if (!this.shadowRoot) {
        this.attachShadow({ mode: "open" }).innerHTML = TEMPLATE;
        this.#listen();
      }
      this.#resized = new ResizeObserver(() => this.#fitText());
      this.#resized.observe(this);
      this.setting = Object.fromEntries(SETTINGS.map(([name]) => [name, this.getAttribute(name)]));
    }

    disconnectedCallback() {
      this.#stop();
      this.#resized.disconnect();
    }

    attributeChangedCallback(name, before, value) {
      if (this.shadowRoot && before !== value) this.setting = { ...this.#setting, [name]: value };
    }

    get setting() {
      return { ...this.#setting };
    }

    set setting(wanted) {
      this.#stop();
      this.#setting = ConvArithmetic.tidy(wanted);
      this.#facts = ConvArithmetic.arithmetic(this.#setting);
      this.#index = 0;
      this.#draw();
    }

    get index() {
      return this.#index;
    }

    set index(wanted) {
      this.#index = Math.max(0, Math.min(wanted, this.#facts.output ** 2 - 1));
      this.#drawStep();
    }

    get playing() {
      return this.#timer !== 0;
    }

    #find(selector) {
      return this.shadowRoot.querySelector(selector);
    }

    #listen() {
      const root = this.shadowRoot;
      root.addEventListener("input", ({ target }) => {
        if (target.name in RANGES) {
          this.setting = { ...this.#setting, [target.name]: target.value };
          this.#say(this.#find(".notes").textContent);
        } else if (target.matches(".scrub")) {
          this.#stop();
          this.index = Number(target.value) - 1;
        } else if (target.type === "checkbox") {
          this.#draw();
        }
      });
      root.addEventListener("click", ({ target }) => {
        const pressed = target.closest("button");
        const result = target.closest(".result");
        if (result) {
          this.#go(Number(result.dataset.index));
        } else if (pressed?.dataset.quick) {
          this.setting = QUICK[Number(pressed.dataset.quick)][1];
          this.#say(this.#find(".notes").textContent);
        } else if (pressed?.matches(".play")) {
          this.toggle();
        } else if (pressed) {
          this.#go(this.#index + (pressed.matches(".next") ? 1 : -1));
        }
      });
      root.addEventListener("keydown", (event) => {
        const { key, target } = event;
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        const row = this.#facts.output;
        if (key === " " && !target.matches("button, select, [type=checkbox]")) {
          event.preventDefault();
          this.toggle();
        } else if (target.matches(".scrub") && (key === "ArrowUp" || key === "ArrowDown")) {
          event.preventDefault();
          this.#go(this.#index + (key === "ArrowDown" ? row : -row));
        }
      });
    }

    toggle() {
      if (this.playing) this.#stop();
      else this.#play();
    }

    #play() {
      if (!this.#facts.fits) return;
      if (this.#index === this.#facts.output ** 2 - 1) this.index = 0;
      const tick = () => {
        if (this.#index === this.#facts.output ** 2 - 1) {
          this.#stop();
        } else {
          this.index = this.#index + 1;
          this.#timer = setTimeout(tick, Number(this.#find("select").value));
        }
      };
      this.#timer = setTimeout(tick, Number(this.#find("select").value));
      this.#find(".play").textContent = "Pause";
    }

    #stop() {
      clearTimeout(this.#timer);
      this.#timer = 0;
      if (this.shadowRoot) this.#find(".play").textContent = "Play";
    }

    #go(index) {
      this.#stop();
      this.index = index;
      this.#say(`${this.#find(".where").textContent}: ${this.#find(".sum b")?.textContent ?? ""}`);
    }

    #say(text) {
      this.#find("[aria-live]").textContent = text;
    }

    #draw() {
      const setting = this.#setting;
      const facts = this.#facts;
      for (const [name] of SETTINGS) {
        const field = this.#find(`[name=${name}]`);
        field.value = setting[name];
        field.parentElement.querySelector("output").textContent = setting[name];
      }
      QUICK.forEach(([, quick], i) => {
        const same = SETTINGS.every(([name]) => quick[name] === setting[name]);
        this.#find(`[data-quick="${i}"]`).setAttribute("aria-pressed", same);
      });
      const counting = this.#find("[type=checkbox]").checked;
      ConvDrawing.drawInput(this.#find(".in svg"), setting, counting);
      ConvDrawing.drawKernel(this.#find(".taps svg"), setting);
      ConvDrawing.drawOutput(this.#find(".out svg"), setting);
      const grown = setting.padding > 0 ? `<span class="long">, padded to</span><span class="short"> →</span> ${square(facts.padded)}` : "";
      this.#find(".in figcaption").innerHTML = `Input <b>${square(setting.input)}</b>${grown}`;
      this.#find(".taps figcaption").innerHTML = `Kernel <b>${square(setting.kernel)}</b>`;
      this.#find(".taps svg").setAttribute(
        "aria-label", `Kernel of ${setting.kernel} by ${setting.kernel} weights${setting.kernel > 1 ? ": 1 on the right, −1 on the left" : ": 1"}.`
      );
      this.#find(".out figcaption").innerHTML = `Output <b>${facts.fits ? square(facts.output) : "none"}</b>`;
      const last = facts.output ** 2;
      this.#find(".scrub").max = Math.max(1, last);
      for (const control of this.shadowRoot.querySelectorAll(".transport > *")) control.disabled = !facts.fits;
      this.#drawFormula();
      this.#drawStep();
      this.#fitText();
    }

    #drawStep() {
      const { fits, output } = this.#facts;
      const corner = ConvArithmetic.positions(this.#setting)[this.#index] ?? { row: 0, column: 0 };
      ConvDrawing.step(this.#find(".in svg"), this.#find(".out svg"), corner, this.#index);
      this.#find(".scrub").value = this.#index + 1;
      this.#find(".where").textContent = fits ? `${this.#index + 1} of ${output ** 2}` : "no position";
      const row = Math.floor(this.#index / output) + 1;
      const column = (this.#index % output) + 1;
      const place = `row ${row}, column ${column}`;
      this.#find(".scrub").setAttribute("aria-valuetext", fits ? `${this.#index + 1} of ${output ** 2}: ${place}` : "none");
      this.#find(".sum").innerHTML = fits ? this.#sum(corner, place) : "There is no window, so there is nothing to add up.";
      this.#describe(fits ? place : "");
    }

    #sum(corner, place) {
      const setting = this.#setting;
      const cells = ConvArithmetic.padded(setting, ConvArithmetic.picture(setting));
      const kernel = ConvArithmetic.weights(setting);
      const terms = ConvArithmetic.reads(setting, corner).map((at) => [cells[at.row][at.column], kernel[at.i][at.j]]);
      const total = terms.reduce((sum, [value, weight]) => sum + value * weight, 0);
      const shown = terms.length <= PRODUCTS_SHOWN;
      const signed = (weight) => (weight < 0 ? `(${minus(weight)})` : weight);
      const products = terms.map(([value, weight]) => `${value}·${signed(weight)}`).join(" + ");
      const means = shown ? products : `${terms.length} products added up`;
      return `Output at ${place}: ${means} <b>= ${minus(total)}</b>`;
    }

    #describe(place) {
      const { input, kernel, padding } = this.#setting;
      const { output, fits } = this.#facts;
      const around = padding > 0 ? ` with ${padding} of padding on each side` : "";
      const stands = fits ? `its window for output ${place} is marked` : "which does not fit";
      this.#find(".in svg").setAttribute(
        "aria-label", `Input of ${input} by ${input} cells${around}, and a ${kernel} by ${kernel} kernel; ${stands}.`
      );
      this.#find(".out svg").setAttribute(
        "aria-label", fits ? `Output of ${output} by ${output} cells, ${this.#index + 1} computed.` : "No output."
      );
    }

    #drawFormula() {
      const { input: n, kernel: k, stride: s, padding: p, dilation: d } = this.#setting;
      const { padded, extent, room, fits, steps, rest, output } = this.#facts;
      const quotient = Number.isInteger(room / s) ? "" : ` = <span class="floor">${(room / s).toFixed(2).replace(/0$/, "")}</span> + 1`;
      const last = fits
        ? `= ${floor(room, s)} + 1${quotient} = ${steps} + 1 = <span class="total">${output}</span>`
        : `<span>above the line is ${minus(room)}, below 0: no window at all</span>`;
      const formula = this.#find(".formula");
      formula.innerHTML = `
        <div><span class="left"><var>O</var></span> = ${floor(
          "<var>W</var> + 2<var>P</var> − <var>D</var>(<var>K</var> − 1) − 1", "<var>S</var>")} + 1</div>
        <div><span class="left"></span> = ${floor(`${n} + 2·${p} − ${d}·(${k} − 1) − 1`, s)} + 1</div>
        <div class="last"><span class="left"></span> ${last}</div>`;
      const worked = `(${n} + 2 × ${p} − ${d} × (${k} − 1) − 1) / ${s}`;
      formula.setAttribute("aria-label", fits
        ? `Output size: the floor of ${worked}, plus 1, is the floor of ${room} / ${s}, plus 1, is ${output}.`
        : `Output size: in ${worked} the part above the line is ${room}, so nothing fits.`);
      const notes = this.#find(".notes");
      notes.classList.toggle("wrong", !fits);
      notes.textContent = fits ? this.#explain(padded, extent, room, rest) :
        `Nothing fits: the kernel spans ${some(extent, "cell")}, the padded input has only ${padded}. PyTorch raises an error here.`;
      const options = [["stride", s, 1], ["padding", p, 0], ["dilation", d, 1]].filter(([, value, usual]) => value !== usual);
      const call = `F.conv2d(x, w${options.map(([name, value]) => `, ${name}=${value}`).join("")})`;
      const after = fits ? `(1, 1, ${n}, ${n}) → (1, 1, ${output}, ${output})` : "RuntimeError";
      this.#find("code").textContent = `${call}  # ${after}`;
    }

    #explain(padded, extent, room, rest) {
      const { stride, input } = this.#setting;
      const spans = `The kernel spans ${extent} of ${some(padded, "cell")}, which leaves ${room === 0 ? "no room to move" : `room to move ${some(room, "cell")}`}.`;
      const lines = some(rest, "row and column", "rows and columns");
      const end = rest === 0
        ? (room === 0 ? "" : ` Steps of ${stride} use all of it: the last window ends at the edge.`)
        : ` Steps of ${stride} do not divide that: the last ${lines} (hatched) are never read.`;
      const unread = ConvArithmetic.visits(this.#setting).flat().filter((count) => count === 0).length;
      const missed = unread === 0 ? "" : ` In all, ${unread} of ${input * input} input pixels never count.`;
      return spans + end.replace("last 1 row and column (hatched) are", "last row and column (hatched) are") + missed;
    }

    // Hide numbers that would be too small to read.
    #fitText() {
      const side = Math.max(this.#facts.padded, this.#facts.extent);
      for (const figure of this.shadowRoot.querySelectorAll("figure:not(.taps)")) {
        const pixels = figure.clientWidth / side;
        figure.classList.toggle("tiny", pixels < 17);
        figure.classList.toggle("small", pixels < 30);
      }
    }
  }

  customElements.define("conv-explorer", Explorer);
  return Explorer;
})();
window.ConvExplorer = ConvExplorer;
