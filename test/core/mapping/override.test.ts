import { describe, expect, it } from 'vitest';
import { mapRecord } from '../../../src/core/mapping/inbound.ts';
import { parseOverride, withOverride } from '../../../src/core/mapping/override.ts';
import { hubspotMapping } from '../../mappings/hubspot-files.ts';
import { compiled, stored } from './builders.ts';

function accountOf(override: unknown, inputs: Readonly<Record<string, string>>) {
  const mapping = withOverride(hubspotMapping(), parseOverride(override));
  return mapRecord('account', compiled({}, mapping), stored(inputs)).record;
}

describe('an installation that reads otherwise', () => {
  it('names its own renewal date, and the usual names are no longer looked at', () => {
    const override = { account: { renewalOn: { from: ['wiedervorlage'] } } };
    expect(accountOf(override, { wiedervorlage: '2027-06-30', renewal_date: '2027-01-31' }).renewalOn).toBe(
      '2027-06-30',
    );
    expect(accountOf(override, { renewal_date: '2027-01-31' }).renewalOn).toBeNull();
  });

  it('changes one directive and keeps the others', () => {
    const override = { account: { segment: { values: { enterprise: ['Gold'], smb: ['Bronze'] } } } };
    expect(accountOf(override, { customer_segment: 'gold' }).segment).toBe('enterprise');
  });

  it('stops reading a field', () => {
    expect(accountOf({ account: { domain: null } }, { domain: 'acme.example' }).domain).toBeNull();
  });

  it('cannot stop reading what a record needs', () => {
    expect(() => parseOverride({ deal: { stage: null } })).toThrow('override, deal.stage');
  });

  it.each([
    [{ acount: {} }, "unknown key 'acount' ({}). Did you mean 'account'?"],
    [{ account: { renewalon: { from: ['x'] } } }, "Did you mean 'renewalOn'?"],
    [{ account: { renewalOn: { from: 'x' } } }, 'override, account.renewalOn.from: "x"'],
    ['nonsense', 'override: "nonsense"'],
    [null, 'override: null'],
  ])('%j is refused with the reason', (input, message) => {
    expect(() => parseOverride(input)).toThrow(message);
  });

  it('cannot make Holdfast read what it writes', () => {
    const override = parseOverride({ account: { renewalOn: { from: ['holdfast_decision_date'] } } });
    expect(() => withOverride(hubspotMapping(), override)).toThrow('is written by Holdfast itself');
  });

  it('has to say where a field is that the mapping does not know', () => {
    const override = parseOverride({ account: { csmPulseAt: { ignore: ['x'] } } });
    expect(() => withOverride(hubspotMapping(), override)).toThrow("override, account.csmPulseAt: 'from' is missing");
  });

  it('cannot change records that this CRM does not have', () => {
    const override = parseOverride({ contract: { name: { from: ['Name'] } } });
    expect(() => withOverride(hubspotMapping(), override)).toThrow("has no 'contract'");
  });

  it('leaves the mapping of everybody else as it was', () => {
    const mapping = hubspotMapping();
    withOverride(mapping, parseOverride({ account: { renewalOn: { from: ['x'] } } }));
    expect(mapping).toEqual(hubspotMapping());
  });
});
