// Put at the end of a page: uses it as with mouse and keyboard, and tells the window around it what is wrong.
'use strict';
{
  const wrong = [], root = document.documentElement;
  const check = (holds, what) => { if (!holds) wrong.push(what); };
  const marked = kind => new Set([...document.querySelectorAll(kind)].map(e => e.dataset.key));
  const all = selector => [...document.querySelectorAll(selector)];
  const press = (e, key) => e.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
  addEventListener('error', e => check(false, e.message));
  try {
    check(+root.dataset.ready > 0, 'the script has not run');
    check(root.scrollWidth <= innerWidth, 'wider than the window');
    const layers = all('.row'), steps = all('.training .step'), tensors = all('.training .tensor');
    check(layers.length > 5 && steps.length > 5 && tensors.length > 5, 'something is missing');

    for (const layer of layers) {
      layer.click();
      const key = layer.dataset.key, on = marked('.on');
      check(marked('.at').has(key) && layer.classList.contains('at'), key + ' does not light up');
      check((layer.dataset.with ?? '').split(' ').every(k => !k || on.has(k)), key + ': not all of its parts light up');
      check(location.hash === '#' + key, key + ' is not in the address');
      check(document.querySelector('output').textContent === layer.dataset.tell, key + ' is not told');
      check(layer.getAttribute('aria-pressed') === 'true', key + ' is not pressed');
    }
    // Both ways: who lights up a step or tensor is lit up by it.
    const whole = all('[data-tell]'), withs = new Map(whole.map(e => [e.dataset.key, (e.dataset.with ?? '').split(' ')]));
    for (const [key, others] of withs)
      for (const other of others)
        check(!other || withs.get(other)?.includes(key), key + ' knows ' + other + ', but not the reverse');

    press(document.body, 'Escape');
    check(all('.at, .on').length === 0 && location.hash === '', 'Escape leaves something lit');
    layers[0].focus();
    press(layers[0], 'ArrowDown');
    check(document.activeElement === layers[1], 'arrows do not walk through the layers');
    press(layers[1], 'End');
    check(document.activeElement === layers.at(-1), 'End does not go to the last layer');
    check(all('.row').filter(e => e.tabIndex === 0).length === 1, 'the list is not one stop of the Tab key');

    // In one step no two tensors lie in the same place. A pixel is rounding, and thin ones are drawn thicker.
    const box = e => e.getBoundingClientRect(), thick = tensors.filter(e => !e.classList.contains('thin'));
    for (const a of thick)
      for (const b of thick) {
        const [p, q] = [box(a), box(b)];
        const width = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const height = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        check(a === b || width < 1.5 || height < 1.5, a.dataset.tell + ' lies on ' + b.dataset.tell);
      }
    const area = box(document.querySelector('.training .area'));
    check(tensors.every(e => box(e).top > area.top - 4 && box(e).bottom < area.bottom + 4), 'a tensor is outside the arena');

    check(steps[0].checkVisibility() && !all('.inference .step')[0].checkVisibility(), 'both passes are shown');
    document.getElementById('see-inference').click();
    check(!steps[0].checkVisibility() && all('.inference .step')[0].checkVisibility(), 'inference is not shown');
    check(performance.getEntriesByType('resource').length === 0, 'the page loads something');
const title = document.querySelector('h1');
    check(title.children.length === 0 && title.textContent === document.title, 'the title is not escaped');
  } catch (e) {
    check(false, String(e));
  }
  parent.postMessage(wrong.length ? [...new Set(wrong)].slice(0, 9).join('; ') : 'nothing', '*');
}
