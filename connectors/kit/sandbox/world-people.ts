import type { Chance } from './world-chance.ts';
import { DAY_MS, addDays, momentOn } from './world-days.ts';
import { personName, slug, titleOf } from './world-names.ts';
import { type Setting, lifeOf, messRates, ownerKey } from './world-setting.ts';
import {
  KEYS_PER_ACCOUNT,
  MERGED_KEYS_FROM,
  type WorldActivity,
  type WorldContact,
  type WorldRole,
  type WorldTask,
  type WorldTicket,
} from './world-model.ts';

/** What an account's people, tickets and talks depend on. */
export interface Company {
  readonly key: number;
  /** For e-mail addresses. */
  readonly domain: string;
  readonly size: 'enterprise' | 'mid' | 'smb';
  /** 0 (about to leave) to 1 (delighted). No CRM shows it; it shapes what the records say. */
  readonly mood: number;
  /** Epoch milliseconds since which they are in the CRM. */
  readonly knownSinceAt: number;
  /** Whether e-mail addresses need a number, because another account has the same domain. */
  readonly sharesDomain: boolean;
}

const ROLES: readonly WorldRole[] = ['champion', 'exec_sponsor', 'economic_buyer', 'admin', 'billing'];

export function makeContacts(
  setting: Setting,
  chance: Chance,
  company: Company,
  count: number,
): readonly WorldContact[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const key = company.key * KEYS_PER_ACCOUNT + index + 1;
    const [firstName, lastName] = personName(chance);
    const role = ROLES[index] ?? 'user';
    const hasLeft = chance.is(0.04) ? true : chance.is(0.6) ? null : false;
    const isElsewhereToo = company.key > 1 && chance.is(messRates.contactAtTwoAccounts);
    return {
      key,
      firstName,
      lastName,
      email: emailOf(chance, company, taken, key, firstName, lastName),
      title: chance.is(0.1) ? null : titleOf(role, chance),
      role: chance.is(messRates.roleBlank) ? null : role,
      hasLeft,
      bounces: chance.is(hasLeft === true ? 0.6 : 0.01),
      alsoAtKeys: isElsewhereToo ? [chance.int(1, company.key - 1)] : [],
      mergedKeys: chance.is(messRates.merged) ? [MERGED_KEYS_FROM + key] : [],
      ...lifeOf(setting, chance, company.knownSinceAt + chance.int(0, 300) * DAY_MS),
    };
  });
}

function emailOf(
  chance: Chance,
  company: Company,
  taken: Set<string>,
  key: number,
  firstName: string,
  lastName: string,
): string | null {
  if (chance.is(messRates.emailBlank)) return null;
  const plain = [slug(firstName), slug(lastName)].filter((part) => part !== '').join('.');
  const front = plain === '' || company.sharesDomain || taken.has(plain) ? `${plain}${key}` : plain;
  taken.add(plain);
  const email = `${front}@${company.domain}`;
  return chance.is(messRates.emailInCapitals) ? email.toUpperCase() : email;
}

const SUBJECTS: readonly (readonly [subject: string, category: 'product' | 'billing' | 'feature' | 'general'])[] = [
  ['Export stops half way', 'product'],
  ['Users cannot sign in', 'product'],
  ['Report shows wrong totals', 'product'],
  ['Integration stopped syncing', 'product'],
  ['Page loads slowly since Monday', 'product'],
  ['Invoice shows the wrong address', 'billing'],
  ['Question about our last invoice', 'billing'],
  ['Can we have dark mode?', 'feature'],
  ['Please add a field to the API', 'feature'],
  ['How do I add a colleague?', 'general'],
  ['Training for new starters', 'general'],
  ['Fwd: RE: 回复: URGENT!!! 😡', 'general'],
];

const MOST_TICKETS = { enterprise: 9, mid: 4, smb: 2 } as const;

