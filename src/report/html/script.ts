/** What the page does: filters by severity, area and words, and keeps the filter in its address. Without it all is shown. */
export const script = `
const articles = [...document.querySelectorAll('article')];
const search = document.querySelector('#search');
const boxes = [...document.querySelectorAll('.filters input[type="checkbox"]')];
const areas = [...document.querySelectorAll('.areas button')];
const shown = document.querySelector('#shown');
const groups = document.querySelectorAll('[data-group]');
let area = null;
function apply() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const severities = new Set(boxes.filter((box) => box.checked && box.name === 'severity').map((box) => box.value));
  const letBe = boxes.find((box) => box.name === 'let-be');
  let count = 0;
  for (const article of articles) {
    const text = article.dataset.text;
    const visible =
      severities.has(article.dataset.severity) &&
      (area === null || article.dataset.area === area) &&
      (!article.classList.contains('let-be') || (letBe && letBe.checked)) &&
      words.every((word) => text.includes(word));
    article.hidden = !visible;
    if (visible) count += 1;
  }
  for (const group of groups) group.hidden = !group.querySelector('article:not([hidden])');
  for (const button of areas) button.setAttribute('aria-pressed', String(button.dataset.area === area));
  shown.textContent = count === articles.length ? articles.length + ' findings' : count + ' of ' + articles.length + ' findings';
}
function keep() {
  const state = new URLSearchParams();
  if (search.value !== '') state.set('words', search.value);
  if (area !== null) state.set('area', area);
  for (const box of boxes) if (box.checked !== box.defaultChecked) state.append('turned', box.value === 'on' ? box.name : box.value);
  try { history.replaceState(null, '', '#' + state); } catch {}
}
function restore() {
  const state = new URLSearchParams(location.hash.slice(1));
  search.value = state.get('words') ?? '';
  area = areas.some((button) => button.dataset.area === state.get('area')) ? state.get('area') : null;
  const turned = state.getAll('turned');
  for (const box of boxes) box.checked = box.defaultChecked !== turned.includes(box.value === 'on' ? box.name : box.value);
}
function changed() {
  apply();
  keep();
}
search.addEventListener('input', changed);
for (const box of boxes) box.addEventListener('change', changed);
for (const button of areas)
  button.addEventListener('click', () => {
    area = area === button.dataset.area ? null : button.dataset.area;
    changed();
  });
for (const button of document.querySelectorAll('[data-words]'))
  button.addEventListener('click', () => {
    search.value = search.value === button.dataset.words ? '' : button.dataset.words;
    changed();
  });
addEventListener('hashchange', () => { restore(); apply(); });
restore();
apply();
`;
