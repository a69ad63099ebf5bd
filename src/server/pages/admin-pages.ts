import { verdictInWords, type Verdict } from '../../core/validation/in-words.ts';
import type { AccessCheck } from '../../queries/access-check.ts';
import type { AccountLine, Book } from '../../queries/book.ts';
import type { ExaminedInstallation } from '../../queries/doctor.ts';
import type { InstallationLine } from '../../queries/installations.ts';
import type { ScopeLine } from '../../queries/permissions.ts';
import type { PlanPreview } from '../../queries/plan-preview.ts';
import { card, moment, pill } from './account-page.ts';
import { html, type Html, type Part } from './html.ts';
import { page, postForm, type PageFrame } from './layout.ts';

/** What the pages of one installation have in common. */
export interface AdminFrame extends PageFrame {
  readonly installation: InstallationLine;
  /** The CRM's name. */
  readonly crm: string;
  readonly isAdmin: boolean;
  /** What was just done, to be told once; null for nothing. */
  readonly notice: string | null;
}

export function adminPage(
  frame: AdminFrame,
  content: {
    readonly title: string;
    readonly tab: string;
    readonly body: Part;
    readonly refreshS?: number | undefined;
  },
): string {
  return page(frame, {
    ...content,
    account: frame.installation.title,
    body: html`${frame.notice !== null && html`<div class="note" role="status"><p>${frame.notice}</p></div>`}${content.body}`,
  });
}

function button(frame: AdminFrame, action: string, words: string, look = ''): Part {
  if (!frame.isAdmin) return null;
  return postForm(frame, { action, body: html`<button class="${look}">${words}</button>` });
}

export function overviewPage(frame: AdminFrame, book: Book, examined: ExaminedInstallation): string {
  const { installation } = frame;
  const { green, yellow, red, grey } = book.bands;
  const run = installation.lastRun;
  const isUnderWay = run !== null && run.finishedAt === null && run.error === null;
  const isFirst = run === null || (isUnderWay && green + yellow + red + grey === 0);
  const calls = examined.calls.reduce((sum, one) => sum + one.calls, 0);
  return adminPage(frame, {
    title: 'Overview',
    tab: '/app',
    refreshS: installation.status === 'active' && (isUnderWay || run === null) ? 5 : undefined,
    body: html`
      <h1>${installation.title}</h1>
      <p class="lead">Connected to ${frame.crm}, account ${installation.account}</p>
      ${standing(frame, isFirst)}
      <div class="tiles">
        <div class="tile">
          <b>${(green + yellow + red + grey).toLocaleString('en-US')}</b><span>customers scored</span>
        </div>
        <div class="tile"><b>${red}</b><span>${pill('red')}</span></div>
        <div class="tile"><b>${yellow}</b><span>${pill('yellow')}</span></div>
        <div class="tile"><b>${green}</b><span>${pill('green')}</span></div>
        <div class="tile"><b>${grey}</b><span>${pill('grey')}</span></div>
        <div class="tile"><b>${book.openTasks.toLocaleString('en-US')}</b><span>open tasks of ours</span></div>
        <div class="tile"><b>${calls.toLocaleString('en-US')}</b><span>API calls in 24 hours</span></div>
        <div class="tile">
          <b>${book.problems}</b><span><a href="${frame.at('/app/check')}">open problems</a></span>
        </div>
      </div>
      <p class="soft small">Scores: ${verdictInWords(book.validation)}.</p>
      ${card(
        'Last run',
        html`<p>${runWords(run, isUnderWay)}</p>
          ${
            run?.error !== null &&
            run?.error !== undefined &&
            html`<p><strong>${run.error.message}</strong></p>
              <p class="soft">${run.error.remedy}</p>`
          }
          <div class="actions">
            ${installation.status === 'active' && !isUnderWay && button(frame, '/app/sync', 'Run now', 'quiet')}
          </div>`,
      )}
      ${book.topRisks.length > 0 && card('Most to lose', accountTable(frame, book.topRisks))}
    `,
  });
}

