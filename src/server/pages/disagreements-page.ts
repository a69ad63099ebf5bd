import { endWords, seenWords } from '../../queries/disagreement-words.ts';
import type { DisagreementFilter, DisagreementLine, Disagreements } from '../../queries/disagreements.ts';
import { card, pill } from './account-page.ts';
import { adminPage, type AdminFrame } from './admin-pages.ts';
import { html, type Html } from './html.ts';

type Asked = Pick<DisagreementFilter, 'code' | 'openOnly'>;

/** Where people set another band than the score, why, and who was right: all of them, or those asked for. */
export function disagreementsPage(frame: AdminFrame, found: Disagreements, asked: Asked): string {
  return adminPage(frame, {
    title: 'Bands set by hand',
    tab: '/app/accounts',
    body: html`<h1>Bands set by hand</h1>
      <p class="lead">Where people saw an account otherwise than its score, and what came of it.</p>
      ${found.total.count === 0 ? none() : [tiles(found), byReason(frame, found), list(frame, found, asked)]}`,
  });
}

function none(): Html {
  return html`<section class="card">
    <p>Nobody has set a band by hand yet.</p>
    <p class="soft">
      On a company’s card, or in the field “Manual band” of its record, people say that an account is better or worse
      than its score, and why. The number stays as it is.
    </p>
  </section>`;
}

function tiles({ total }: Disagreements): Html {
  const { right, ends } = total;
  return html`<div class="tiles">
    <div class="tile"><b>${total.count.toLocaleString('en-US')}</b><span>${seenWords(total)}</span></div>
    <div class="tile"><b>${total.open.toLocaleString('en-US')}</b><span>not settled yet</span></div>
    <div class="tile"><b>${ends.agreed.toLocaleString('en-US')}</b><span>the score came to say the same</span></div>
    <div class="tile">
      <b>${right.person} : ${right.score}</b><span>person and score, who was right once a term was decided</span>
    </div>
  </div>`;
}

function byReason({ at }: AdminFrame, { byReason: reasons }: Disagreements): Html {
  return card(
    'Why',
    html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Reason</th>
            <th class="number">Times</th>
            <th class="number">Open</th>
            <th class="number">Better</th>
            <th class="number">Worse</th>
            <th class="number">Score agreed</th>
            <th class="number">Person right</th>
            <th class="number">Score right</th>
          </tr>
        </thead>
        <tbody>
          ${reasons.map(
            ({ code, title, count, open, ways, ends, right }) =>
              html`<tr>
                <td><a href="${at(`/app/disagreements?reason=${encodeURIComponent(code)}`)}">${title}</a></td>
                ${[count, open, ways.better, ways.worse, ends.agreed, right.person, right.score].map(
                  (number) => html`<td class="number">${number}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`,
  );
}

function list(frame: AdminFrame, { listed, matching, byReason: reasons }: Disagreements, asked: Asked): Html {
  const { at } = frame;
  const reason = reasons.find(({ code }) => code === asked.code)?.title;
  const isAll = asked.code === null && !asked.openOnly;
  const title = `${asked.openOnly ? 'Open' : 'All'}${reason === undefined ? '' : `: ${reason}`}`;
  const hidden = matching - listed.length;
  return card(
    title,
    html`<p class="soft">
        ${matching.toLocaleString('en-US')} in all, the newest
        first${hidden > 0 && `; ${hidden} older ones are not shown`}.
        ${!asked.openOnly && html`<a href="${at('/app/disagreements?open=yes')}">Open ones only</a>`}
        ${!isAll && html`<a href="${at('/app/disagreements')}">All of them</a>`}
      </p>
      ${
        listed.length > 0 &&
        html`<div class="scroll">
          <table>
            <thead>
              <tr>
                <th>Since</th>
                <th>Account</th>
                <th>Score</th>
                <th>Person</th>
                <th>Because</th>
                <th>Now</th>
                <th>Right</th>
              </tr>
            </thead>
            <tbody>
              ${listed.map((line) => row(frame, line))}
            </tbody>
          </table>
        </div>`
      }`,
  );
}

function row({ at, installation }: AdminFrame, line: DisagreementLine): Html {
  const { computed, right, outcome } = line;
  const path = `/accounts/${encodeURIComponent(installation.installation)}/${encodeURIComponent(line.account)}`;
  return html`<tr>
    <td class="fit">${line.begunOn}</td>
    <td>${line.name === null ? `Account ${line.account}` : html`<a href="${at(path)}">${line.name}</a>`}</td>
    <td class="fit">${pill(computed.band)} ${computed.score !== null && Math.round(computed.score)}</td>
    <td>${pill(line.band)}</td>
    <td>${line.reason}: ${line.note} ${line.by !== null && html`<span class="soft small">${line.by}</span>`}</td>
    <td class="fit">${endWords(line)}</td>
    <td>${right === null ? '–' : html`${right} <span class="soft small">${outcome}</span>`}</td>
  </tr>`;
}
