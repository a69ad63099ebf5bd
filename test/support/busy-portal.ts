import type { Portal } from '../../connectors/hubspot/sandbox/index.ts';
import type { PortalSeed, SeedLink, SeedRow } from '../../connectors/hubspot/sandbox/portal-seed.ts';
import type { SettableClock } from '../../connectors/kit/sandbox/clock.ts';
import type { Chance } from '../../connectors/kit/sandbox/world-chance.ts';
import { portalNow, portalSeed, row } from './sandbox-portal.ts';

/** Objects in which the people of a busy portal work. */
export type BusyObject = 'companies' | 'contacts' | 'deals' | 'tickets' | 'tasks' | 'meetings';

const MERGED: readonly BusyObject[] = ['companies', 'contacts', 'deals', 'tickets'];

/** From which object to which people make links. */
const LINKED: readonly (readonly [BusyObject, BusyObject])[] = [
  ['contacts', 'companies'],
  ['deals', 'companies'],
  ['deals', 'contacts'],
  ['tickets', 'companies'],
  ['tasks', 'companies'],
  ['meetings', 'companies'],
  ['meetings', 'contacts'],
];

const FIRST_IDS: Readonly<Record<BusyObject, number>> = {
  companies: 90,
  contacts: 200,
  deals: 300,
  tickets: 400,
  tasks: 500,
  meetings: 600,
};

/** A portal with some records of each object, linked by chance. Ids are of different lengths: as text, 100 is before 90. */
export function busySeed(chance: Chance, portalId: number, objects: readonly BusyObject[], most: number): PortalSeed {
  const idsOf = new Map(
    objects.map((object) => {
      const count = chance.int(1, most);
      return [object, Array.from({ length: count }, (_, index) => String(FIRST_IDS[object] + index * 3))] as const;
    }),
  );
  const rows: SeedRow[] = [];
  const links: SeedLink[] = [];
  for (const [object, ids] of idsOf) {
    for (const id of ids)
      rows.push(row(object, id, propertiesOf(object, chance), portalNow - chance.int(0, 5) * 60_000));
  }
  for (const [fromObject, toObject] of LINKED) {
    for (const fromId of idsOf.get(fromObject) ?? []) {
      const targets = (idsOf.get(toObject) ?? []).filter(() => chance.is(0.2));
      for (const [index, toId] of targets.entries()) {
        links.push({ fromObject, fromId, toObject, toId, isPrimary: index === 0 && hasPrimary(fromObject, toObject) });
      }
    }
  }
  const seed = portalSeed(rows, links);
  return { ...seed, facts: { ...seed.facts, portalId } };
}

/** People who work in a portal while it is read. */
export interface People {
  /** One of them does something, or several things in the same millisecond. */
  act(): void;
  /** They take notice of what others have made and taken away. */
  lookAround(): void;
  /** Of every record that was merged away, by object and id, the record that took over last. */
  merged(): Readonly<Record<string, ReadonlyMap<string, string>>>;
}

/** What they know of the records of one object. */
interface Kept {
  readonly alive: string[];
  readonly archived: string[];
  readonly merged: Map<string, string>;
}

