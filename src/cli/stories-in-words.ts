/** An account as it stands in the CRM's own fields and tasks. Null where a field is empty or was not brought. */
export interface ToldAccount {
  readonly name: string;
  readonly score: string | null;
  readonly band: string | null;
  readonly trend: string | null;
  /** Points won or lost in 28 days. */
  readonly change: string | null;
  readonly reason: string | null;
  readonly decisionOn: string | null;
  readonly expansionScore: string | null;
  readonly expansionBand: string | null;
  readonly expansionReason: string | null;
  /** Subjects of open tasks of ours. */
  readonly openTasks: readonly string[];
}

/** The accounts whose stories say most: who left, who uses less, who owes, who needs more, who decides tomorrow. */
const FIVE_STORIES = [
  'Harbour & Finch Logistics',
  'Tidewater Analytics',
  'Pemberton Catering',
  'Brightpath Learning',
  'Maple & Main Stationers',
] as const;

/** Those of the five accounts that are there, with score, why, what changed, room to grow and tasks. Empty when none is. */
export function fiveStoriesInWords(accounts: readonly ToldAccount[]): string {
  const byName = new Map(accounts.map((account) => [account.name, account]));
  return FIVE_STORIES.flatMap((name) => {
    const account = byName.get(name);
    return account === undefined ? [] : [linesOf(account).join('\n')];
  }).join('\n\n');
}

function linesOf(account: ToldAccount): readonly string[] {
  const { name, score, band, trend, change, reason, decisionOn, expansionScore, expansionBand, expansionReason } =
    account;
  const moved = `${trend?.replaceAll('_', ' ') ?? 'trend not known yet'}, ${Number(change) < 0 ? '' : '+'}${change ?? ''} in 28 days`;
  const isGrowing = expansionScore !== null && Number(expansionScore) > 0;
  return [
    `${name}: ${band ?? 'no band'} ${score ?? '–'}`,
    line('why', reason),
    line('changed', change === null ? 'nothing to compare with yet: scored for the first time' : moved),
    line('decides', decisionOn),
    line('growth', isGrowing ? [expansionBand, expansionScore, expansionReason].filter(Boolean).join(', ') : null),
    ...(account.openTasks.length === 0 ? [line('tasks', 'none')] : account.openTasks.map((task) => line('task', task))),
  ].filter((one) => one !== null);
}

function line(label: string, text: string | null): string | null {
  return text === null ? null : `  ${label.padEnd(8)} ${text.replaceAll('\n', ' ')}`;
}
