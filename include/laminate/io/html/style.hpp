// The page's style sheet: light and dark, wide and narrow.
#pragma once

namespace laminate::looking {

// Of another type the compiler would count its characters one by one.
inline constexpr char page_style[] = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --card: #fff; --ink: #1d1f24; --soft: #62666f; --line: #dedfe2; --accent: #2563c9;
  --fill: .86; --edge: .66; --c: .085;
  font: 15px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14161a; --card: #1c1f24; --ink: #e6e7ea; --soft: #9ba0aa; --line: #33373f; --accent: #7fb0ff;
    --fill: .42; --edge: .62; --c: .075;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 110rem; background: var(--page); color: var(--ink); }
h1, h2, h3, p, ol, dl, dd, figure { margin: 0; padding: 0; }
h1 { font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; }
h3 { font-size: .95rem; margin: 1.1rem 0 .4rem; }
small { font-size: .8rem; color: var(--soft); }
b { font-weight: 600; }
a { color: var(--accent); }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; text-align: left;
  cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }

header > p { color: var(--soft); margin-top: .25rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; margin: 1rem 0; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
.figures dt { font-size: .8rem; color: var(--soft); }
.figures dd { font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures dd small { font-weight: 400; display: block; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--soft); }
details code { display: block; padding: .6rem .75rem; margin-top: .3rem; background: var(--card); white-space: pre-wrap;
  overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .5rem; font-size: .8rem; }
.legend { display: grid; gap: .35rem 1.5rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr));
  margin-top: .5rem; font-size: .87rem; }
.legend div { display: flex; gap: .6rem; align-items: baseline; }
.legend dt { flex: none; min-width: 3.6rem; font-weight: 600; }
.legend dd { color: var(--soft); }
.sample { display: inline-block; width: 2.6rem; height: .95rem; vertical-align: -.15rem; }

