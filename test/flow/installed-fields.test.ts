import { describe, expect, it } from 'vitest';
import { planInWords } from '../../src/cli/words.ts';
import { defineLine } from '../../src/flow/definitions.ts';
import { planUndo, undo } from '../../src/flow/undo.ts';
import { withLine } from '../../src/jobs/run.ts';
import { examine } from '../../src/queries/doctor.ts';
import type { PlanPreview } from '../../src/queries/plan-preview.ts';
import { connectOrg, orgSignal as signal } from '../support/customer-org.ts';

const HOUR_MS = 3_600_000;
const progress = (): void => undefined;

const SCORE = 'Holdfast_Health_Score__c';
const BAND = 'Holdfast_Health_Band__c';
const PULSE = 'Holdfast_CSM_Pulse__c';

function fieldsIn(plan: PlanPreview): ReadonlySet<string> {
  return new Set(plan.steps.flatMap(({ kind, after }) => (kind === 'set-fields' ? Object.keys(after) : [])));
}

describe('an org in which one field of the package is closed', () => {
  it('is told which one, what type it has and which permission set opens it, and gets all others', async () => {
    const customer = await connectOrg();
    customer.sandbox.org.hideField('Account', BAND);
    await customer.sync();
    const plan = await customer.plan();
    expect(plan.lacking).toMatchObject([{ object: 'Account', name: BAND }]);
    const words = planInWords(plan, 5);
    expect(words).toContain('1 field cannot be written; every other one is:');
    expect(words).toContain(`Account shows no field ${BAND} (Health band, Picklist) to Holdfast.`);
    expect(words).toContain('is installed, but this field is closed');
    expect(words).toContain('permission set Holdfast_Integration');
    expect(plan.steps.filter(({ kind }) => kind === 'provision-field')).toEqual([]);
    expect(fieldsIn(plan)).not.toContain(BAND);
    expect(fieldsIn(plan)).toContain(SCORE);

    await customer.approve();
    const { writes } = await customer.sync();
    expect(writes).toMatchObject({ refused: 0 });
    expect(customer.shown(SCORE).length).toBeGreaterThan(5);
    expect(customer.shown(BAND)).toEqual([]);
  });

  it('has it filled within the hour after the admin opened it, and is told of nothing more', async () => {
    const customer = await connectOrg();
    customer.sandbox.org.hideField('Account', BAND);
    await customer.sync();
    await customer.approve();
    await customer.sync();
    customer.sandbox.org.showField('Account', BAND);
    customer.wait(HOUR_MS + 1);
    await customer.sync();
    expect((await customer.plan()).lacking).toEqual([]);
    // Every account with a score has a band; those of which too little is known have one without a score.
    expect(customer.shown(BAND).length).toBeGreaterThanOrEqual(customer.shown(SCORE).length);
    expect(customer.shown(BAND).length).toBeGreaterThan(5);
  });
});

describe('an org without the package', () => {
  it('is told in the plan and by the doctor, before anything is approved, and the plan lists no value', async () => {
    const customer = await connectOrg({ holdfastPackage: 'absent' });
    await customer.sync();
    const plan = await customer.plan();
    expect(plan.lacking.map(({ name }) => name)).toContain(SCORE);
    expect(plan.lacking[0]?.remedy).toContain('install the Holdfast package if');
    expect(plan.steps.filter(({ kind }) => kind === 'set-fields' || kind === 'provision-field')).toEqual([]);
    const { app, installation } = customer;
    const { isWell, installations } = await examine(app.store, [installation], app.clock.now(), app.scopesOf);
    expect(isWell).toBe(false);
    expect(installations[0]?.lacking).toEqual(plan.lacking);
    expect(installations[0]?.problems).toEqual([]);
  });
});

describe.each([
  ['installed as a managed package', { holdfastNamespace: 'holdfast' }, 'holdfast__'],
  ['deployed from source', {}, ''],
] as const)('the package, %s', (_, options, namespace) => {
  it('has its fields found, filled, compared and emptied under the names that the org gives them', async () => {
    const customer = await connectOrg(options);
    await customer.sync();
    expect((await customer.plan()).lacking).toEqual([]);
    await customer.approve();
    const { writes } = await customer.sync();
    expect(writes.refused).toBe(0);
    expect(customer.shown(`${namespace}${SCORE}`).length).toBeGreaterThan(5);
    const keys = customer.sandbox.org.all('Task').flatMap(({ fields }) => fields[`${namespace}Holdfast_Key__c`] ?? []);
    expect(keys).toHaveLength(writes.tasksOpened);
    expect((await customer.sync()).writes).toMatchObject({ records: 0, tasksOpened: 0, tasksMoved: 0 });
  });
});

describe('taking Holdfast away from an org', () => {
  it('empties what Holdfast wrote, leaves what people entered, and says so of both', async () => {
    const customer = await connectOrg();
    await customer.sync();
    await customer.approve();
    await customer.sync();
    const [first] = customer.sandbox.org.all('Account');
    customer.sandbox.org.edit(first?.id ?? '', { [PULSE]: '4', Holdfast_Override_Band__c: 'green' });
    await customer.sync();

    const onLine = <T>(work: (line: Parameters<typeof planUndo>[0]) => Promise<T>): Promise<T> =>
      withLine(customer.app, customer.installation.id, { signal, progress }, async (opened) =>
        work(await defineLine(opened)),
      );
    const shown = await onLine(planUndo);
    expect(shown.fieldsStay).toBe(true);
    expect(shown.fields).toContain(`Account.${SCORE}`);
    expect(shown.fields).not.toContain(`Account.${PULSE}`);
    expect(shown.peoplesFields).toContain(`Account.${PULSE}`);

    const undone = await onLine((line) => undo(line, { alsoTouchedTasks: false }));
    expect(undone).toMatchObject({ fieldsStay: true, refused: [] });
    expect(customer.shown(SCORE)).toEqual([]);
    expect(customer.shown(PULSE)).toEqual(['4']);
    expect(customer.shown('Holdfast_Override_Band__c')).toEqual(['green']);
  });

  it('leaves an org to which everything can be written anew after one more approval', async () => {
    const customer = await connectOrg();
    await customer.sync();
    await customer.approve();
    await customer.sync();
    await withLine(customer.app, customer.installation.id, { signal, progress }, async (opened) =>
      undo(await defineLine(opened), { alsoTouchedTasks: false }),
    );
    expect((await customer.sync()).writes).toMatchObject({ records: 0, tasksOpened: 0 });
    await customer.approve();
    await customer.sync();
    expect(customer.shown(SCORE).length).toBeGreaterThan(5);
  });
});
