/** The one style sheet of the pages; served at `/assets/holdfast.css`. */
export const style = `
:root {
  color-scheme: light;
  --ink: #16202a; --soft: #566370; --line: #dfe5ea; --ground: #f5f7f9; --paper: #fff;
  --accent: #0b5f6f; --accent-dark: #08434f; --accent-pale: #e4f1f3;
  --green: #1c7a4b; --green-pale: #e2f3e9; --yellow: #8a5a00; --yellow-pale: #fdf1d5;
  --red: #b3261e; --red-pale: #fbe6e4; --grey: #5c6670; --grey-pale: #e9edf0;
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--accent); }
a:hover { color: var(--accent-dark); }
:focus-visible { outline: 3px solid #7cc4d1; outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; }
header.bar { background: var(--paper); border-bottom: 1px solid var(--line); }
header.bar > div { max-width: 66rem; margin: 0 auto; padding: .9rem 1.5rem; display: flex; align-items: center; gap: 1.5rem; flex-wrap: wrap; }
.mark { font-weight: 700; font-size: 1.1rem; letter-spacing: -.01em; color: var(--ink); text-decoration: none; display: flex; gap: .55rem; align-items: center; }
.mark::before { content: ""; width: .95rem; height: .95rem; border-radius: .28rem; background: var(--accent); }
.who { margin-left: auto; display: flex; gap: 1rem; align-items: center; color: var(--soft); font-size: .9rem; }
.who form { margin: 0; }
nav.tabs { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem; display: flex; gap: 0 1.4rem; flex-wrap: wrap; font-size: .95rem; }
nav.tabs a { color: var(--soft); text-decoration: none; padding: .35rem 0 .6rem; border-bottom: 2px solid transparent; }
nav.tabs a:hover { color: var(--ink); }
nav.tabs a[aria-current] { color: var(--ink); border-color: var(--accent); font-weight: 600; }
main { max-width: 66rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
main.narrow { max-width: 38rem; padding-top: 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; letter-spacing: -.015em; margin: 0 0 .35rem; }
h2 { font-size: 1.08rem; margin: 0 0 .8rem; }
p { margin: 0 0 .9rem; max-width: 44rem; }
.lead { color: var(--soft); margin-bottom: 1.6rem; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: 1.3rem 1.5rem; margin: 0 0 1.2rem; }
.card > :last-child { margin-bottom: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 1rem; margin: 0 0 1.2rem; }
.tile { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.2rem; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.3; white-space: nowrap; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .88rem; }
.score { font-size: 3.2rem; font-weight: 700; line-height: 1; letter-spacing: -.04em; font-variant-numeric: tabular-nums; }
.head { display: flex; gap: .6rem 1.6rem; align-items: center; flex-wrap: wrap; }
.head p { margin: .3rem 0 0; }
.scroll code { white-space: nowrap; }
.pill { display: inline-block; padding: .08rem .6rem; border-radius: 1rem; font-size: .83rem; font-weight: 600; background: var(--grey-pale); color: var(--grey); white-space: nowrap; }
.pill.green { background: var(--green-pale); color: var(--green); }
.pill.yellow { background: var(--yellow-pale); color: var(--yellow); }
.pill.red { background: var(--red-pale); color: var(--red); }
.note { border-left: 4px solid var(--accent); background: var(--accent-pale); border-radius: .5rem; padding: .9rem 1.2rem; margin: 0 0 1.2rem; }
.note.red { border-color: var(--red); background: var(--red-pale); }
.note.yellow { border-color: #c98a1b; background: var(--yellow-pale); }
.note > :last-child { margin-bottom: 0; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
.scroll { overflow-x: auto; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: .82rem; padding: 0 .9rem .45rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
td { padding: .55rem .9rem .55rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.fit { white-space: nowrap; }
code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--grey-pale); padding: .1em .35em; border-radius: .3em; overflow-wrap: anywhere; }
ul { margin: 0 0 .9rem; padding-left: 1.2rem; }
li { margin-bottom: .35rem; }
.soft { color: var(--soft); }
.small { font-size: .88rem; }
.actions { display: flex; gap: .8rem; flex-wrap: wrap; align-items: center; margin-top: 1rem; }
.actions form { margin: 0; }
button, .button {
  font: inherit; font-weight: 600; border: 1px solid var(--accent); background: var(--accent); color: #fff;
  padding: .5rem 1.1rem; border-radius: .5rem; cursor: pointer; text-decoration: none; display: inline-block;
}
button:hover, .button:hover { background: var(--accent-dark); color: #fff; }
button.quiet, .button.quiet { background: var(--paper); color: var(--ink); border-color: #c4cdd5; }
button.quiet:hover, .button.quiet:hover { background: var(--ground); color: var(--ink); }
button.danger { background: var(--paper); color: var(--red); border-color: #e0a7a3; }
button.danger:hover { background: var(--red-pale); color: var(--red); }
button.link { background: none; border: 0; padding: 0; color: var(--accent); font-weight: 400; text-decoration: underline; }
button.link:hover { background: none; color: var(--accent-dark); }
label { display: block; margin-bottom: .7rem; }
label.check { display: flex; gap: .6rem; align-items: baseline; }
input[type=text] { font: inherit; width: 100%; padding: .5rem .7rem; border: 1px solid #c4cdd5; border-radius: .5rem; margin-top: .25rem; }
.choices { display: grid; gap: .7rem; margin-bottom: 1.4rem; }
.choices a { display: flex; justify-content: space-between; gap: 1rem; border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1.1rem; text-decoration: none; color: var(--ink); background: var(--paper); font-weight: 600; }
.choices a:hover { border-color: var(--accent); }
.choices a span { color: var(--soft); font-weight: 400; font-size: .9rem; }
details summary { cursor: pointer; color: var(--accent); }
footer { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem 2rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 40rem) { main.narrow { padding-top: 2rem; } .who { margin-left: 0; width: 100%; } }
`;
