import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTaskWords } from '../../../src/core/mapping/task-words.ts';
import { taskKeyIn, toTaskDone, toTaskFields } from '../../../src/core/mapping/task-write.ts';
import { hubspotMapping } from '../../mappings/hubspot-files.ts';
import { compiled, wish } from './builders.ts';

const mapping = hubspotMapping();
const everywhere = () => true;
const nowhere = () => false;

describe('a task of ours', () => {
  it('is worded in the fields of HubSpot', () => {
    expect(toTaskFields(mapping, wish(), everywhere)).toEqual({
      hs_task_type: 'TODO',
      hs_task_subject: 'Renewal of Acme: review value with the champion',
      hs_task_body:
        '<p>The term ends on 31 January 2027.<br>Decision by 1 January.</p><p>Done when the meeting is logged.</p>' +
        '<p>Holdfast key: ABCDEFGHIJKLMNOPQRSTUVWXYZ</p>',
      hs_timestamp: '2026-12-01T08:00:00.000Z',
      hs_task_status: 'NOT_STARTED',
      hs_task_priority: 'HIGH',
      hubspot_owner_id: '77',
      holdfast_key: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
      holdfast_play: 'renewal-cadence',
      holdfast_step: 'R2',
    });
  });

  it('goes without our fields where the CRM allows none on tasks, and without an owner where nobody is left', () => {
    const fields = toTaskFields(mapping, wish({ ownerId: null }), nowhere);
    expect(Object.keys(fields).filter((name) => name.startsWith('holdfast_'))).toEqual([]);
    expect(fields['hubspot_owner_id']).toBeNull();
  });

  it('is completed by its status alone', () => {
    expect(toTaskDone(mapping)).toEqual({ hs_task_status: 'COMPLETED' });
  });

  it('shows a name with markup as it is written, and runs nothing', () => {
    const body = toTaskFields(mapping, wish({ body: `Tom & "Jerry's" <script>alert(1)</script>` }), nowhere)[
      'hs_task_body'
    ];
    expect(body).toContain('<p>Tom &amp; &quot;Jerry&#39;s&quot; &lt;script&gt;alert(1)&lt;/script&gt;</p>');
  });

  it('is recognised by its field or by the end of its body, whatever the text says', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('Holdfast key: nonsense', '<p>', '&'.repeat(40_000)),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (body, hasField) => {
        const fields = toTaskFields(mapping, wish({ body, subject: body }), () => hasField);
        expect(taskKeyIn(mapping, fields)).toBe(wish().key);
        expect(taskKeyIn(mapping, { hs_task_body: fields['hs_task_body'] ?? null })).toBe(wish().key);
        expect(fields['hs_task_body']?.length).toBeLessThanOrEqual(60_000);
        expect(fields['hs_task_subject']?.length ?? 0).toBeLessThanOrEqual(255);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [{}],
    [{ hs_task_body: 'Call Ada', holdfast_key: '' }],
    [{ hs_task_body: 'Holdfast key: ask Ada for it', holdfast_key: null }],
  ])('is not %j', (fields) => {
    expect(taskKeyIn(mapping, fields)).toBeNull();
  });
});

describe('what a human did to a task', () => {
  const words = toTaskWords(compiled(), everywhere);

  it('counts when subject, day, status, priority or owner differ', () => {
    expect([...words.watched].sort()).toEqual(
      ['hs_task_priority', 'hs_task_status', 'hs_task_subject', 'hs_timestamp', 'hubspot_owner_id'].sort(),
    );
    expect(words.isSame('hubspot_owner_id', '77', '78')).toBe(false);
    expect(words.isSame('hs_task_subject', 'Renewal', 'Renewal of Acme')).toBe(false);
  });

  it('is nothing when the CRM only words the time otherwise', () => {
    expect(words.isSame('hs_timestamp', '2026-12-01T08:00:00.000Z', '1796112000000')).toBe(true);
    expect(words.isSame('hs_timestamp', '2026-12-01T08:00:00.000Z', '2026-12-01T08:00:00Z')).toBe(true);
    expect(words.isSame('hubspot_owner_id', null, '')).toBe(true);
  });

  it('is told by the status', () => {
    expect(words.isDone({ hs_task_status: 'COMPLETED' })).toBe(true);
    expect(words.isDone({ hs_task_status: 'WAITING' })).toBe(false);
    expect(words.isDone({})).toBe(false);
  });
});
