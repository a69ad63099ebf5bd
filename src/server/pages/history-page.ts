import { DAYS_OF_A_GROUP } from '../../core/book/shown.ts';
import type { HealthDay } from '../../core/history/health-day.ts';
import type { NamedHistory } from '../../queries/history.ts';
import { pill } from './account-page.ts';
import { html, type Html } from './html.ts';
import { page, type PageFrame } from './layout.ts';

/** How an account was judged day by day, the newest first: also of one that is no customer any more. */
export function historyPage(
  frame: PageFrame,
  title: string,
  { account, name, from, days, firstOn, isRolledUp }: NamedHistory,
): string {
  const heading = `${name ?? `Account ${account}`} over time`;
  const earlier = firstOn !== null && firstOn < from;
  return page(frame, {
    title: heading,
    account: title,
    body: html`
      <h1>${heading}</h1>
      <p class="lead">
        Every day since ${from} on which it was scored; of months more than a year ago the last
        one.${earlier && html` <a href="?since=${firstOn}">Show all since ${firstOn}</a>.`}
      </p>
      ${isRolledUp && html`<p class="soft">${DAYS_OF_A_GROUP}</p>`}
      <section class="card">
        ${
          days.length === 0
            ? html`<p>It was not scored in that time.</p>`
            : html`<div class="scroll">
                <table>
                  <thead>
                    <tr>
                      <th>Day</th>
                      <th>Health</th>
                      <th>Confidence</th>
                      <th>Chance of churn</th>
                      <th>Expansion</th>
                      <th>Limits</th>
                      <th>Version</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${days.toReversed().map(row)}
                  </tbody>
                </table>
              </div>`
        }
      </section>
    `,
  });
}

function row(day: HealthDay): Html {
  const { on, score, band, confidence, churnProbability90d: churn, expansion, caps, modelVersion } = day;
  return html`<tr>
    <td class="fit">${on}</td>
    <td class="fit">${pill(band)} ${score === null ? '–' : score.toFixed(1)}</td>
    <td>${confidence ?? '–'}</td>
    <td>${churn === null ? '–' : `${(churn * 100).toFixed(1)}%`}</td>
    <td>${expansion === null ? '–' : expansion.toFixed(0)}</td>
    <td>${caps.join(', ')}</td>
    <td class="soft">${modelVersion ?? '–'}</td>
  </tr>`;
}
