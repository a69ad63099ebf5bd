import { describe, expect, it } from 'vitest';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { domainOfEmail, toDomain } from '../../../src/core/usage/domain.ts';
import { findMatch, keysOfAccount, keysOfWorkspace } from '../../../src/core/usage/match.ts';

const account = (id: string, domain: string | null, externalId: string | null = null) => ({
  id: toAccountId(id),
  domain,
  externalId,
});

function accountsByKey(...accounts: readonly ReturnType<typeof account>[]): ReadonlyMap<string, readonly string[]> {
  const all = accounts.flatMap((one) => keysOfAccount(one).map((key) => ({ key, id: one.id as string })));
  return new Map([...Map.groupBy(all, ({ key }) => key)].map(([key, found]) => [key, found.map(({ id }) => id)]));
}

const workspace = (said: Partial<Parameters<typeof keysOfWorkspace>[0]>) =>
  keysOfWorkspace({ groupId: null, crmId: null, domain: null, mailDomain: null, ...said });

describe('usage finds its account', () => {
  const acme = account('1042', 'https://www.Acme.com/about', 'ACME-17');
  const globex = account('2077', 'globex.com');
  const accounts = accountsByKey(acme, globex);

  it("by the CRM's id, the product's own id, or the domain", () => {
    expect(findMatch(workspace({ groupId: '1042' }), accounts)).toEqual({ accountId: '1042', by: 'id' });
    expect(findMatch(workspace({ groupId: 'ws-1', crmId: '2077' }), accounts)).toEqual({ accountId: '2077', by: 'id' });
    expect(findMatch(workspace({ groupId: 'acme-17' }), accounts)).toEqual({ accountId: '1042', by: 'external id' });
    expect(findMatch(workspace({ groupId: 'x', domain: 'acme.com' }), accounts)).toEqual({
      accountId: '1042',
      by: 'domain',
    });
  });

  it('by the domain above its own, and by a group id that is a domain', () => {
    expect(findMatch(workspace({ domain: 'eu.globex.com' }), accounts)).toMatchObject({ accountId: '2077' });
    expect(findMatch(workspace({ groupId: 'globex.com' }), accounts)).toMatchObject({ accountId: '2077' });
  });

  it('surest first: an id goes before a domain that says otherwise', () => {
    expect(findMatch(workspace({ groupId: '1042', domain: 'globex.com' }), accounts)).toMatchObject({ by: 'id' });
  });

  it('by nobody when two accounts fit alike, who are both named', () => {
    const twins = accountsByKey(account('1', 'acme.com'), account('2', 'acme.com'));
    expect(findMatch(workspace({ domain: 'acme.com' }), twins)).toEqual({ accountId: null, candidates: ['1', '2'] });
  });

  it("by its users' addresses only as long as no guest makes that doubtful", () => {
    const ours = workspace({ groupId: 'x', mailDomain: 'acme.com' });
    const guest = workspace({ groupId: 'x', mailDomain: 'globex.com' });
    expect(findMatch(ours, accounts)).toMatchObject({ accountId: '1042', by: 'domain' });
    expect(findMatch([...ours, ...guest], accounts)).toEqual({ accountId: null, candidates: ['1042', '2077'] });
  });

  it('or waits when nothing fits', () => {
    expect(findMatch(workspace({ groupId: 'nobody', domain: 'nobody.example' }), accounts)).toEqual({
      accountId: null,
      candidates: [],
    });
  });
});

describe('a domain', () => {
  it.each([
    ['acme.com', 'acme.com'],
    ['https://www.Acme.co.uk/team?x=1', 'acme.co.uk'],
    ['acme.com:8080', 'acme.com'],
    ['bücher.example.', 'bücher.example'],
    ['localhost', null],
    ['10.0.0.1', null],
    ['not a domain', null],
    ['', null],
  ])('%s is read as %s', (text, domain) => {
    expect(toDomain(text)).toBe(domain);
  });

  it('of an e-mail address is what stands behind the one @', () => {
    expect(domainOfEmail(' Ann@Acme.com ')).toBe('acme.com');
    expect(domainOfEmail('ann@acme@com')).toBeNull();
    expect(domainOfEmail('4711')).toBeNull();
  });
});
