import type { AccountId } from '../../core/model/ids.ts';
import { companyWords, whoWords } from '../../queries/champion-move-words.ts';
import type { ChampionMove, ChampionMoves } from '../../queries/champion-moves.ts';
import { adminPage, type AdminFrame } from './admin-pages.ts';
import { html, type Html } from './html.ts';

/** Champions who work at another company now, for whoever sells there. */
export function movesPage(
  frame: AdminFrame,
  { moves, isMore }: ChampionMoves,
  recordUrl: (account: AccountId) => string,
): string {
  return adminPage(frame, {
    title: 'Champions who moved',
    tab: '/app/accounts',
    body: html`<h1>Champions who moved</h1>
      <p class="lead">
        They know the product, and work somewhere else now: a way to new business. No score counts them.
      </p>
      <section class="card">
        ${
          moves.length === 0
            ? html`<p>No champion is known to have gone to another company.</p>`
            : html`<div class="scroll">
                <table>
                  <thead>
                    <tr>
                      <th>Until</th>
                      <th>Champion</th>
                      <th>Was at</th>
                      <th>Is now at</th>
                      <th>Owner there</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${moves.map((move) => row(move, recordUrl))}
                  </tbody>
                </table>
              </div>`
        }
        ${isMore && html`<p class="soft">Older ones are not shown.</p>`}
      </section>`,
  });
}

function row(move: ChampionMove, recordUrl: (account: AccountId) => string): Html {
  const { account } = move.to;
  const where = companyWords(move.to);
  return html`<tr>
    <td class="fit">${move.untilOn}</td>
    <td>${whoWords(move)}</td>
    <td>${companyWords(move.from)}</td>
    <td>${account === null ? where : html`<a href="${recordUrl(account)}" rel="noopener noreferrer">${where}</a>`}</td>
    <td>${move.owner ?? '–'}</td>
  </tr>`;
}