function standing(frame: AdminFrame, isFirst: boolean): Part {
  const { installation, at } = frame;
  switch (installation.status) {
    case 'lost':
      return html`<div class="note red" role="alert">
        <p><strong>${frame.crm} no longer lets Holdfast in.</strong> ${installation.statusReason}</p>
        <p>Nothing is read or written. Connect it again to find your data and choices as they were.</p>
        <p><a class="button" href="${at(`/install/${installation.connector}`)}">Connect again</a></p>
      </div>`;
    case 'paused':
      return html`<div class="note yellow" role="status">
        <p><strong>Paused.</strong> ${installation.statusReason} Nothing is read or written meanwhile.</p>
        ${button(frame, '/app/resume', 'Go on')}
      </div>`;
    case 'active':
      if (isFirst) {
        return html`<div class="note" role="status">
          <p><strong>Connected.</strong> Holdfast reads your accounts now. This page looks again by itself.</p>
        </div>`;
      }
      return (
        installation.awaitsApproval &&
        html`<div class="note yellow" role="status">
          <p><strong>Nothing is written yet.</strong> Look at what Holdfast would write, then allow it.</p>
          <p><a class="button" href="${at('/app/plan')}">See the plan</a></p>
        </div>`
      );
    default:
      return installation.status satisfies never;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  full: 'Everything was read',
  daily: 'The daily run',
  incremental: 'What had changed was read',
};

function runWords(run: InstallationLine['lastRun'], isUnderWay: boolean): string {
  if (run === null) return 'None yet: the first one begins within a minute.';
  if (isUnderWay) return `Under way since ${moment(run.startedAt)}, at: ${run.stage}.`;
  const what = KINDS[run.kind] ?? run.kind;
  return `${what}; begun ${moment(run.startedAt)}${run.error === null ? ', ended well.' : ', failed.'}`;
}

export function planPage(frame: AdminFrame, plan: PlanPreview | null): string {
  return adminPage(frame, { title: 'Plan', tab: '/app/plan', body: planBody(frame, plan) });
}

/** How many steps of each kind are written out. */
const SHOWN = 25;

function planBody(frame: AdminFrame, plan: PlanPreview | null): Html {
  if (plan === null) {
    return html`<h1>Plan</h1>
      <p class="lead">Nothing has been read yet. The plan comes with the first run.</p>`;
  }
  const lines = plan.describe(SHOWN);
  return html`
    <h1>What the next write does</h1>
    <p class="lead">
      ${plan.steps.length.toLocaleString('en-US')} steps in ${plan.calls.toLocaleString('en-US')} API calls. Plan
      ${plan.digest}.
    </p>
    ${
      plan.awaitsApproval &&
      html`<div class="note yellow">
        <p><strong>The first write waits for you.</strong></p>
        <p>
          It writes fields whose names begin with <code>holdfast</code>, and tasks, as listed below. Later runs write
          what changes, without asking again. All of it can be taken away again when you uninstall, under Settings.
        </p>
        ${
          frame.isAdmin
            ? postForm(frame, {
                action: '/app/approve',
                fields: { plan: plan.digest },
                body: html`<button>Approve and write</button>`,
              })
            : html`<p class="soft">An admin can approve it.</p>`
        }
      </div>`
    }
    <section class="card">${planList(lines)}</section>
  `;
}

/** The plan's own lines: a heading stands at the margin, what belongs to it is set in. */
function planList(lines: readonly string[]): Part {
  const groups: { heading: string; members: string[] }[] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (line.startsWith(' ') && last !== undefined) last.members.push(line.trim());
    else groups.push({ heading: line, members: [] });
  }
  return groups.map(
    ({ heading, members }) =>
      html`<h2>${heading}</h2>
        ${
          members.length > 0 &&
          html`<ul>
            ${members.map((member) => html`<li>${member}</li>`)}
          </ul>`
        }`,
  );
}

export function accountsPage(frame: AdminFrame, accounts: readonly AccountLine[], validation: Verdict): string {
  return adminPage(frame, {
    title: 'Accounts',
    tab: '/app/accounts',
    body: html`<h1>Accounts</h1>
      <p class="lead">
        The ${accounts.length} lowest scores first. ${verdictInWords(validation)}.
        <a href="${frame.at('/app/accounts.csv')}">All as CSV</a> ·
        <a href="${frame.at('/app/disagreements')}">Bands set by hand</a> ·
        <a href="${frame.at('/app/moves')}">Champions who moved</a>
      </p>
      <section class="card">
        ${accounts.length === 0 ? html`<p>No account is scored yet.</p>` : accountTable(frame, accounts)}
      </section>`,
  });
}

