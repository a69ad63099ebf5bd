import { learnExpansion, type ExpansionCount, type ExpansionModel } from '../core/expansion/learn.ts';
import { addDays, addMonths, calendarDate, dayOf } from '../core/model/calendar-date.ts';
import { monthOf } from '../core/usage/usage-ledger.ts';
import { putExpansionModel, readExpansionModel } from './expansion-model.ts';
import { mustGoOn, type Line } from './line.ts';

/** Learns once a month, on its first daily run and before anything is scored: a day's scores go by one model. */
export async function trainExpansionMonthly(line: Line): Promise<void> {
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  const last = await readExpansionModel(line.store.settings);
  if (last === null || monthOf(last.trainedOn) < monthOf(today)) await trainExpansion(line);
}

/**
 * Learns from the scores at the end of each month and from what was won in the days after, where these are over. What is
 * learned is used from the next scores on.
 */
export async function trainExpansion(line: Line): Promise<ExpansionModel> {
  const { expansions, history, settings } = line.store;
  const { probability } = line.configuration.expansion;
  const { withinDays, months } = probability.learning;
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  const thisMonth = calendarDate(`${monthOf(today)}-01`);
  const ends = await history.lastDays(addMonths(thisMonth, -months), today);
  const days = ends.filter((day) => addDays(day, withinDays) < today);
  const counts: ExpansionCount[] = [];
  for (const day of days) {
    mustGoOn(line);
    counts.push(...(await expansions.followed(day, withinDays)));
  }
  const model = learnExpansion(counts, await expansions.countFollowing(days, withinDays), today, probability);
  await putExpansionModel(settings, model);
  line.log.info(
    { accounts: model.accounts, expansions: model.expansions, curve: model.curve },
    'the chances of expansion were trained',
  );
  return model;
}
