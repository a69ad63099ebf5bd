import { ok } from '../router.ts';
import type { Route } from '../router.ts';

const SEASONS = ['Spring', 'Summer', 'Winter'] as const;

/** The list of versions, which everybody may see, and what each offers. */
export function versionRoutes(versions: readonly string[]): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/services/data',
      purpose: () => 'versions',
      isOpen: true,
      handle: () =>
        ok(versions.map((version) => ({ label: labelOf(version), url: `/services/data/v${version}`, version }))),
    },
    {
      method: 'GET',
      path: '/services/data/:version',
      purpose: () => 'resources',
      isOpen: false,
      handle: ({ version }) => {
        const names = ['composite', 'jobs', 'limits', 'query', 'queryAll', 'sobjects'];
        return ok(Object.fromEntries(names.map((name) => [name, `/services/data/v${version}/${name}`])));
      },
    },
  ];
}

/** Three releases a year: v66 is Spring '26, v68 is Winter '27. */
function labelOf(version: string): string {
  const sinceSpring26 = Number(version) - 66;
  const season = SEASONS[((sinceSpring26 % 3) + 3) % 3] ?? 'Spring';
  const year = 26 + Math.floor(sinceSpring26 / 3) + (season === 'Winter' ? 1 : 0);
  return `${season} '${year}`;
}
