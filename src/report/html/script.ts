/** What the page does: filters by severity, area and words, and keeps the filter in its address. Without it all is shown. */
export const script = `
const articles = [...document.querySelectorAll('article')];
const search = document.querySelector('#search');
const boxes = [...document.querySelectorAll('.filters input[type="checkbox"]')];
const areas = [...document.querySelectorAll('.areas button')];
const shown = document.querySelector('#shown');
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
  for (const section of document.querySelectorAll('section[data-group]'))
    section.hidden = [...section.querySelectorAll('article')].every((article) => article.hidden);
  for (const button of areas) button.setAttribute('aria-pressed', String(button.dataset.area === area));
  shown.textContent = count === articles.length ? articles.length + ' findings' : count + ' of ' + articles.length + ' findings';
}
search.addEventListener('input', apply);
for (const box of boxes) box.addEventListener('change', apply);
for (const button of areas)
  button.addEventListener('click', () => {
    area = area === button.dataset.area ? null : button.dataset.area;
    apply();
  });
apply();
`;