/** Everything that they do follows from `chance`; the clock moves on by up to `slowestMs` with each act, or not at all. */
export function peopleIn(
  portal: Portal,
  objects: readonly BusyObject[],
  chance: Chance,
  clock: SettableClock,
  slowestMs: number,
): People {
  const kept = new Map<BusyObject, Kept>();
  const lookAround = (): void => {
    for (const object of objects) {
      kept.set(object, {
        alive: portal.all(object).map(({ id }) => id),
        archived: portal.archived(object).map(({ id }) => id),
        merged: kept.get(object)?.merged ?? new Map(),
      });
    }
  };
  lookAround();
  const keptOf = (object: BusyObject): Kept => kept.get(object) ?? { alive: [], archived: [], merged: new Map() };
  const pairs = LINKED.filter(([from, to]) => objects.includes(from) && objects.includes(to));

  const edit = (object: BusyObject): void => {
    const { alive } = keptOf(object);
    if (alive.length > 0) portal.edit(object, chance.pick(alive), propertiesOf(object, chance));
  };
  const linkFrom = (object: BusyObject, id: string): void => {
    const targets = pairs.filter(([from]) => from === object);
    if (targets.length === 0) return;
    const [, to] = chance.pick(targets);
    const { alive } = keptOf(to);
    if (alive.length > 0) portal.link(object, id, to, chance.pick(alive), chance.is(0.5) && hasPrimary(object, to));
  };
  const acts = {
    edit,
    editMany: () => {
      for (let times = chance.int(2, 5); times > 0; times -= 1) edit(chance.pick(objects));
    },
    create: (object) => {
      const id = portal.create(object, propertiesOf(object, chance));
      keptOf(object).alive.push(id);
      for (let times = chance.int(0, 3); times > 0; times -= 1) linkFrom(object, id);
    },
    archive: (object) => {
      const { alive, archived } = keptOf(object);
      if (alive.length === 0) return;
      const id = take(alive, chance);
      portal.archive(object, id);
      archived.push(id);
    },
    restore: (object) => {
      const { alive, archived } = keptOf(object);
      if (archived.length === 0) return;
      const id = take(archived, chance);
      portal.restore(object, id);
      alive.push(id);
    },
    merge: (object) => {
      const { alive, merged } = keptOf(object);
      if (alive.length < 2 || !MERGED.includes(object)) return;
      const [primary, other] = [take(alive, chance), take(alive, chance)];
      const survivor = portal.merge(object, primary, other);
      alive.push(survivor);
      const gone = [primary, other].filter((id) => id !== survivor);
      for (const [id, into] of merged) if (gone.includes(into)) merged.set(id, survivor);
      for (const id of gone) merged.set(id, survivor);
    },
    link: (object) => {
      const { alive } = keptOf(object);
      if (alive.length > 0) linkFrom(object, chance.pick(alive));
    },
    unlink: () => {
      const [from, to] = chance.pick(pairs);
      const linked = keptOf(from).alive.flatMap((id) => portal.links(from, id, to).map((toId) => [id, toId] as const));
      if (linked.length === 0) return;
      const [id, toId] = chance.pick(linked);
      portal.unlink(from, id, to, toId);
    },
  } satisfies Record<string, (object: BusyObject) => void>;

  return {
    act: () => {
      const act = chance.weighted([
        ['edit', 30],
        ['editMany', 8],
        ['create', 15],
        ['archive', 12],
        ['restore', 10],
        ['merge', 10],
        ['link', 12],
        ['unlink', 8],
      ] as const);
      acts[act](chance.pick(objects));
      if (chance.is(0.5)) clock.advance(chance.int(1, slowestMs));
    },
    lookAround,
    merged: () => Object.fromEntries([...kept].map(([object, { merged }]) => [object, merged])),
  };
}

/** One of them, which is one of them no more. */
function take(ids: string[], chance: Chance): string {
  const id = chance.pick(ids);
  ids.splice(ids.indexOf(id), 1);
  return id;
}

function hasPrimary(from: BusyObject, to: BusyObject): boolean {
  return to === 'companies' && MERGED.includes(from);
}

/** What somebody may fill in: values that come again, so that some edits change nothing, and emptied ones. */
function propertiesOf(object: BusyObject, chance: Chance): Readonly<Record<string, string>> {
  const word = `${chance.pick(['Abel', 'Ünal & Söhne', 'O’Neill', '北京'])} ${chance.int(1, 9)}`;
  const orNothing = (value: string): string => (chance.is(0.2) ? '' : value);
  const day = `2026-0${chance.int(3, 9)}-1${chance.int(0, 9)}`;
  switch (object) {
    case 'companies':
      return { name: word, renewal_date: orNothing(day), numberofemployees: orNothing(String(chance.int(1, 9))) };
    case 'contacts':
      return { lastname: word, jobtitle: orNothing(`Head of ${word}`) };
    case 'deals':
      return {
        dealname: word,
        pipeline: 'default',
        dealstage: chance.pick(['open', 'closedwon']),
        amount: orNothing(String(chance.int(1, 9) * 100)),
      };
    case 'tickets':
      return { subject: word, hs_pipeline: '0', hs_pipeline_stage: chance.pick(['1', '4']) };
    case 'tasks':
      return {
        hs_task_subject: word,
        hs_timestamp: `${day}T09:00:00.000Z`,
        hs_task_status: chance.pick(['NOT_STARTED', 'COMPLETED']),
      };
    case 'meetings':
      return { hs_timestamp: `${day}T09:00:00.000Z`, hs_meeting_title: word };
    default:
      return object satisfies never;
  }
}
