// <lenet-live>: draw a digit and watch LeNet-5 read it. Only this part is on the page from the start; it fetches the
// rest, the weights too, when a reader comes near.
"use strict";

const LeNetLive = (() => {
  const PARTS = ["layers", "strokes", "weights", "style", "drawing", "view"].map((name) => `lenet-${name}.js`);
  const NEAR = "300px";
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  let started = null;

  const ran = new Set(); // a script that ran must not run again

  function run(address) {
    return new Promise((resolve, reject) => {
      if (ran.has(address)) return resolve();
      const script = document.createElement("script");
      script.src = address;
      script.async = false; // several are fetched at once and run in order
      script.onload = () => resolve(ran.add(address));
      script.onerror = () => reject(new Error(`${address.replace(/.*\/|\?.*/g, "")} did not come`));
      document.head.append(script);
    });
  }

  // Fetch everything once, however many of these elements there are.
  async function start(version) {
    const address = (name) => `${folder}${name}?v=${version}`;
    await Promise.all(PARTS.map((name) => run(address(name))));
    return LeNet5.layers(await LeNetWeights.load(address, run));
  }

  class Live extends HTMLElement {
    #watcher = null;
    view = null;

    connectedCallback() {
      if (this.view) return;
      this.#watcher = new IntersectionObserver(
        (entries) => entries.some((entry) => entry.isIntersecting) && this.#fill(), { rootMargin: NEAR }
      );
      this.#watcher.observe(this);
    }

    disconnectedCallback() {
      this.#watcher.disconnect();
    }

    async #fill() {
      this.#watcher.disconnect();
      try {
        started ??= start(this.getAttribute("version") ?? "");
        const layers = await started;
        this.view ??= new LeNetView(this, layers);
      } catch (problem) {
        started = null;
        this.#apologise(problem);
      }
    }

    #apologise(problem) {
      const text = document.createElement("p");
      text.textContent = `The network could not be fetched (${problem.message}). `;
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "Try again";
      again.addEventListener("click", () => {
        text.remove();
        this.#fill();
      });
      text.append(again);
      this.append(text);
    }
  }

  customElements.define("lenet-live", Live);
  return { PARTS };
})();