function accountTable({ at, installation }: AdminFrame, accounts: readonly AccountLine[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Account</th>
          <th>Band</th>
          <th class="number">Score</th>
          <th>Decides</th>
          <th>Why</th>
        </tr>
      </thead>
      <tbody>
        ${accounts.map(
          (one) =>
            html`<tr>
              <td>
                <a
                  href="${at(`/accounts/${encodeURIComponent(installation.installation)}/${encodeURIComponent(one.account)}`)}"
                  >${one.name ?? one.account}</a
                >
              </td>
              <td>${pill(one.band)}</td>
              <td class="number">${one.score === null ? '–' : Math.round(one.score)}</td>
              <td class="fit">${one.decisionOn ?? '–'}</td>
              <td>${one.reason}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function checkPage(frame: AdminFrame, examined: ExaminedInstallation): string {
  const { calls, problems, lacking, ungranted } = examined;
  const sources = [
    ...examined.sources.map(({ object, words }) => ({ name: object, words })),
    ...examined.signals.map(({ kind, words }) => ({ name: kind, words })),
  ];
  const isWell = problems.length + lacking.length + ungranted.length === 0;
  return adminPage(frame, {
    title: 'Check',
    tab: '/app/check',
    body: html`<h1>Check</h1>
      <p class="lead">${examined.status}</p>
      ${isWell && html`<div class="note"><p>Nothing is wrong.</p></div>`}
      ${
        lacking.length > 0 &&
        card(
          'Fields that cannot be written',
          html`<p>
            ${lacking.length} of Holdfast’s fields are missing or closed; the others are written.
            <a href="/app/access">See which, and what to do.</a>
          </p>`,
        )
      }
      ${
        ungranted.length > 0 &&
        card(
          'Not granted',
          html`<ul>
            ${ungranted.map(({ name, without }) => html`<li><code>${name}</code> ${without}</li>`)}
          </ul>`,
        )
      }
      ${
        problems.length > 0 &&
        card(
          `${problems.length} open problems`,
          html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>Where</th>
                  <th>What</th>
                  <th>What to do</th>
                  <th>Since</th>
                </tr>
              </thead>
              <tbody>
                ${problems.slice(0, 200).map(
                  ({ object, field, crmId, message, remedy, firstAt }) =>
                    html`<tr>
                      <td>${[object, field, crmId].filter((part) => part !== '').join(' ')}</td>
                      <td>${message}</td>
                      <td>${remedy}</td>
                      <td class="fit">${moment(firstAt)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`,
        )
      }
      ${card(
        'How fresh the data is',
        sources.length === 0
          ? html`<p class="soft">Nothing has been read yet.</p>`
          : html`<ul>
              ${sources.map(({ name, words }) => html`<li><strong>${name}</strong> ${words}</li>`)}
            </ul>`,
      )}
      ${card(
        'API calls in 24 hours',
        html`<p>
          ${calls.map(({ bucket, calls: number }) => `${number.toLocaleString('en-US')} ${bucket}`).join(', ') || 'none'};
          refused for being too fast ${examined.rateLimited}, failed ${examined.failed}.
        </p>`,
      )}`,
  });
}

export function accessPage(frame: AdminFrame, scopes: readonly ScopeLine[], access: AccessCheck | null): string {
  return adminPage(frame, {
    title: 'Access',
    tab: '/app/access',
    body: html`<h1>What Holdfast may do</h1>
      <p class="lead">As ${frame.crm} says at this moment. Nothing is changed by looking.</p>
      ${access !== null && accessCards(access)} ${scopes.length > 0 && card('Permissions', scopeTable(scopes))}
      <div class="actions">
        <a class="button" href="${frame.at('/app/access')}">Check again</a>
        ${
          frame.isAdmin &&
          html`<a class="button quiet" href="${frame.at(`/install/${frame.installation.connector}`)}"
            >Ask for the permissions again</a
          >`
        }
      </div>`,
  });
}

function accessCards({ objects, ready, lacking, makesThem }: AccessCheck): Part {
  const refused = objects.flatMap(({ object, refused }) => (refused === null ? [] : [{ object, ...refused }]));
  const remedies = [...new Set(lacking.map(({ remedy }) => remedy).filter((remedy) => remedy !== ''))];
  return html`
    ${card(
      'Objects',
      html`<p>
          Can be read:
          ${
            objects
              .filter(({ refused }) => refused === null)
              .map(({ object }) => object)
              .join(', ') || 'none'
          }.
        </p>
        ${
          refused.length > 0 &&
          html`<ul>
            ${refused.map(({ object, message, remedy }) => html`<li><strong>${object}</strong>: ${message} ${remedy}</li>`)}
          </ul>`
        }`,
    )}
    ${card(
      'Fields',
      html`<p>
          ${ready} fields of ours are ready.
          ${lacking.length === 0 ? 'None is missing.' : `${lacking.length} ${lacking.length === 1 ? 'is' : 'are'} missing.`}
        </p>
        ${lacking.length > 0 && makesThem && html`<p>Holdfast makes the missing ones by itself once you approve the plan.</p>`}
        ${
          !makesThem &&
          remedies.length > 0 &&
          html`<ol>
            ${remedies.map((remedy) => html`<li>${remedy}</li>`)}
          </ol>`
        }
        ${
          lacking.length > 0 &&
          html`<div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>API name</th>
                  <th>Label</th>
                  <th>Type</th>
                  <th>What is wrong</th>
                </tr>
              </thead>
              <tbody>
                ${lacking.map(
                  ({ object, name, label, type, message }) =>
                    html`<tr>
                      <td><code>${object}.${name}</code></td>
                      <td>${label}</td>
                      <td class="fit">${type}</td>
                      <td>${message === '' ? 'Not made yet.' : message}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
        }`,
    )}
  `;
}

function scopeTable(scopes: readonly ScopeLine[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Permission</th>
          <th>What for</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${scopes.map(
          ({ name, need, purpose, without, isGranted }) =>
            html`<tr>
              <td><code>${name}</code></td>
              <td>${purpose}${isGranted === false && html`<br /><strong>Not granted:</strong> ${without}`}</td>
              <td class="fit">
                ${isGranted === false ? html`<span class="pill ${need === 'required' ? 'red' : 'yellow'}">not granted</span>` : null}
                ${isGranted === true && html`<span class="pill green">granted</span>`}
                ${isGranted === null && html`<span class="pill">${need}</span>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function settingsPage(frame: AdminFrame, retentionDays: number): string {
  const { installation, isAdmin } = frame;
  const isLost = installation.status === 'lost';
  return adminPage(frame, {
    title: 'Settings',
    tab: '/app/settings',
    body: html`<h1>Settings</h1>
      <p class="lead">
        ${isAdmin ? 'Every change is kept in the audit log with your name.' : 'Only admins can change things here.'}
      </p>
      ${card(
        'Pause',
        html`<p>While it is paused, nothing is read from ${frame.crm} and nothing is written to it.</p>
          <div class="actions">
            ${installation.status === 'active' && button(frame, '/app/pause', 'Pause', 'quiet')}
            ${installation.status === 'paused' && button(frame, '/app/resume', 'Go on')}
            ${isLost && html`<span class="soft">Not connected.</span>`}
          </div>`,
      )}
      ${card(
        'Sessions',
        html`<p>Sessions end by themselves after twelve hours without use.</p>
          <div class="actions">${button(frame, '/app/sign-everybody-out', 'Sign everybody out', 'quiet')}</div>`,
      )}
      ${
        !isLost &&
        isAdmin &&
        card(
          'Uninstall',
          html`<p>
              Holdfast leaves your ${frame.crm} account. What it knows is kept for ${retentionDays} days, in case you
              come back, and then deleted. <a href="${frame.at('/app/accounts.csv')}">Save the scores as CSV</a> first
              if you want to keep them.
            </p>
            ${postForm(frame, {
              action: '/app/uninstall',
              body: html`<label class="check"
                  ><input type="checkbox" name="undo" value="yes" checked /><span
                    >First take away what Holdfast wrote: its fields with their values, and its open tasks. Tasks that
                    people completed or changed stay.</span
                  ></label
                >
                <label class="check"
                  ><input type="checkbox" name="sure" value="yes" required /><span>Yes, uninstall it.</span></label
                >
                <button class="danger">Uninstall</button>`,
            })}`,
        )
      }`,
  });
}
