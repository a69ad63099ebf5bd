import { parseQuery } from '@jetstreamapp/soql-parser-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allOf, anyOf, compare, isIn, select } from '../../../connectors/salesforce/soql.ts';

/** What Salesforce reads between the quotes of a literal. */
function unquoted(literal: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', "'": "'", '\\': '\\' };
  return literal.slice(1, -1).replaceAll(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
}

/** The literal of a statement with one condition, found as a reader of SOQL finds it: by its quotes and backslashes. */
function literalIn(soql: string): string {
  return /'(?:\\.|[^'\\])*'$/s.exec(soql)?.[0] ?? '';
}

describe('a value in SOQL', () => {
  it('is read back as it was, whatever it holds, and nothing of it gets out of its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const soql = select({ from: 'Account', fields: ['Id'], where: compare('Name', '=', value) });
        const literal = literalIn(soql);
        expect(soql).toBe(`SELECT Id FROM Account WHERE Name = ${literal}`);
        expect(unquoted(literal)).toBe(value.replaceAll('\0', ''));
      }),
    );
  });

  it('that tries to be more than a value stays one', () => {
    const soql = select({ from: 'Account', fields: ['Id'], where: compare('Name', '=', "x' OR Name != '") });
    expect(soql).toBe(String.raw`SELECT Id FROM Account WHERE Name = 'x\' OR Name != \''`);
    expect(parseQuery(soql).where).toEqual({
      left: { field: 'Name', operator: '=', literalType: 'STRING', value: String.raw`'x\' OR Name != \''` },
    });
  });

  it.each([
    ['no value', null, 'null'],
    ['yes', true, 'true'],
    ['a number', 12.5, '12.5'],
    ['an instant', { instant: '2026-03-01T10:00:00.000Z' }, '2026-03-01T10:00:00.000Z'],
  ] as const)('is %s without quotes', (_, value, literal) => {
    expect(compare('Field__c', '=', value).text).toBe(`Field__c = ${literal}`);
  });
});

describe('a statement', () => {
  it('names each field once, and puts conditions together as they were meant', () => {
    const either = anyOf([compare('Amount', '>', 5), compare('Id', '>', '001')]);
    const soql = select({
      from: 'Opportunity',
      fields: ['Id', 'Name', 'Id'],
      children: [{ from: 'OpportunityContactRoles', fields: ['ContactId'] }],
      where: allOf([isIn('Id', ['a', 'b']), ...(either === undefined ? [] : [either])]),
      orderBy: ['SystemModstamp', 'Id'],
      limit: 10,
    });
    expect(soql).toBe(
      "SELECT Id, Name, (SELECT ContactId FROM OpportunityContactRoles) FROM Opportunity WHERE (Id IN ('a','b') AND (Amount > 5 OR Id > '001')) ORDER BY SystemModstamp, Id LIMIT 10",
    );
    expect(() => parseQuery(soql)).not.toThrow();
  });

  it.each(['Name FROM User', "Name'", 'Name, (SELECT Id', '1Name', 'Account..Name', ''])(
    'takes no name that is none: %j',
    (name) => {
      expect(() => select({ from: 'Account', fields: [name] })).toThrow(RangeError);
      expect(() => compare(name, '=', 1)).toThrow(RangeError);
    },
  );

  it('takes no list that SOQL cannot hold', () => {
    expect(() => isIn('Id', [])).toThrow(RangeError);
    expect(() =>
      isIn(
        'Id',
        Array.from({ length: 2_001 }, (_, at) => String(at)),
      ),
    ).toThrow(RangeError);
  });
});
