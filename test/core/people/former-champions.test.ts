import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/core/assess.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import type { Assessment } from '../../../src/core/model/assessment.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import type { Contact } from '../../../src/core/model/records.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { championChanges, newEmployerOf } from '../../../src/core/people/former-champions.ts';
import { account, ago, contact, dayAgo, healthyCustomer, TODAY } from '../scoring/account-builder.ts';

const ACME = account().id;
const GLOBEX = toAccountId('200');
const kim = (more: Partial<Contact> = {}): Contact => contact('Kim', { roles: ['champion'], ...more });
const gone = (more: Partial<Contact> = {}): Contact => kim({ status: 'departed', ...more });

/** What one look after another makes of these contacts; the changes are those of the last. */
function changesOver(...looks: readonly AccountSnapshot['contacts'][]) {
  let before: Assessment | null = null;
  let changes = null;
  for (const contacts of looks) {
    const of = { ...healthyCustomer({ contacts }), history: before?.history ?? null };
    const after = assess(of, defaultConfiguration);
    changes = championChanges(of, before, after);
    before = after;
  }
  return changes;
}

const NOTHING = { departed: [], missing: [], arrived: [] };

describe('a champion who leaves', () => {
  it('is told on the day on which their record is not among the account’s any more, and not again', () => {
    const missing = [{ accountId: ACME, contactId: 'Kim', untilOn: TODAY }];
    expect(changesOver([kim()], [])).toEqual({ ...NOTHING, missing });
    expect(changesOver([kim()], [], [])).toEqual(NOTHING);
  });

  it('is told when they are marked as having left, by the day that the CRM tells, and not again', () => {
    const on = (untilOn: string) => ({ ...NOTHING, departed: [{ accountId: ACME, contactId: 'Kim', untilOn }] });
    expect(changesOver([kim()], [gone()])).toEqual(on(TODAY));
    expect(changesOver([kim()], [gone({ departedAt: ago(20) })])).toEqual(on(dayAgo(20)));
    expect(changesOver([kim()], [gone({ departedAt: ago(-20) })])).toEqual(on(TODAY));
    expect(changesOver([kim()], [gone()], [gone()])).toEqual(NOTHING);
    expect(changesOver([kim()], [gone({ roles: [] })])).toEqual(on(TODAY));
  });

  it('had left before anybody looked, and is told at the first look', () => {
    const departed = [{ accountId: ACME, contactId: 'Kim', untilOn: dayAgo(40) }];
    expect(changesOver([gone({ departedAt: ago(40) })])).toEqual({ ...NOTHING, departed });
  });

  it('and comes back has arrived, like a new one; those of the first look are simply there', () => {
    const arrived = [{ accountId: ACME, contactId: 'Kim' }];
    expect(changesOver([kim()])).toEqual(NOTHING);
    expect(changesOver([gone()], [kim()])).toEqual({ ...NOTHING, arrived });
    expect(changesOver([], [kim()])).toEqual({ ...NOTHING, arrived });
  });

  it('is not one who loses the role and stays, nor somebody else who leaves, nor anybody while contacts are not read', () => {
    expect(changesOver([kim()], [kim({ roles: [] })])).toEqual(NOTHING);
    expect(changesOver([contact('Lee')], [contact('Lee', { status: 'departed' })])).toEqual(NOTHING);
    expect(changesOver([kim(), contact('Lee')], [kim()])).toEqual(NOTHING);
    expect(changesOver([kim()], null)).toEqual(NOTHING);
    const missing = [{ accountId: ACME, contactId: 'Kim', untilOn: TODAY }];
    expect(changesOver([kim()], null, [])).toEqual({ ...NOTHING, missing });
  });
});

describe('where a former champion works', () => {
  const now = (more: Partial<Contact>) => newEmployerOf(kim(more), { accountId: ACME });

  it('is the account that their record belongs to, whatever else it says', () => {
    expect(now({ accountId: GLOBEX })).toEqual({ accountId: GLOBEX });
    expect(now({ accountId: GLOBEX, status: 'departed', newCompany: 'Initech' })).toEqual({ accountId: GLOBEX });
  });

  it('is else the company that the CRM names, once they have left', () => {
    expect(now({ status: 'departed', newCompany: 'Initech' })).toEqual({ name: 'Initech' });
    expect(now({ accountId: null, newCompany: 'Initech' })).toEqual({ name: 'Initech' });
    expect(now({ newCompany: 'Initech' })).toBeNull();
  });

  it('is not known of whoever belongs to no account, or is back', () => {
    expect(now({ accountId: null })).toBeNull();
    expect(now({ status: 'departed' })).toBeNull();
    expect(now({})).toBeNull();
  });
});
