import { OF_ITS_OWN } from '../core/book/shown.ts';
import type { Churn } from '../core/model/assessment.ts';
import { outlookInWords } from '../core/expansion/in-words.ts';
import { chanceText } from '../core/measures/wording.ts';
import { formatMoney } from '../core/model/money.ts';
import { verdictInWords, type Verdict } from '../core/validation/in-words.ts';
import type { AccountDetail } from '../queries/accounts.ts';
import type { AccountLine } from '../queries/book.ts';
import { moveInWords } from '../queries/champion-move-words.ts';
import type { ChampionMove } from '../queries/champion-moves.ts';
import type { Recomputed } from '../queries/recompute.ts';
import { stateInWords } from './plays-in-words.ts';
import { clip, table } from './terminal.ts';
import { count } from './words.ts';

/** A list of accounts: one line each. */
export function accountsInWords(accounts: readonly AccountLine[], validation: Verdict): string {
  if (accounts.length === 0) return "No account is scored yet. Run 'holdfast sync' first.";
  const lines = table(
    ['account', 'name', 'band', 'score', 'churn', 'decision', 'why'],
    accounts.map((one) => [
      one.account,
      clip(one.name ?? '(no name)', 34),
      one.band,
      one.score === null ? '–' : one.score.toFixed(1),
      percent(one.churnProbability90d),
      one.decisionOn ?? '–',
      one.reason,
    ]),
  );
  return `${lines}\n\n${verdictInWords(validation)}`;
}

/** Whether a score comes out again, and where it does not. `isRolledUp`: what is shown is with the accounts below it. */
export function recomputedInWords(name: string | null, again: Recomputed, isRolledUp: boolean): string {
  const what = again.compared === 'everything' ? 'every figure and word' : 'every figure';
  const shown = (value: unknown): string => (value === undefined ? 'nothing' : clip(JSON.stringify(value), 40));
  return [
    `${name ?? '(no name)'} (${again.account}), as it was scored at ${again.asOf} by ${again.modelVersion}${isRolledUp ? ', by itself' : ''}: ${again.score ?? '–'}, ${again.band}`,
    again.isSame
      ? `Computed once more from the same records, ${what} is the same.`
      : `Computed once more from the same records, this differs:`,
    ...(again.isSame
      ? []
      : [
          table(
            ['what', 'stored', 'now'],
            again.differences.map(({ path, stored, recomputed }) => [path, shown(stored), shown(recomputed)]),
          ),
        ]),
  ].join('\n');
}

/** One account with everything that explains it. */
export function accountInWords(detail: AccountDetail, moves: readonly ChampionMove[]): string {
  const { shown } = detail;
  const { health, churn, renewal, expansion } = detail.assessment;
  const term = renewal.next;
  const outlook = outlookInWords(expansion);
  const lines = [
    `${detail.name ?? '(no name)'} (${detail.account})`,
    detail.url,
    '',
    `Health ${shown.score === null ? '–' : shown.score.toFixed(1)}, ${shown.band}${shown.bandSinceOn === null ? '' : ` since ${shown.bandSinceOn}`}, ${shown.trend?.replace('_', ' ') ?? 'trend not known yet'}; confidence ${health.confidence}, coverage ${percent(health.coverage)}, profile ${health.profile}`,
    `  ${verdictInWords(detail.validation)}`,
    `  ${shown.reason}`,
    ...(shown.own === null ? [] : [`  ${OF_ITS_OWN}`]),
    ...(health.overrideProblem === undefined ? [] : [`  ${health.overrideProblem}`]),
    ...health.caps.map((cap) => `  Limited to ${cap.limit}: ${cap.because}`),
    '',
    table(
      ['measure', 'state', 'value', 'healthy', 'concerning', 'score', 'weight', 'points', 'as of', 'because'],
      health.drivers.map((driver) => [
        `${driver.measure} ${driver.title}`,
        driver.state,
        figure(driver.value),
        figure(detail.thresholds[driver.measure]?.edges?.healthy),
        figure(detail.thresholds[driver.measure]?.edges?.concerning),
        driver.score === null ? '–' : driver.score.toFixed(0),
        percent(driver.weight),
        driver.contribution.toFixed(1),
        driver.at?.slice(0, 10) ?? '–',
        driver.because,
      ]),
    ),
    '',
    ...churnInWords(churn, detail),
    ...churn.because.map((because) => `  ${because}`),
    term === null
      ? 'Renewal: no open term is known.'
      : `Renewal: ends ${term.endOn}, decision by ${term.decisionOn} (${term.type.replace('_', ' ')}; from ${term.source})${term.targetArr === null ? '' : `, ${formatMoney(term.targetArr)}`}`,
    ...renewal.gaps.map((gap) => `  Data gap: ${gap}`),
    `Expansion: ${expansion.band}, ${expansion.score.toFixed(0)} points${outlook === null ? '' : `; ${outlook}`}${expansion.blocker === null ? '' : `; blocked: ${expansion.blocker}`}`,
    ...expansion.signals.map((signal) => `  +${signal.points} ${signal.because}`),
    ...moves.map((move) => moveInWords(move, detail.account)),
  ];
  if (detail.firings.length > 0) {
    lines.push(
      '',
      table(
        ['fired', 'play', 'state', 'why'],
        detail.firings.map((one) => [
          one.openedOn ?? '–',
          one.play,
          stateInWords(one),
          one.closedBecause ?? one.because,
        ]),
      ),
    );
  }
  if (detail.tasks.length > 0) {
    lines.push(
      '',
      table(
        ['due', 'state', 'task'],
        detail.tasks.map((task) => [task.dueOn, task.state, task.subject]),
      ),
    );
  }
  return lines.join('\n');
}

const figure = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : String(Number(value.toFixed(2)));

function churnInWords(churn: Churn, { spans: { churnDays }, intervalShare }: AccountDetail): readonly string[] {
  const { probability90d, interval90d, atDecision, horizons = [], monthsToLoss = null } = churn;
  const between =
    interval90d === null
      ? ''
      : `, ${percent(interval90d.low)} to ${percent(interval90d.high)} in ${percent(intervalShare)} of cases`;
  const ahead = horizons.map(({ days, probability }) => `${percent(probability)} in ${count(days, 'day')}`);
  return [
    `Churn within ${count(churnDays, 'day')}: ${percent(probability90d)}${between} (${churn.risk} risk, ${churn.status.replace('_', ' ')})${churn.arrAtRisk === null ? '' : `; ${formatMoney(churn.arrAtRisk)} at risk`}`,
    ...(atDecision === null
      ? []
      : [
          `  ${percent(atDecision)} at the next decision; ${ahead.join(', ')}${monthsToLoss === null ? '' : `; if it comes, in ${monthsToLoss} months`}`,
        ]),
  ];
}

/** As `chanceText`; a dash where there is none. */
export function percent(share: number | null): string {
  return share === null ? '–' : chanceText(share);
}
