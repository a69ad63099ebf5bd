import { OF_ITS_OWN } from '../../core/book/shown.ts';
import { outlookInWords } from '../../core/expansion/in-words.ts';
import { chanceText, count } from '../../core/measures/wording.ts';
import { formatMoney } from '../../core/model/money.ts';
import { verdictInWords } from '../../core/validation/in-words.ts';
import type { Churn, Driver } from '../../core/model/assessment.ts';
import type { AccountDetail, Threshold } from '../../queries/accounts.ts';
import { moveInWords } from '../../queries/champion-move-words.ts';
import type { ChampionMove } from '../../queries/champion-moves.ts';
import { html, type Html, type Part } from './html.ts';
import { page, type PageFrame } from './layout.ts';

/** One account: the score, why, what changed, what to do. */
export function accountPage(
  frame: PageFrame,
  title: string,
  detail: AccountDetail,
  moves: readonly ChampionMove[],
): string {
  const { health, churn, renewal, expansion, asOf, dataAsOf } = detail.assessment;
  const { shown } = detail;
  const name = detail.name ?? `Account ${detail.account}`;
  const open = detail.tasks.filter(({ state }) => state === 'open');
  return page(frame, {
    title: name,
    account: title,
    body: html`
      <h1>${name}</h1>
      <p class="lead">
        <a href="${detail.url}" rel="noopener noreferrer">Open in the CRM</a> ·
        <a href="${encodeURIComponent(detail.account)}/history">Over time</a>
      </p>
      <div class="card">
        <div class="head">
          <div class="score">${shown.score === null ? '–' : Math.round(shown.score)}</div>
          <div>
            ${pill(shown.band)}
            <span class="soft"
              >${trendWords(shown.trend, shown.delta28d, detail.spans.trendDays)} · confidence
              ${health.confidence}</span
            >
            <span class="soft">· ${verdictInWords(detail.validation)}</span>
            <p>${shown.reason}</p>
            ${shown.own !== null && html`<p class="soft">${OF_ITS_OWN}</p>`}
          </div>
        </div>
        ${health.overrideProblem !== undefined && html`<p class="note yellow">${health.overrideProblem}</p>`}
        ${
          health.caps.length > 0 &&
          html`<ul>
            ${health.caps.map(({ limit, because }) => html`<li>Limited to ${limit}: ${because}</li>`)}
          </ul>`
        }
      </div>
      ${facts(detail)}
      ${card(
        'What to do',
        open.length === 0
          ? html`<p class="soft">No open tasks of ours.</p>`
          : html`<ul>
              ${open.map(({ subject, dueOn }) => html`<li>${subject} <span class="soft">due ${dueOn}</span></li>`)}
            </ul>`,
      )}
      ${
        health.movers.length > 0 &&
        card(
          `What changed in ${count(detail.spans.moverDays, 'day')}`,
          html`<ul>
            ${health.movers.map(({ title, change, because }) => html`<li><strong>${signed(change)}</strong> ${title}: ${because}</li>`)}
          </ul>`,
        )
      }
      ${card('Why this score', driverTable(health.drivers, detail.thresholds))}
      ${
        churn.because.length > 0 &&
        card(
          'Risk',
          html`<ul>
            ${churn.because.map((because) => html`<li>${because}</li>`)}
          </ul>`,
        )
      }
      ${
        (expansion.signals.length > 0 || expansion.blocker !== null) &&
        card(
          'Room to grow',
          html`${expansion.blocker !== null && html`<p>Not now: ${expansion.blocker}</p>`}
            <ul>
              ${expansion.signals.map(({ because }) => html`<li>${because}</li>`)}
            </ul>`,
        )
      }
      ${
        moves.length > 0 &&
        card(
          'Champions who moved',
          html`<ul>
            ${moves.map((move) => html`<li>${moveInWords(move, detail.account)}</li>`)}
          </ul>`,
        )
      }
      <p class="soft small">
        Scored ${moment(asOf)}${dataAsOf !== null && ` from data up to ${moment(dataAsOf)}`}.
        ${renewal.gaps.map((gap) => ` Not known: ${gap}.`)}
      </p>
    `,
  });
}

