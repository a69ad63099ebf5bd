import { describe, expect, it } from 'vitest';
import { toAccountId, toHoldfastKey } from '../../../src/core/model/ids.ts';
import { describePlan, digestOf, toPlan } from '../../../src/core/plan/plan.ts';
import type { OpenTask, SetFields, Step } from '../../../src/core/plan/step.ts';
import { PlanningOffice } from './planning-office.ts';
import { on, snapshot } from '../renewals/builders.ts';

function setFields(id: string, after: SetFields['after'], because = 'Health score 61 → 64'): SetFields {
  return {
    kind: 'set-fields',
    key: `companies/${id}`,
    object: 'companies',
    id,
    accountId: toAccountId(id),
    before: {},
    after,
    because,
  };
}
const closing: Step = {
  kind: 'close-task',
  key: toHoldfastKey('K'),
  object: 'tasks',
  id: '7',
  accountId: toAccountId('1'),
  before: { status: 'open' },
  after: { status: 'done' },
  because: 'The term to 31 March 2027 is renewed.',
};
const field: Step = {
  kind: 'provision-field',
  key: 'companies.holdfast_health_band',
  object: 'companies',
  id: null,
  accountId: null,
  before: {},
  after: { label: 'Health band' },
  because: 'Health band (list)',
};
const opens = new PlanningOffice()
  .plan([snapshot('2026-11-20', { renewalOn: on('2027-03-31') })])
  .steps.filter((step): step is OpenTask => step.kind === 'open-task');
const steps: readonly Step[] = [
  setFields('2', { score: '64' }),
  { ...setFields('9', { step: 'R4' }), object: 'deals', key: 'deals/9' },
  ...opens,
  setFields('3', { band: 'red', score: '40' }, 'Health band yellow → red'),
  closing,
  setFields('1', { score: '70' }),
  field,
];
const urgentFields = [new Set(['deals.step']), new Set(['companies.band'])];
const plan = toPlan({ steps, heldBack: [], urgentFields });

describe('a plan', () => {
  it('does first what matters most: fields, tasks, renewals, bands, scores', () => {
    expect(plan.steps.map(({ kind, id }) => `${kind} ${id ?? ''}`.trim())).toEqual([
      'provision-field',
      'close-task 7',
      'open-task',
      'open-task',
      'set-fields 9',
      'set-fields 3',
      'set-fields 1',
      'set-fields 2',
    ]);
  });

  it('counts what it does', () => {
    expect(plan.tally).toEqual({
      fieldsToProvision: 1,
      recordsToUpdate: 4,
      valuesToWrite: 5,
      tasksToOpen: 2,
      tasksToMove: 0,
      tasksToClose: 1,
      dealsToOpen: 0,
    });
  });

  it('has a digest that holds for these changes and no others', () => {
    const digest = digestOf(plan.steps, new Set());
    expect(digestOf(steps.toReversed(), new Set())).toBe(digest);
    expect(digestOf([...steps, setFields('4', { score: '1' })], new Set())).not.toBe(digest);
    const [a, b] = [setFields('1', { score: '1', at: 'x' }), setFields('1', { score: '1', at: 'y' })];
    expect(digestOf([a], new Set(['at']))).toBe(digestOf([b], new Set(['at'])));
    expect(digestOf([a], new Set())).not.toBe(digestOf([b], new Set()));
  });

  it('reads like a list for people', () => {
    expect(describePlan(plan, { examples: 1 })).toEqual([
      '1 field to make',
      '  companies.holdfast_health_band: Health band (list)',
      '1 task to close',
      '  tasks 7: The term to 31 March 2027 is renewed.',
      '2 tasks to open',
      '  Acme: Check the renewal for risk – ends 31 March 2027 (R0): due on 1 December 2026',
      '  and 1 more',
      '4 records to update',
      '  deals 9: Health score 61 → 64',
      '  and 3 more',
    ]);
    const named = describePlan(plan, { examples: 2, nameOf: () => 'Acme' });
    expect(named).toContain('  Acme (companies 3): Health band yellow → red');
  });

  it('says so when there is nothing to do', () => {
    expect(describePlan(toPlan({ steps: [], heldBack: [], urgentFields }), { examples: 3 })).toEqual([
      'Nothing to write: the CRM shows what it should.',
    ]);
  });
});
