import { describe, expect, it } from 'vitest';
import type { SeedRow } from '../../../connectors/hubspot/sandbox/portal-seed.ts';
import { toPortalSeed } from '../../../connectors/hubspot/sandbox/seed.ts';
import { generateWorld } from '../../../connectors/kit/sandbox/world.ts';
import { stories } from '../../../connectors/kit/sandbox/world-stories.ts';

const now = '2026-03-04T12:00:00.000Z';
const seed = toPortalSeed(generateWorld({ seed: 5, now, accounts: 600 }));
const rows = [...seed.rows];
const links = [...seed.links];
const of = (object: string): readonly SeedRow[] => rows.filter((row) => row.object === object);

const objects = ['companies', 'contacts', 'deals', 'tickets', 'tasks', 'emails', 'calls', 'meetings', 'notes'];

describe('a sandbox portal filled with made-up customers', () => {
  it('holds records of every object', () => {
    expect([...new Set(rows.map(({ object }) => object))].sort()).toEqual([...objects].sort());
  });

  it.each(objects)(
    'gives %s ids of digits, none twice, whose order as text is not their order as numbers',
    (object) => {
      const ids = of(object).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((id) => /^[1-9]\d{3,11}$/.test(id))).toBe(true);
      expect([...ids].sort()).not.toEqual([...ids].sort((a, b) => Number(a) - Number(b)));
    },
  );

  it('writes every value as text and leaves blank ones out', () => {
    const values = rows.flatMap(({ properties }) => Object.values(properties));
    expect(values.every((value) => typeof value === 'string' && value !== '')).toBe(true);
  });

  it('gives custom properties only values that their definitions allow', () => {
    const allowed = {
      bool: (value: string) => value === 'true' || value === 'false',
      date: (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value),
      number: (value: string) => /^-?\d+(\.\d+)?$/.test(value),
      string: () => true,
    };
    for (const [object, definitions] of Object.entries(seed.properties)) {
      for (const { name, type, options } of definitions) {
        const values = of(object).flatMap(({ properties }) => properties[name] ?? []);
        expect(values, `${object}.${name} is used`).not.toEqual([]);
        const isAllowed =
          type === 'enumeration'
            ? (value: string) => options.some((option) => option.value === value)
            : allowed[type as keyof typeof allowed];
        expect(
          values.filter((value) => !isAllowed(value)),
          `${object}.${name}`,
        ).toEqual([]);
      }
    }
  });

  it('puts every deal and ticket in a stage of its pipeline', () => {
    for (const [object, pipeline, stage] of [
      ['deals', 'pipeline', 'dealstage'],
      ['tickets', 'hs_pipeline', 'hs_pipeline_stage'],
    ] as const) {
      for (const { properties } of of(object)) {
        const stages = seed.pipelines[object]?.find(({ id }) => id === properties[pipeline])?.stages ?? [];
        expect(stages.map(({ id }) => id)).toContain(properties[stage]);
      }
    }
  });

  it('gives records only owners that the portal has, by owner id and not by user id', () => {
    const owners = new Set(seed.owners.map(({ id }) => id));
    for (const { properties } of rows) {
      for (const id of [properties['hubspot_owner_id'], properties['csm_owner']]) {
        if (id !== undefined) expect(owners).toContain(id);
      }
    }
    expect(seed.owners.some(({ id, userId }) => id === String(userId))).toBe(false);
  });

  it('links only records that exist and do not lie in the bin, each pair once', () => {
    const alive = new Set(rows.filter((row) => row.archivedAt === null).map(({ object, id }) => `${object} ${id}`));
    const ends = links.flatMap((link) => [`${link.fromObject} ${link.fromId}`, `${link.toObject} ${link.toId}`]);
    expect(ends.filter((end) => !alive.has(end))).toEqual([]);
    const pairs = links.map((link) => `${link.fromObject} ${link.fromId} ${link.toObject} ${link.toId}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('gives a contact, deal or ticket one primary company when it has any', () => {
    const primaries = new Map<string, number>();
    for (const link of links) {
      if (link.toObject !== 'companies' || !['contacts', 'deals', 'tickets'].includes(link.fromObject)) continue;
      const from = `${link.fromObject} ${link.fromId}`;
      primaries.set(from, (primaries.get(from) ?? 0) + (link.isPrimary ? 1 : 0));
    }
    expect([...primaries.values()].every((count) => count === 1)).toBe(true);
  });

  it('names merged records by ids that no longer exist', () => {
    const ids = new Set(of('companies').map(({ id }) => id));
    const merged = of('companies').flatMap(({ properties }) => properties['hs_merged_object_ids']?.split(';') ?? []);
    expect(merged.length).toBeGreaterThan(0);
    expect(merged.some((id) => ids.has(id))).toBe(false);
  });

  it('is the same at every reading', () => {
    expect([...seed.rows]).toEqual(rows);
    expect([...seed.links]).toEqual(links);
  });
});

describe('a story, told by HubSpot records alone', () => {
  const companyOf = (name: string): SeedRow => {
    const company = of('companies').find(({ properties }) => properties['name'] === name);
    if (company === undefined) throw new Error(`there is no company '${name}'`);
    return company;
  };
  const linkedTo = (company: SeedRow, object: string): readonly SeedRow[] => {
    const ids = new Set(
      links
        .filter((link) => link.fromObject === object && link.toObject === 'companies' && link.toId === company.id)
        .map(({ fromId }) => fromId),
    );
    return of(object).filter(({ id }) => ids.has(id));
  };

  it('shows every story as a company of its own', () => {
    for (const { account } of stories) expect(companyOf(account).archivedAt).toBeNull();
  });

  it('shows a contract that renews by itself in 31 days', () => {
    expect(companyOf('Maple & Main Stationers').properties).toMatchObject({
      domain: 'maple-main-stationers.example',
      lifecyclestage: 'customer',
      customer_status: 'Customer',
      customer_segment: 'SMB',
      contract_start_date: '2025-04-05',
      renewal_date: '2026-04-04',
      contract_term_months: '12',
      auto_renew: 'true',
      notice_period_days: '30',
      arr: '8400',
      seats_purchased: '14',
      seats_used: '11',
      days_overdue: '0',
    });
  });

  it('shows the champion who left, and the open renewal in its pipeline', () => {
    const company = companyOf('Harbour & Finch Logistics');
    expect(linkedTo(company, 'contacts').map(({ properties }) => properties)).toContainEqual(
      expect.objectContaining({
        firstname: 'Helen',
        stakeholder_role: 'Champion',
        left_company: 'true',
        hs_email_hard_bounce_reason_enum: 'UNKNOWN_USER',
      }),
    );
    expect(linkedTo(company, 'deals').map(({ properties }) => properties)).toContainEqual(
      expect.objectContaining({
        pipeline: 'renewals',
        dealstage: 'renewal_upcoming',
        dealtype: 'existingbusiness',
        amount: '68000',
        deal_currency_code: 'USD',
        closedate: '2026-05-18T15:00:00.000Z',
        contract_start_date: '2026-05-19',
      }),
    );
  });

  it('shows two urgent tickets that wait on us, and three closed ones that were rated', () => {
    const tickets = linkedTo(companyOf('Calder Steelworks'), 'tickets').map(({ properties }) => properties);
    expect(tickets.filter((ticket) => ticket['hs_ticket_priority'] === 'URGENT')).toHaveLength(2);
    expect(tickets.filter((ticket) => ticket['hs_pipeline_stage'] === '4').map((ticket) => ticket['csat'])).toEqual([
      '1',
      '2',
      '1',
    ]);
  });

  it('shows who spoke to whom, and when the customer did', () => {
    const company = companyOf('Quiet Harbor Insurance');
    const directions = linkedTo(company, 'emails').map(({ properties }) => properties['hs_email_direction']);
    expect(directions.filter((direction) => direction === 'INCOMING_EMAIL')).toHaveLength(1);
    expect(linkedTo(company, 'calls').map(({ properties }) => properties['hs_call_status'])).toEqual([
      'NO_ANSWER',
      'NO_ANSWER',
    ]);
    expect(linkedTo(company, 'meetings').map(({ properties }) => properties['hs_meeting_outcome'])).toEqual([
      'NO_SHOW',
      'COMPLETED',
    ]);
  });
});
