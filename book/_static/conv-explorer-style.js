// The explorer's own style. Colours come from the page's theme, so light and dark follow its switch.
"use strict";

const CONV_EXPLORER_STYLE = `
  :host {
    display: block; margin: 1.5rem 0; container-type: inline-size;
    --ink: var(--pst-color-text-base, #222832); --quiet: var(--pst-color-text-muted, #48566b);
    --paper: var(--pst-color-background, #fff); --card: var(--pst-color-surface, #f3f4f5);
    --line: var(--pst-color-border, #c9c9c9); --accent: var(--pst-color-primary, #1f5f99);
    --kernel: var(--course-window, #b3344a); --bad: var(--course-window, #b3344a);
  }
  .explorer { color: var(--ink); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; line-height: 1.5; }
  .quick { display: flex; flex-wrap: wrap; gap: .4rem; margin-bottom: .9rem; }
  button, select { font: inherit; font-size: .875rem; color: var(--ink); background: var(--card);
    border: 1px solid var(--line); border-radius: 6px; padding: .3rem .7rem; min-height: 2.1rem; cursor: pointer; }
  button:hover, select:hover { border-color: var(--accent); }
  button[aria-pressed="true"] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
  button.play { background: var(--accent); border-color: var(--accent); color: var(--paper); min-width: 5.6rem; font-weight: 600; }
  button:disabled { opacity: .5; cursor: default; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
  .settings { display: grid; grid-template-columns: repeat(5, 1fr); gap: .4rem 1rem; }
  .setting { display: grid; grid-template-columns: 1fr auto; font-size: .875rem; }
  .setting output { font-weight: 700; font-variant-numeric: tabular-nums; }
  .setting input { grid-column: 1 / -1; }
  var { font-family: Georgia, "Times New Roman", serif; font-style: italic; }
  input[type="range"] { width: 100%; height: 1.75rem; margin: 0; accent-color: var(--accent); touch-action: pan-y; }
  .stage { display: grid; grid-template: "in taps out" / 1fr 7.5rem 1fr; gap: .6rem 1.2rem; margin: .9rem 0 .3rem; }
  .in { grid-area: in; } .taps { grid-area: taps; } .out { grid-area: out; }
  figure { margin: 0; min-width: 0; }
  figcaption { font-size: .875rem; color: var(--quiet); margin-bottom: .3rem; white-space: nowrap; }
  figcaption b { color: var(--ink); }
  .short { display: none; }
  svg { display: block; width: 100%; aspect-ratio: 1; overflow: visible; }
  text { fill: var(--ink); font: 500 15px/1 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
  .value { text-anchor: middle; dominant-baseline: central; }
  .tiny text { display: none; }
  .small .weight { display: none; }
  .pixel rect { fill: #3d85c6; stroke: var(--line); }
  .counted rect { fill: #9a6dd7; }
  .padding rect { fill: none; stroke: var(--line); stroke-dasharray: 3 3; }
  .padding text { fill: var(--quiet); }
  .unreached { stroke: none; pointer-events: none; }
  .hatch { fill: var(--quiet); fill-opacity: .55; }
  .window { transition: transform .22s ease-out; }
  .extent { fill: none; stroke: var(--kernel); stroke-width: 2; stroke-dasharray: 5 4; }
  .tap rect { fill: var(--kernel); fill-opacity: .13; stroke: var(--kernel); stroke-width: 3; }
  .weight { text-anchor: end; font-size: 10.5px; font-weight: 700; fill: var(--kernel); }
  .too-large .extent, .too-large .tap rect { stroke: var(--bad); fill: var(--bad); }
  .too-large .extent { fill-opacity: .06; }
  .result { cursor: pointer; }
  .result rect, .own rect { fill: #3d85c6; stroke: var(--line); }
  .negative rect { fill: #d9752b; }
  .result.waiting rect { fill-opacity: 0 !important; }
  .result.waiting text { display: none; }
  .result.current rect { stroke: var(--kernel); stroke-width: 3; }
  .sum { margin: 0; min-height: 4.7em; font-size: .875rem; font-variant-numeric: tabular-nums; }
  .sum b { white-space: nowrap; }
  .transport { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; }
  .transport .scrub { flex: 1 1 9rem; min-width: 0; }
  .where { font-size: .875rem; color: var(--quiet); min-width: 6.6rem; text-align: right; font-variant-numeric: tabular-nums; }
  .keys, .check { font-size: .8125rem; color: var(--quiet); margin: .35rem 0 0; }
  .check { display: flex; align-items: center; gap: .45rem; min-height: 1.75rem; font-size: .875rem; color: var(--ink); }
  .check input { width: 1.1rem; height: 1.1rem; margin: 0; accent-color: var(--accent); }
  .answer { background: var(--card); border-radius: 8px; padding: .8rem 1rem; margin-top: .8rem; }
  .formula { display: grid; gap: .25rem; font-variant-numeric: tabular-nums; overflow-x: auto; }
  .formula > div { display: flex; align-items: center; gap: .35em; white-space: nowrap; min-height: 3.3em; }
  .formula .last { flex-wrap: wrap; }
  .left { min-width: 1.15em; text-align: right; }
  .floor { position: relative; padding: .05em .45em; border: solid currentColor; border-width: 0 1.5px; }
  .floor::before, .floor::after { content: ""; position: absolute; bottom: 0; width: .3em; border-bottom: 1.5px solid currentColor; }
  .floor::before { left: 0; } .floor::after { right: 0; }
  .fraction { display: inline-grid; text-align: center; vertical-align: middle; }
  .fraction > :first-child { border-bottom: 1px solid currentColor; padding: 0 .2em; }
  .total { font-weight: 700; color: var(--accent); }
  .notes { margin: .6rem 0 .5rem; min-height: 4.5em; font-size: .9375rem; }
  .notes.wrong { color: var(--bad); font-weight: 600; }
  code { font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; display: block; min-height: 3em; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @container (max-width: 560px) {
    .explorer { padding: .75rem; }
    .settings { grid-template-columns: 1fr 1fr; }
    .stage { grid-template-columns: 1fr 5.6rem 1fr; gap: .6rem .7rem; }
    .formula { font-size: .84rem; }
    .notes { min-height: 7.5em; }
    .answer { padding: .7rem .75rem; }
  }
  @container (max-width: 430px) {
    .quick { gap: .3rem; }
    .quick button { font-size: .8125rem; padding: .25rem .55rem; }
    .stage { grid-template: "in out" auto "in taps" auto / 3fr 2fr; }
    .out text { font-size: 20px; }
    .long { display: none; } .short { display: inline; }
    .sum { min-height: 6.2em; }
    .formula { font-size: .75rem; }
    .where { text-align: left; }
    .notes { min-height: 9em; }
    code { min-height: 4.5em; }
  }
  @media (prefers-reduced-motion: reduce) { .window { transition: none; } }
  @media (forced-colors: active) { .tap rect, .extent { stroke: Highlight; } .pixel rect, .result rect { stroke: CanvasText; } }
  @media print { .quick, .transport, .keys, .check { display: none; } }
`;
