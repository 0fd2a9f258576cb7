/** The page's look: no fonts and no pictures from elsewhere, light or dark as the reader's system is, from 320 pixels up. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1c1b19; --soft: #6a665f; --line: #e3dfd8; --code: #f5f2ed;
  --error: #b3261e; --warning: #8a5a00; --info: #2f5d8a; --good: #2c6e49; --accent: #1c1b19;
  --error-soft: #fbe9e7; --warning-soft: #fbf0da; --info-soft: #e6eef6; --good-soft: #e3f1e8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161513; --card: #1f1d1a; --ink: #edeae4; --soft: #a39d93; --line: #35322d; --code: #171614;
    --error: #ff8a80; --warning: #f0c065; --info: #8fbdea; --good: #83cfa1; --accent: #edeae4;
    --error-soft: #3b1e1b; --warning-soft: #372b14; --info-soft: #1c2a38; --good-soft: #1b3024;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
main { max-width: 64rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.05rem; font-weight: 600; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 0.75rem; }
h3 { font-size: 1rem; font-weight: 600; margin: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; }
.of { margin: 1.75rem 0 0; } .of > details { margin-top: 0.25rem; } .of > .fix { margin-top: 0.5rem; }
h3 .rule { background: none; border: 0; padding: 0.25rem 0; color: inherit; font-weight: 600; cursor: pointer; text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: 0.2em; text-align: left; }
p { margin: 0; }
code, pre, .place, .rule { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.85rem; }
.soft { color: var(--soft); }
.head { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: baseline; justify-content: space-between; }
.verdict { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem 2rem; margin: 1.5rem 0; }
.total { font-size: 4rem; line-height: 1; font-weight: 650; letter-spacing: -0.03em; font-variant-numeric: tabular-nums; }
.total small { font-size: 1rem; font-weight: 400; color: var(--soft); letter-spacing: 0; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.tag { display: inline-block; padding: 0.1rem 0.55rem; border-radius: 1rem; font-size: 0.8rem; font-weight: 600; white-space: nowrap; }
.error { color: var(--error); background: var(--error-soft); } .warning { color: var(--warning); background: var(--warning-soft); }
.info { color: var(--info); background: var(--info-soft); } .good { color: var(--good); background: var(--good-soft); }
.areas { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 0.75rem; padding: 0; margin: 0; list-style: none; }
.areas button { width: 100%; min-height: 5.25rem; text-align: left; background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 0.7rem 0.85rem; color: inherit; font: inherit; cursor: pointer; }
.areas button[aria-pressed="true"] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.areas .row span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .areas .row span:last-child { flex: none; } .clean { margin-top: 0.75rem; }
.areas .row { display: flex; justify-content: space-between; gap: 0.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.bar { height: 0.3rem; border-radius: 0.3rem; background: var(--line); margin: 0.45rem 0; overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--good); } .bar .middling { background: var(--warning); } .bar .low { background: var(--error); }
.filters { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: center; padding: 0.75rem 0; background: var(--paper); border-bottom: 1px solid var(--line); margin-top: 2rem; }
.filters input[type="search"] { flex: 1 1 14rem; min-width: 0; padding: 0.5rem 0.75rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); color: inherit; font: inherit; }
.filters label { display: inline-flex; align-items: center; gap: 0.35rem; min-height: 2rem; cursor: pointer; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 1rem 1.1rem; margin: 0.9rem 0; }
article > p { margin-top: 0.5rem; }
article header { display: flex; flex-wrap: wrap; gap: 0.4rem 0.75rem; align-items: center; }
.place { font-weight: 600; }
.let-be { opacity: 0.65; }
pre { margin: 0.75rem 0 0; padding: 0.6rem 0; background: var(--code); border: 1px solid var(--line); border-radius: 0.4rem; overflow-x: auto; line-height: 1.5; tab-size: 2; overflow-wrap: normal; }
pre span { display: block; padding: 0 0.9rem; min-width: max-content; } pre .hit { background: var(--error-soft); } .is-warning pre .hit { background: var(--warning-soft); } .is-info pre .hit { background: var(--info-soft); }
pre i { font-style: normal; color: var(--soft); display: inline-block; min-width: 3ch; text-align: right; margin-right: 1.2ch; user-select: none; }
.fix { padding-left: 1.4rem; position: relative; white-space: pre-line; } .fix::before { content: "→"; position: absolute; left: 0; color: var(--good); font-weight: 700; }
details { margin-top: 0.6rem; } summary { cursor: pointer; color: var(--soft); }
.failures { border-left: 3px solid var(--error); padding: 0.5rem 1rem; background: var(--error-soft); margin: 1.5rem 0; }
footer { margin-top: 3rem; color: var(--soft); font-size: 0.85rem; }
:focus-visible { outline: 2px solid var(--info); outline-offset: 2px; }
@media (max-width: 30rem) { main { padding: 1.25rem 0.9rem 3rem; } .total { font-size: 3rem; } .areas { grid-template-columns: 1fr 1fr; } article { padding: 0.85rem; } .filters { position: static; } }
@media print { .filters { display: none; } article { break-inside: avoid; } details > * { display: block; } }
`;
