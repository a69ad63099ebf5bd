import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const folder = new URL('../../manifest/', import.meta.url);

const title = z.string().min(1).max(50);
const line = z.string().min(1).max(120);
// HubSpot takes addresses of at most 250 characters, by https, each used once.
const links = z
  .strictObject({
    setup: z.url().max(250),
    support: z.url().max(250),
    terms: z.url().max(250),
    privacy: z.url().max(250),
    website: z.url().max(250),
  })
  .refine((all) => new Set(Object.values(all)).size === Object.keys(all).length, 'every link leads elsewhere')
  .refine((all) => Object.values(all).every((link) => link.startsWith('https://')), 'every link is https');

// Where a marketplace publishes no length, the limit is ours: what its pages show without cutting.
const listing = z.strictObject({
  hubspot: z.strictObject({
    name: title.refine((name) => !/hub/i.test(name), "HubSpot's name is not part of an app's"),
    tagline: line,
    // HubSpot asks for 160 characters at least.
    overview: z.string().min(160).max(1_500),
    features: z
      .array(z.strictObject({ title, text: line }))
      .min(1)
      .max(10),
    worksWith: z.array(z.string()).min(1).max(10),
    categories: z.array(z.string()).min(1).max(2),
    links,
  }),
  salesforce: z.strictObject({
    name: title,
    tagline: z.string().max(80),
    overview: z.string().max(255),
    highlights: z.array(z.string().max(80)).length(3),
    description: z.string().min(160).max(4_000),
    editions: z.array(z.string()).min(1),
    links,
  }),
});

describe('the listing', () => {
  it('has texts that both marketplaces take', async () => {
    const parsed = listing.safeParse(JSON.parse(await readFile(new URL('listing/listing.json', folder), 'utf8')));
    expect(parsed.error?.issues).toBeUndefined();
  });

  it('says of every requirement of OWASP ASVS 5.0, level 1, how it stands', async () => {
    const text = await readFile(new URL('listing/asvs.md', folder), 'utf8');
    const rows = text.split('\n').flatMap((row) => {
      const [, id, , state, how, evidence] = row.split('|').map((cell) => cell.trim());
      return id !== undefined && /^\d+\.\d+\.\d+$/.test(id) ? [{ id, state, how, evidence }] : [];
    });
    expect(rows.map(({ id }) => id)).toEqual(levelOne);
    for (const { id, state, how, evidence } of rows) {
      expect.soft(state, id).toMatch(/^(met|operator|not applicable|open)$/);
      expect.soft(how, id).not.toBe('');
      if (state === 'met') expect.soft(evidence, id).toMatch(/\]\(\.\.\/\.\.\/.+\)/);
    }
  });

  it('leads nowhere that does not exist', async () => {
    const files = (await readdir(folder, { recursive: true })).filter(
      (path) => path.endsWith('.md') && !path.includes('node_modules'),
    );
    expect(files.length).toBeGreaterThan(5);
    for (const path of files) {
      const page = new URL(path, folder);
      for (const [, target = ''] of (await readFile(page, 'utf8')).matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
        if (!target.startsWith('https://'))
          expect.soft(existsSync(new URL(target, page)), `${path}: ${target}`).toBe(true);
      }
    }
  });
});

/** The requirements of level 1, in order, from the standard's own list (version 5.0.0). */
const levelOne = `
1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3 4.1.1
4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2 7.2.1 7.2.2 7.2.3
7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2 10.4.3 10.4.4 10.4.5 11.3.1 11.3.2 11.4.1 12.1.1
12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1`
  .trim()
  .split(/\s+/);