main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; margin-top: 1rem; }
main > section { min-width: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
main > section > h2, .view { padding: .75rem 1rem .25rem; }
.view { display: flex; gap: .25rem 1rem; flex-wrap: wrap; align-items: center; border: 0; margin: 0; }
.view legend { float: left; padding: 0; font-weight: 600; }
.view label { cursor: pointer; }
.view input { accent-color: var(--accent); margin: 0 .35rem 0 0; vertical-align: -.1rem; }
body:has(#see-inference:checked) .training, body:has(#see-training:checked) .inference { display: none; }

.sample, .bar, .tensor, .chip, .number {
  background-color: oklch(var(--fill) var(--c) var(--h, 0)); border: 1px solid oklch(var(--edge) var(--c) var(--h, 0)); }
.gradient { border-style: dashed; background-image: repeating-linear-gradient(135deg, transparent 0 3px,
  color-mix(in srgb, var(--card) 62%, transparent) 3px 6px); }

.heads, .row { display: grid; grid-template-columns: minmax(4.5rem, 8rem) minmax(6.5rem, 1fr) 5rem 4.6rem 5.5rem;
  column-gap: .5rem; align-items: center; align-content: center; }
.heads { padding: .25rem 1rem .3rem 3.6rem; font-size: .8rem; color: var(--soft); }
.heads span:nth-child(n+4), .count { text-align: right; font-variant-numeric: tabular-nums; }
.layers { --boxes: 0; padding: 0 0 1rem 3rem; overflow-x: hidden; }
.row { position: relative; width: 100%; min-height: 1.7rem; padding: 0 1rem 0 .6rem; font-size: .85rem; }
.row b, .row .what { overflow-wrap: anywhere; }
.row .what small { margin-left: .45rem; }
.shape { color: var(--soft); font-size: .87rem; }
.bar { position: absolute; left: calc(-2rem - var(--boxes) * (.35rem + 1px)); top: 0; bottom: 0; width: 1.8rem; font-style: normal; font-size: .75rem;
  line-height: 1.6rem; text-align: center; border-width: 0 0 0 3px; }
.block { border: 1px solid var(--line); border-right: 0; border-radius: .45rem 0 0 .45rem; margin: .2rem 0 .2rem .35rem;
  padding: 0 0 .15rem; background: color-mix(in srgb, var(--ink) 2.5%, transparent); }
.block > p { font-size: .8rem; color: var(--soft); padding: .1rem .6rem 0; }
.block > p b { font-weight: 400; }
.row:hover, .row.on, .row.at { background: color-mix(in srgb, var(--accent) 11%, transparent); }
.row.at { outline: 1.5px solid var(--accent); outline-offset: -1.5px; }

.map { padding: 0 1rem .6rem; }
.scroll { overflow-x: auto; padding-top: 1.4rem; }
.plot { position: relative; display: grid; grid-template-columns: 4.9rem 1fr; min-width: calc(4.9rem + 7px * var(--steps)); }
.offsets, .area { height: clamp(13rem, 34vh, 22rem); }
.offsets, .numbers { position: relative; font-size: .75rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.offsets b { color: var(--ink); }
.offsets * { position: absolute; right: .45rem; transform: translateY(50%); white-space: nowrap; }
.numbers { grid-column: 2; height: 1.3rem; }
.numbers span { position: absolute; transform: translateX(-50%); top: .15rem; }
.offsets { position: sticky; left: 0; z-index: 4; background: var(--card); }
.axes { font-size: .8rem; color: var(--soft); }
.area { position: relative; border-left: 1px solid var(--line); border-bottom: 1px solid var(--line);
  background: color-mix(in srgb, var(--ink) 2%, transparent); }
.band { position: absolute; inset: 0 auto 0; }
.band.on, .band.at { background: color-mix(in srgb, var(--accent) 13%, transparent); }
.tensor { position: absolute; overflow: hidden; min-height: 3px; border-radius: 2px; transition: opacity .12s;
  container-type: size; }
.tensor span { display: block; padding: 0 .25rem; font-size: .72rem; line-height: 1.25; white-space: nowrap; }
@container (height < 14px) or (width < 30px) { .tensor span { display: none; } }
.thin { z-index: 1; }
.selecting .tensor:not(.on, .at) { opacity: .22; }
.tensor.on, .tensor.at { outline: 1.5px solid var(--ink); outline-offset: -1px; z-index: 2; }
.boundary { position: absolute; top: -1.3rem; bottom: 0; border-left: 2px solid var(--ink); font-style: normal;
  font-size: .78rem; pointer-events: none; z-index: 3; }
.boundary span { position: absolute; left: .5rem; white-space: nowrap; color: var(--soft); }
.boundary span:first-child { left: auto; right: .5rem; }
output { display: block; min-height: 2.5rem; padding: .35rem 1rem .3rem; font-size: .83rem; line-height: 1.35;
  border-top: 1px solid var(--line); }

.bars { padding: .4rem 1rem .9rem; display: grid; gap: .15rem .75rem; grid-template-columns: 11.5rem 1fr 4.5rem;
  font-size: .83rem; align-items: center; }
.bars b { grid-column: 1 / -1; margin-top: .5rem; }
.bars i { display: block; height: .7rem; border-radius: 2px; background: var(--line); }
.bars i.this { background: var(--accent); }
.bars span:nth-of-type(even) { text-align: right; font-variant-numeric: tabular-nums; }
.kept { padding: 0 1rem .8rem; font-size: .83rem; color: var(--soft); }

.plan { padding: 0 1rem 1rem; }
.steps { list-style: none; display: grid; gap: .5rem; }
.step { border: 1px solid var(--line); border-left: 4px solid oklch(var(--edge) var(--c) var(--h, 0));
  border-radius: .4rem; padding: .4rem .7rem .5rem; min-width: 0; }
.step.on, .step.at { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 6%, transparent); }
.step.at { box-shadow: 0 0 0 1px var(--accent); }
.step > p { font-size: .8rem; color: var(--soft); margin-top: .3rem; }
.head { width: 100%; display: flex; flex-wrap: wrap; gap: .1rem .7rem; align-items: baseline; }
.head small { margin-left: auto; font-variant-numeric: tabular-nums; }
.number { min-width: 1.75rem; padding: 0 .35rem; border-radius: .3rem; text-align: center; font-style: normal;
  font-size: .82rem; font-variant-numeric: tabular-nums; }
.flow { display: flex; flex-wrap: wrap; gap: .35rem .6rem; margin-top: .4rem; }
.side { display: flex; flex-wrap: wrap; gap: .25rem; align-items: center; min-width: 0; }
.side > small { margin-right: .2rem; }
.side:not(:last-child)::after { content: "›"; margin-left: .35rem; color: var(--soft); }
.operation { border: 1px solid var(--line); border-radius: .3rem; padding: 0 .4rem; font-size: .82rem; }
.kernel .operation { border-color: var(--soft); }
.operation.at, .operation:hover, .chip:hover { border-color: var(--accent); }
.operation.at { background: color-mix(in srgb, var(--accent) 14%, transparent); }
.moves { display: flex; flex-wrap: wrap; gap: .25rem; align-items: center; margin-top: .35rem; }
.moves > small:not(:first-child) { margin-left: .8rem; }
.chip { border-radius: .3rem; padding: 0 .4rem; font-size: .8rem; }
/* There is text on them. */
.chip.gradient { background-image: repeating-linear-gradient(135deg, transparent 0 3px,
  color-mix(in srgb, var(--card) 28%, transparent) 3px 6px); }
.chip small { color: inherit; opacity: .75; }
.chip.at { outline: 2px solid var(--ink); }
footer { margin-top: 1.5rem; font-size: .8rem; color: var(--soft); }

@media (min-width: 72rem) {
  main { grid-template-columns: minmax(37rem, 2fr) minmax(0, 3fr); align-items: start; }
  #network { position: sticky; top: .75rem; max-height: calc(100vh - 1.5rem); overflow-y: auto; }
  #network > h2, .heads { position: sticky; background: var(--card); z-index: 4; }
  #network > h2 { top: 0; height: 2.4rem; }
  .heads { top: 2.4rem; border-bottom: 1px solid var(--line); }
  .memory { position: sticky; top: 0; z-index: 5; background: var(--card); border-bottom: 1px solid var(--line); }
  .step { scroll-margin: calc(clamp(13rem, 34vh, 22rem) + 9.5rem) 0 1rem; }
  .row { scroll-margin: 5rem 0 2rem; }
}
@media (max-width: 40rem) {
  body { padding: 1rem .6rem 3rem; }
  .heads { display: none; }
  .row { grid-template-columns: auto minmax(0, 1fr) auto; padding: .15rem .7rem .15rem .6rem; min-height: 3rem; }
  .row .count { grid-row: 2; font-size: .75rem; color: var(--soft); }
  .row .count:not(:empty)::after { content: " " attr(title); }
  .row .count:nth-last-child(2) { grid-column: 1 / 3; text-align: left; }
  .row .count:last-child { grid-column: 2 / 4; }
  .head small { margin-left: 0; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; scroll-behavior: auto !important; } }
)css";

}  // namespace laminate::looking
