import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Secret } from '../../connectors/contract/auth.ts';
import { toInstallationId } from '../../src/core/model/ids.ts';
import { makeKey, parseKeychain, seal, unseal } from '../../src/store/sealed.ts';

const place = { installation: toInstallationId('hubspot-1'), name: 'refresh-token' };

describe('sealed secrets', () => {
  it('open again, whatever they hold', () => {
    const keychain = parseKeychain(makeKey());
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unseal(keychain, place, seal(keychain, place, new Secret(text))).reveal()).toBe(text);
      }),
    );
  });

  it('never look the same twice', () => {
    const keychain = parseKeychain(makeKey());
    expect(seal(keychain, place, new Secret('x'))).not.toBe(seal(keychain, place, new Secret('x')));
  });

  it('do not open in another installation or under another name', () => {
    const keychain = parseKeychain(makeKey());
    const sealed = seal(keychain, place, new Secret('x'));
    for (const elsewhere of [
      { ...place, installation: toInstallationId('hubspot-2') },
      { ...place, name: 'access-token' },
    ]) {
      expect(() => unseal(keychain, elsewhere, sealed)).toThrow(/changed or moved/);
    }
  });

  it('do not open once a single character was changed', () => {
    const keychain = parseKeychain(makeKey());
    const sealed = seal(keychain, place, new Secret('a token of some length'));
    for (const part of [2, 3]) {
      const parts = sealed.split('.');
      const text = parts[part] ?? '';
      parts[part] = `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
      expect(() => unseal(keychain, place, parts.join('.'))).toThrow(/changed or moved/);
    }
  });

  it('tell which key is missing, and what to do', () => {
    const sealed = seal(parseKeychain(makeKey()), place, new Secret('x'));
    const [, keyId = ''] = sealed.split('.');
    expect(() => unseal(parseKeychain(makeKey()), place, sealed)).toThrow(
      expect.objectContaining({
        code: 'secret-unreadable',
        message: expect.stringContaining(keyId),
        remedy: expect.stringContaining('HOLDFAST_SECRET_KEY'),
      }),
    );
  });
});

describe('the keychain', () => {
  it('takes keys in base64, base64url and hex; the first seals, all open', () => {
    const [first, second, third] = [makeKey(), makeKey(), makeKey()];
    const url = Buffer.from(second, 'base64').toString('base64url');
    const hex = Buffer.from(third, 'base64').toString('hex');
    const all = parseKeychain(` ${first}, ${url},${hex} `);
    for (const key of [first, second, third]) {
      expect(unseal(all, place, seal(parseKeychain(key), place, new Secret('x'))).reveal()).toBe('x');
    }
    expect(unseal(parseKeychain(first), place, seal(all, place, new Secret('y'))).reveal()).toBe('y');
  });

  it.each([
    ['an empty text', ''],
    ['a short key', Buffer.alloc(16).toString('base64')],
    ['a password', 'correct horse battery staple correct horse battery'],
    ['a forgotten second key', `${makeKey()},`],
  ])('refuses %s without repeating it', (_, text) => {
    const refusal = (): unknown => {
      try {
        return parseKeychain(text);
      } catch (error) {
        return error;
      }
    };
    expect(refusal()).toMatchObject({ code: 'config-invalid', remedy: expect.stringContaining('openssl rand') });
    if (text !== '') expect(String(refusal())).not.toContain(text);
  });
});