function facts({ assessment, spans }: AccountDetail): Html {
  const { churn, renewal, expansion } = assessment;
  const { next } = renewal;
  const outlook = outlookInWords(expansion);
  return html`<div class="tiles">
    <div class="tile">
      <b>${percent(churn.probability90d)}</b>
      <span>${churnWords(churn, spans.churnDays)}</span>
    </div>
    <div class="tile">
      <b>${churn.arrAtRisk === null ? '–' : formatMoney(churn.arrAtRisk)}</b><span>a year at stake</span>
    </div>
    <div class="tile">
      <b>${next?.decisionOn ?? '–'}</b
      ><span>${next === null ? 'no renewal date known' : `decides; ends ${next.endOn}`}</span>
    </div>
    <div class="tile"><b>${expansion.band}</b><span>expansion${outlook !== null && `; ${outlook}`}</span></div>
  </div>`;
}

function originWords(threshold: Threshold | undefined, at: string | null): string {
  const { sources = [], edges = null } = threshold ?? {};
  const figure = (value: number): string => String(Number(value.toFixed(2)));
  return [
    ...(edges === null ? [] : [`healthy at ${figure(edges.healthy)}, concerning at ${figure(edges.concerning)}`]),
    ...(sources.length === 0 ? [] : [`from ${sources.join(' and ')}`]),
    ...(at === null ? [] : [`as of ${at.slice(0, 10)}`]),
  ].join(' · ');
}

const CHURN_STATUS: Readonly<Record<Churn['status'], string>> = {
  cold_start: 'by published rules',
  calibrating: 'learned from your renewals, not validated yet',
  validated: 'validated on your renewals',
  degraded: 'by published rules: what was learned did no better',
};

function churnWords({ interval90d, atDecision, status }: Churn, within: number): string {
  const between = interval90d === null ? '' : ` (${percent(interval90d.low)} to ${percent(interval90d.high)})`;
  const later = atDecision === null ? '' : `, ${percent(atDecision)} at the decision`;
  return `likely to leave within ${count(within, 'day')}${between}${later}; ${CHURN_STATUS[status]}`;
}

function percent(share: number | null): string {
  return share === null ? '–' : chanceText(share);
}

function driverTable(drivers: readonly Driver[], thresholds: AccountDetail['thresholds']): Html {
  const read = drivers.filter(({ state }) => state === 'ok' || state === 'stale');
  const unread = drivers.filter(({ state }) => state === 'missing' || state === 'error');
  return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Measure</th>
            <th>What it says</th>
            <th class="number">Score</th>
            <th class="number">Points</th>
          </tr>
        </thead>
        <tbody>
          ${read.map(
            ({ measure, title, because, score, contribution, state, at }) =>
              html`<tr>
                <td>${title}${state === 'stale' && html` <span class="pill">old</span>`}</td>
                <td>${because} <span class="soft small">${originWords(thresholds[measure], at)}</span></td>
                <td class="number">${score === null ? '–' : Math.round(score)}</td>
                <td class="number">${signed(contribution)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      unread.length > 0 &&
      html`<details>
        <summary>${unread.length} that could not be read</summary>
        <ul>
          ${unread.map(({ title, because }) => html`<li>${title}: ${because}</li>`)}
        </ul>
      </details>`
    }`;
}

export function card(title: string, body: Part): Html {
  return html`<section class="card">
    <h2>${title}</h2>
    ${body}
  </section>`;
}

export function pill(band: string): Html {
  return html`<span class="pill ${band}">${band}</span>`;
}

/** `2 March 2026, 11:00 UTC`. */
export function moment(instant: string): string {
  const words = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${words.format(new Date(instant)).replace(' at ', ', ')} UTC`;
}

function signed(points: number): string {
  return `${points > 0 ? '+' : ''}${points.toFixed(1)}`;
}

function trendWords(trend: string | null, delta: number | null, days: number): string {
  const words = trend?.replaceAll('_', ' ') ?? 'trend not known yet';
  return delta === null ? words : `${words}, ${signed(delta)} in ${count(days, 'day')}`;
}
