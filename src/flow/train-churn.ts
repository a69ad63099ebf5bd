import { toLearningRows, type LearningRow } from '../core/churn/features.ts';
import { learnChurn } from '../core/churn/learn.ts';
import { dayOf } from '../core/model/calendar-date.ts';
import { calledTerms, toCallRecord, type CalledTerm } from '../core/renewals/call-record.ts';
import { monthOf } from '../core/usage/usage-ledger.ts';
import { HoldfastError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { TenantStore } from '../ports/store.ts';
import { putCallRecord } from './call-record.ts';
import { putChurnModel, putChurnTraining, readChurnTraining, type ChurnTraining } from './churn-model.ts';
import { decidedTerms } from './decided-terms.ts';
import type { Line } from './line.ts';

/** Learns once a month, on its first daily run and before anything is scored: a day's scores go by one model. */
export async function trainChurnMonthly(line: Line): Promise<void> {
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  const last = await readChurnTraining(line.store.settings);
  if (last === null || monthOf(last.on) < monthOf(today)) await trainChurn(line);
}

/**
 * Learns from every term that was decided by today, from what was known of it so many days before. What is learned is
 * used from the next scores on. With too few terms the rules decide again; a model that is too good to be true waits for
 * a person, and the one before stays in use meanwhile. Also tells whose calls on these terms came true.
 */
export async function trainChurn(line: Line): Promise<ChurnTraining> {
  const { settings } = line.store;
  const { churn, renewals } = line.configuration;
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  const rows: LearningRow[] = [];
  const called: CalledTerm[] = [];
  for await (const { decided, features } of decidedTerms(line, today)) {
    rows.push(...toLearningRows(features, decided, churn.learning));
    called.push(...calledTerms(features, decided, today, renewals));
  }
  await putCallRecord(settings, toCallRecord(called, renewals));
  const model = learnChurn(rows, today, churn);
  const waiting = model?.isSuspicious === true ? model : null;
  if (waiting === null) await putChurnModel(settings, model);
  const training: ChurnTraining = {
    on: today,
    terms: rows.length,
    churns: rows.filter(({ isLost }) => isLost).length,
    waiting,
  };
  await putChurnTraining(settings, training);
  line.log.info(
    { terms: training.terms, churns: training.churns, status: model?.status ?? null, waits: waiting !== null },
    'the churn model was trained',
  );
  return training;
}

/** A person has looked at a model that is too good to be true, and wants it used. Throws `input-invalid` when none waits. */
export async function acknowledgeChurnModel(store: TenantStore, clock: Clock, actor: string): Promise<void> {
  const training = await readChurnTraining(store.settings);
  if (training?.waiting == null) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: 'No churn model waits for an acknowledgement.',
      remedy: "See 'holdfast churn' for what is in use.",
    });
  }
  const { waiting } = training;
  await putChurnModel(store.settings, waiting);
  await putChurnTraining(store.settings, { ...training, waiting: null });
  const { trainedOn, terms, churns, quality } = waiting;
  const details = { trainedOn, terms, churns, auc: quality.auc };
  await store.audit.add({ at: clock.now(), actor, action: 'acknowledge-churn-model', details });
}
