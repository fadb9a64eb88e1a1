// The style of <lenet-live>. Colours come from the page's theme, so light and dark follow its switch.
"use strict";

const LENET_STYLE = `
  :host {
    display: block; margin: 1.5rem 0; container-type: inline-size;
    --ink: var(--pst-color-text-base, #222832); --quiet: var(--pst-color-text-muted, #48566b);
    --paper: var(--pst-color-background, #fff); --card: var(--pst-color-surface, #f3f4f5);
    --line: var(--pst-color-border, #c9c9c9); --accent: var(--pst-color-primary, #1f5f99);
    --best: var(--course-kernel, #b4540a);
  }
  .lenet { color: var(--ink); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; line-height: 1.5; }
  .top { display: grid; grid-template-columns: 15.6rem 7.5rem 1fr; gap: 1.2rem; align-items: start; }
  .draw { position: relative; }
  canvas { display: block; width: 100%; image-rendering: pixelated; background: var(--card); border-radius: 3px; }
  .pad { aspect-ratio: 1; border: 1px solid var(--line); border-radius: 8px; background: var(--paper);
    image-rendering: auto; cursor: crosshair; touch-action: none; user-select: none; -webkit-user-select: none; }
  .invitation { position: absolute; inset: 0; display: grid; place-content: center; margin: 0; color: var(--quiet);
    pointer-events: none; }
  .invitation[hidden] { display: none; }
  figure { margin: 0; min-width: 0; }
  figcaption { font-size: .875rem; color: var(--quiet); margin-bottom: .3rem; display: flex; flex-wrap: wrap;
    gap: 0 .6em; line-height: 1.4; }
  figcaption b { color: var(--ink); }
  ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .1rem; }
  li { display: grid; grid-template-columns: 1em 1fr 3.2em; align-items: center; gap: .5em; font-size: .875rem;
    font-variant-numeric: tabular-nums; line-height: 1.35; }
  li b { font-weight: 500; }
  .share { text-align: right; }
  .bar { position: relative; height: .8em; background: var(--card); border-radius: 3px; overflow: hidden; }
  .bar span { position: absolute; inset: auto auto 0 0; height: 100%; width: var(--share); background: var(--accent); }
  .best b, .best .share { font-weight: 700; color: var(--best); }
  .best .bar span { background: var(--best); }
  .tools { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; align-items: center; margin-top: .9rem;
    font-size: .875rem; }
  .samples { display: grid; grid-template-columns: auto repeat(10, 2rem); align-items: center; gap: .25rem; }
  .or { margin-right: .4em; }
  button { font: inherit; font-size: .875rem; color: var(--ink); background: var(--card); border: 1px solid var(--line);
    border-radius: 6px; padding: .2rem .3rem; min-height: 2.1rem; cursor: pointer; }
  @media (hover: hover) { button:hover { border-color: var(--accent); } }
  .clear { width: 100%; margin-top: .7rem; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
  .turn { display: flex; align-items: center; gap: .5em; flex: 1 1 12rem; white-space: nowrap; }
  .turn input { flex: 1; min-width: 4rem; height: 1.75rem; margin: 0; accent-color: var(--accent); touch-action: pan-y; }
  .turn output { min-width: 2.9em; text-align: right; font-variant-numeric: tabular-nums; }
  .keys, .cost { font-size: .8125rem; color: var(--quiet); margin: .35rem 0 0; }
  .layers { display: grid; grid-template-columns: 1fr 1fr; gap: .9rem 1.2rem; margin-top: .9rem; }
  .layers figcaption { flex-direction: column; }
  .layers [role="img"] { display: grid; gap: .25rem; }
  :is(.c1, .s2) [role="img"] { grid-template-columns: repeat(3, 1fr); }
  :is(.c3, .s4) [role="img"] { grid-template-columns: repeat(8, 1fr); }
  .cost { margin-top: .8rem; min-height: 3em; font-variant-numeric: tabular-nums; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @container (max-width: 640px) {
    .top { grid-template-columns: 3fr 2fr; gap: .8rem; }
    .answer { grid-column: 1 / -1; }
    .layers { grid-template-columns: 1fr; }
    .layers figcaption { flex-direction: row; }
    :is(.c1, .s2) [role="img"] { grid-template-columns: repeat(6, 1fr); }
  }
  @container (max-width: 430px) {
    .lenet { padding: .75rem; }
    /* The bars stand up, to leave room for the maps. */
    ol { grid-template-columns: repeat(10, 1fr); gap: .2rem; }
    li { grid-template: auto 4.5rem auto / 1fr; gap: .1rem; text-align: center; }
    li b { order: 3; }
    li .bar { order: 2; height: 100%; }
    li .share { order: 1; text-align: center; font-size: .6875rem; letter-spacing: -.02em; }
    .bar span { width: 100%; height: var(--share); }
    .samples { grid-template-columns: repeat(10, 1fr); width: 100%; }
    .or { grid-column: 1 / -1; }
    .layers [role="img"] { gap: .2rem; }
    .layers figcaption { font-size: .8125rem; }
    .cost { min-height: 4.5em; }
  }
  @media (hover: none) { .keys { display: none; } }
  @media (forced-colors: active) {
    .bar span { background: Highlight; forced-color-adjust: none; }
    canvas { border: 1px solid CanvasText; forced-color-adjust: none; }
  }
  @media print { .tools, .keys, .clear { display: none; } }
`;
