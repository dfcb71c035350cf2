// The page's script: what belongs together lights up together.
#pragma once

namespace laminate::looking {

/// Every part has a data-key; data-with are the keys of what belongs to it, data-tell is what to say of it. To point
/// marks for a moment, to click holds, and the address then names what is held.
inline constexpr char page_script[] = R"js(
'use strict';
const parts = new Map(), main = new Map();
for (const e of document.querySelectorAll('[data-key]')) {
  const key = e.dataset.key;
  if (!parts.has(key)) parts.set(key, []);
  parts.get(key).push(e);
  if ('tell' in e.dataset) main.set(key, e);
}
const say = document.querySelectorAll('output'), hint = say[0].textContent;
const button = e => e.matches('button') ? e : e.querySelector('button');
let held = '', marked = '';

function mark(key) {
  if (key === marked) return;
  for (const e of document.querySelectorAll('.at, .on')) e.classList.remove('at', 'on');
  marked = key;
  document.body.classList.toggle('selecting', key !== '');
  const from = main.get(key);
  for (const e of parts.get(key) ?? []) e.classList.add('at');
  for (const other of from?.dataset.with?.split(' ') ?? [])
    for (const e of parts.get(other) ?? []) e.classList.add('on');
  for (const e of say) e.textContent = from?.dataset.tell ?? hint;
}

function hold(key, pointed) {
  held = key === held ? '' : key;
  for (const [k, e] of main) button(e).setAttribute('aria-pressed', k === held);
  mark(held);
  history.replaceState(null, '', '#' + held);
  const pass = {i: 'inference', t: 'training'}[held[0]];
  if (pass) document.getElementById('see-' + pass).checked = true;
  if (held === '' || !matchMedia('(min-width: 72rem)').matches) return;
  for (const list of document.querySelectorAll('[data-list="layers"], [data-list="steps"]')) {
    const found = [...list.querySelectorAll('.row, .step')].filter(e => e.matches('.at, .on') && e.checkVisibility());
    if (!list.contains(pointed)) for (const e of [found.at(-1), found[0]]) e?.scrollIntoView({block: 'nearest'});
  }
}

const key = e => e.target.closest?.('[data-key]')?.dataset.key ?? '';
document.addEventListener('pointerover', e => { if (e.pointerType === 'mouse') mark(key(e) || held); });
document.addEventListener('focusin', e => mark(key(e) || held));
document.addEventListener('click', e => { if (key(e)) hold(key(e), e.target); });

// A list is one stop of the Tab key; arrows walk through it.
for (const list of document.querySelectorAll('[data-list]')) {
  const stops = [...list.querySelectorAll('.row, .head, .tensor')];
  stops.forEach((e, i) => { e.tabIndex = i ? -1 : 0; });
  list.addEventListener('focusin', e => {
    if (stops.includes(e.target)) for (const s of stops) s.tabIndex = s === e.target ? 0 : -1;
  });
  list.addEventListener('keydown', e => {
    const at = stops.indexOf(e.target), last = stops.length - 1;
    const to = {ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: last}[e.key];
    if (at < 0 || to === undefined) return;
    e.preventDefault();
    stops[Math.min(Math.max(to, 0), last)].focus();
  });
}
document.addEventListener('keydown', e => { if (e.key === 'Escape' && held) hold(held); });

if (main.has(location.hash.slice(1))) hold(location.hash.slice(1));
document.documentElement.dataset.ready = main.size;
)js";

}  // namespace laminate::looking
