import type { Session } from '../../install/sessions.ts';
import { html, type Html, type Part } from './html.ts';

/** What every page needs to know of where it stands. */
export interface PageFrame {
  /** Where a path of ours is for browsers. */
  readonly at: (path: string) => string;
  /** Null before somebody is signed in. */
  readonly session: Session | null;
}

export interface PageContent {
  readonly title: string;
  readonly body: Part;
  /** Which of the tabs this is; absent for pages beside them. */
  readonly tab?: string | undefined;
  /** What the account is called; absent where there is none. */
  readonly account?: string | undefined;
  /** Seconds after which the page looks again by itself, while something is under way. */
  readonly refreshS?: number | undefined;
  readonly isNarrow?: boolean | undefined;
}

const TABS: readonly (readonly [path: string, title: string])[] = [
  ['/app', 'Overview'],
  ['/app/plan', 'Plan'],
  ['/app/accounts', 'Accounts'],
  ['/app/check', 'Check'],
  ['/app/access', 'Access'],
  ['/app/settings', 'Settings'],
];

/** A whole page. */
export function page(frame: PageFrame, content: PageContent): string {
  const { session, at } = frame;
  const { title, account, tab, refreshS, isNarrow = false } = content;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refreshS !== undefined && html`<meta http-equiv="refresh" content="${refreshS}" />`}
        <title>${title} · Holdfast</title>
        <link rel="stylesheet" href="${at('/assets/holdfast.css')}" />
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        <header class="bar">
          <div>
            <a class="mark" href="${at('/app')}">Holdfast</a>
            ${account !== undefined && html`<span class="soft">${account}</span>`}
            ${session !== null && who(frame, session)}
          </div>
          ${
            session !== null &&
            html`<nav class="tabs" aria-label="Pages">
              ${TABS.map(
                ([path, name]) => html`<a href="${at(path)}" ${path === tab && html`aria-current="page"`}>${name}</a>`,
              )}
            </nav>`
          }
        </header>
        <main id="content" class="${isNarrow ? 'narrow' : ''}">${content.body}</main>
      </body>
    </html> `.toString();
}

function who(frame: PageFrame, session: Session): Html {
  return html`<div class="who">
    <span>${session.name ?? session.userId}${session.role === 'viewer' && ', viewer'}</span>
    ${postForm(frame, { action: '/sign-out', body: html`<button class="link">Sign out</button>` })}
  </div>`;
}

/** A form that only this session can send. */
export function postForm(
  { at, session }: PageFrame,
  form: { readonly action: string; readonly fields?: Readonly<Record<string, string>>; readonly body: Part },
): Html {
  const fields = { ...form.fields, token: session?.formToken ?? '' };
  return html`<form method="post" action="${at(form.action)}">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${form.body}
  </form>`;
}

/** A page that says one thing and the ways on. */
export function messagePage(
  frame: PageFrame,
  message: {
    readonly title: string;
    readonly words: string;
    readonly remedy?: string | undefined;
    /** Title and path; the first is the one to take. */
    readonly ways?: readonly (readonly [title: string, path: string])[];
  },
): string {
  const { title, words, remedy, ways = [] } = message;
  return page(frame, {
    title,
    isNarrow: true,
    body: html`<div class="card">
      <h1>${title}</h1>
      <p>${words}</p>
      ${remedy !== undefined && html`<p class="soft">${remedy}</p>`}
      ${
        ways.length > 0 &&
        html`<div class="actions">
          ${ways.map(
            ([name, path], index) =>
              html`<a class="${index === 0 ? 'button' : 'button quiet'}" href="${frame.at(path)}">${name}</a>`,
          )}
        </div>`
      }
    </div>`,
  });
}
