import type { Crm } from '../../install/consent.ts';
import { html, type Part } from './html.ts';
import { page, type PageFrame } from './layout.ts';

/** Where people choose the CRM that they come from. `next` is the path of ours that they want. */
export function signInPage(frame: PageFrame, crms: readonly Crm[], next: string): string {
  const query = `?next=${encodeURIComponent(next)}`;
  return page(frame, {
    title: 'Sign in',
    isNarrow: true,
    body: html`<div class="card">
      <h1>Sign in</h1>
      <p class="lead">Holdfast knows you by your CRM. There is no password of ours.</p>
      ${
        crms.length === 0 &&
        html`<p>
          No CRM app is set up on this server. Whoever runs it can make you a link with <code>holdfast sign-in</code>.
        </p>`
      }
      <div class="choices">
        ${crms.map(
          ({ connector }) =>
            html`<a href="${frame.at(`/sign-in/${connector.id}`)}${query}"
              >Sign in with ${connector.title}<span>→</span></a
            >`,
        )}
      </div>
      ${crms.length > 0 && html`<h2>New here?</h2>`}
      <div class="choices">
        ${crms.map(
          ({ connector }) =>
            html`<a href="${frame.at(`/install/${connector.id}`)}"
              >Install for ${connector.title}<span>as an admin</span></a
            >`,
        )}
      </div>
    </div>`,
  });
}

export interface LoginPageContent {
  readonly crm: Crm;
  /** `/install/…` or `/sign-in/…`: where the choice goes. */
  readonly path: string;
  readonly next: string;
  readonly isInstall: boolean;
  /** What was typed and is not a login page; null before that. */
  readonly wrong: string | null;
}

/** Where an admin says at which address they log in. */
export function loginPage(frame: PageFrame, { crm, path, next, isInstall, wrong }: LoginPageContent): string {
  const { connector, app } = crm;
  const { logins } = connector.oauth;
  const choices = logins === undefined || app === null ? [] : logins.choices(app);
  const intro: Part = isInstall
    ? html`<p class="lead">
        First install the Holdfast package in your org: it brings the fields and permission sets. Then say where you log
        in.
      </p>`
    : html`<p class="lead">Say where you log in.</p>`;
  return page(frame, {
    title: `${isInstall ? 'Connect' : 'Sign in with'} ${connector.title}`,
    isNarrow: true,
    body: html`<div class="card">
      <h1>${isInstall ? 'Connect' : 'Sign in with'} ${connector.title}</h1>
      ${intro}
      ${
        wrong !== null &&
        html`<div class="note red" role="alert">
          <p><strong>${wrong}</strong> is not a login page of ${connector.title}.</p>
          <p>Give the address before the first slash, like <code>${logins?.example}</code>.</p>
        </div>`
      }
      <div class="choices">
        ${choices.map(
          ({ title, url }) =>
            html`<a href="${frame.at(path)}?login=${encodeURIComponent(url)}&amp;next=${encodeURIComponent(next)}"
              >${title}<span>${URL.parse(url)?.host !== title && URL.parse(url)?.host}</span></a
            >`,
        )}
      </div>
      <form method="get" action="${frame.at(path)}">
        <input type="hidden" name="next" value="${next}" />
        <label
          >Or your own login address (My Domain)
          <input
            type="text"
            name="login"
            value="${wrong}"
            placeholder="${logins?.example}"
            autocapitalize="off"
            spellcheck="false"
            required
          />
        </label>
        <button>Go on</button>
      </form>
    </div>`,
  });
}