export function makeTickets(
  setting: Setting,
  chance: Chance,
  company: Company,
  contacts: readonly WorldContact[],
): readonly WorldTicket[] {
  const count = Math.round(chance.next() * MOST_TICKETS[company.size] * (1.4 - company.mood));
  return Array.from({ length: count }, (_, index) => {
    const [subject, category] = chance.pick(SUBJECTS);
    const daysAgo = chance.int(1, 360);
    const openedAt = momentOn(addDays(setting.today, -daysAgo), chance.int(12, 21));
    const isOpen = chance.is(daysAgo < 12 ? 0.6 : (1 - company.mood) * 0.15);
    const closedAt = isOpen ? null : Math.min(openedAt + chance.int(1, 200) * 3_600_000, setting.now - 60_000);
    const contact = contacts.length === 0 ? null : chance.pick(contacts);
    return {
      key: company.key * KEYS_PER_ACCOUNT + index + 1,
      subject,
      category: chance.is(0.15) ? null : category,
      priority: chance.weighted([
        ['urgent', 0.02 + 0.1 * (1 - company.mood)],
        ['high', 0.15],
        ['medium', 0.5],
        ['low', 0.2],
        [null, 0.1],
      ] as const),
      openedAt,
      closedAt,
      csat: closedAt === null || chance.is(0.55) ? null : csatOf(chance, company.mood),
      ownerKey: ownerKey(setting, chance),
      contactKeys: contact === null ? [] : [contact.key],
      ...lifeOf(setting, chance, openedAt, closedAt ?? openedAt),
    };
  });
}

function csatOf(chance: Chance, mood: number): number {
  return Math.max(1, Math.min(5, Math.round(1.5 + mood * 3.5 + (chance.next() - 0.5) * 2)));
}

const TO_DOS = [
  'Send the slides',
  'Prepare business review',
  'Call back',
  'Check the invoice',
  'Ask for a reference',
  'Follow up',
];

export function makeTasks(setting: Setting, chance: Chance, company: Company): readonly WorldTask[] {
  return Array.from({ length: chance.int(0, 2) }, (_, index) => {
    const dueAt = momentOn(addDays(setting.today, chance.int(-60, 30)), 14);
    return {
      key: company.key * KEYS_PER_ACCOUNT + index + 1,
      subject: chance.pick(TO_DOS),
      isDone: chance.is(0.6),
      dueAt,
      priority: chance.pick(['low', 'medium', 'high', null] as const),
      ownerKey: ownerKey(setting, chance),
      ...lifeOf(setting, chance, dueAt - chance.int(1, 20) * DAY_MS),
    };
  });
}

const MOST_TALKS = { enterprise: 26, mid: 14, smb: 7 } as const;
const TITLES = {
  email: ['Re: next steps', 'Your question', 'Fwd: contract', 'Quick check-in', 'Agenda for Thursday'],
  call: ['Check-in call', 'Call about the rollout', 'Renewal call'],
  meeting: ['Business review', 'Weekly sync', 'Onboarding session', 'Kick-off'],
  note: ['Spoke in the corridor', 'Internal note', 'Org change announced'],
} as const;

/** Talks of the last year. The worse the mood, the fewer they are, the longer ago, and the more one-sided. */
export function makeActivities(
  setting: Setting,
  chance: Chance,
  company: Company,
  contacts: readonly WorldContact[],
): readonly WorldActivity[] {
  const count = Math.round((0.15 + company.mood * chance.next()) * MOST_TALKS[company.size]);
  const silence = Math.round((1 - company.mood) ** 2 * 220 * chance.next());
  return Array.from({ length: count }, (_, index) => {
    const kind = chance.weighted([
      ['email', 0.5],
      ['call', 0.2],
      ['meeting', 0.2],
      ['note', 0.1],
    ] as const);
    const isPlanned = kind === 'meeting' && index === 0 && chance.is(0.5);
    const daysAgo = isPlanned ? -chance.int(1, 20) : silence + 1 + Math.floor(chance.next() ** 2 * (360 - silence));
    const at = momentOn(addDays(setting.today, -daysAgo), chance.int(12 * 4, 21 * 4) / 4);
    const present = contacts.filter(() => chance.is(Math.min(0.9, 2 / contacts.length))).slice(0, 5);
    return {
      key: company.key * KEYS_PER_ACCOUNT + index + 1,
      kind,
      at,
      direction: kind === 'email' || kind === 'call' ? (chance.is(company.mood * 0.6) ? 'inbound' : 'outbound') : null,
      outcome: isPlanned ? 'planned' : outcomeOf(chance, kind),
      title: chance.pick(TITLES[kind]),
      ownerKey: ownerKey(setting, chance),
      contactKeys: present.map((contact) => contact.key),
      ...lifeOf(setting, chance, isPlanned ? setting.now - chance.int(1, 5) * DAY_MS : at),
      // CRMs do not list what was binned of these, so nothing could be learnt from it.
      deletedAt: null,
    };
  });
}

function outcomeOf(chance: Chance, kind: WorldActivity['kind']): WorldActivity['outcome'] {
  if (kind === 'meeting') {
    return chance.weighted([
      ['happened', 0.8],
      ['missed', 0.1],
      ['cancelled', 0.1],
    ] as const);
  }
  return kind === 'call' && chance.is(0.3) ? 'missed' : 'happened';
}
