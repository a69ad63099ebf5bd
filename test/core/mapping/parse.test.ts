import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../../src/errors.ts';
import { parseConnectorMapping } from '../../../src/core/mapping/parse.ts';
import { hubspotFiles } from '../../mappings/hubspot-files.ts';

type Json = Record<string, unknown>;

/** HubSpot's files with one of them changed. */
function changed(file: string, change: (content: Json) => void): Json {
  const files = hubspotFiles();
  change(files[file] as Json);
  return files;
}

function withAccountField(name: string, field: unknown): Json {
  return changed('account.json', (file) => ((file['fields'] as Json)[name] = field));
}

function problemsOf(files: Json): string {
  try {
    parseConnectorMapping(files);
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    expect(error.code).toBe('mapping-invalid');
    expect(error.remedy).not.toBe('');
    return error.message;
  }
  return 'nothing wrong';
}

describe('a mapping folder', () => {
  it('of HubSpot is right', () => {
    expect(problemsOf(hubspotFiles())).toBe('nothing wrong');
  });

  it('may leave out contracts, tickets and activities, for CRMs without them', () => {
    const {
      'ticket.json': _t,
      'email.json': _e,
      'call.json': _c,
      'meeting.json': _m,
      'note.json': _n,
      ...files
    } = hubspotFiles();
    expect(parseConnectorMapping(files).entities.ticket).toBeUndefined();
  });

  it('needs deals, and says which file is missing', () => {
    const { 'deal.json': _, ...files } = hubspotFiles();
    expect(problemsOf(files)).toContain('deal.json: is missing');
  });

  it('with a file that nobody reads is refused, with the name that was meant', () => {
    expect(problemsOf({ ...hubspotFiles(), 'tikcet.json': {} })).toContain("Did you mean 'ticket'?");
  });

  it('tells all problems of all files at once', () => {
    const files = withAccountField('arr', { from: [] });
    (files['task.json'] as Json)['objekt'] = 'tasks';
    const message = problemsOf(files);
    expect(message).toContain('wrong in 2 places');
    expect(message).toContain('account.json, fields.arr.from');
    expect(message).toContain("task.json: unknown key 'objekt' (\"tasks\"). Did you mean 'object'?");
  });
});

describe('a mistake in a field', () => {
  it.each([
    [
      'an unknown field',
      'renewlOn',
      { from: ['renewal_date'] },
      'unknown key \'renewlOn\' ({"from":["renewal_date"]}). Did you mean \'renewalOn\'?',
    ],
    [
      'an unknown directive',
      'renewalOn',
      { form: ['renewal_date'] },
      "fields.renewalOn: unknown key 'form' ([\"renewal_date\"]). Did you mean 'from'?",
    ],
    ['no place at all', 'renewalOn', {}, 'fields.renewalOn.from: is missing'],
    ['a directive of another type', 'renewalOn', { from: ['a'], currency: ['b'] }, "unknown key 'currency'"],
    [
      'a mistyped key of a place',
      'arr',
      { from: [{ feild: 'arr' }] },
      "fields.arr.from[0]: unknown key 'feild' (\"arr\"). Did you mean 'field'?",
    ],
    ['a number for a place', 'arr', { from: [7] }, 'fields.arr.from[0]: 7 can not stand here'],
    ['a name with a space', 'arr', { from: ['annual revenue'] }, 'fields.arr.from[0]: "annual revenue"'],
    [
      'a meaning that does not exist',
      'segment',
      { from: ['a'], values: { medium: ['M'] } },
      "fields.segment.values: unknown key 'medium'",
    ],
    ['an enumeration without values', 'segment', { from: ['a'] }, "fields.segment: 'values' is missing"],
    [
      'a spelling with two meanings',
      'segment',
      { from: ['a'], values: { mid: ['Mid'], smb: ['MID'] } },
      "'MID' stands under both 'mid' and 'smb'",
    ],
    ['an empty range', 'noticeDays', { from: ['a'], min: 5, max: 1 }, 'min (5) is greater than max (1)'],
    ['an unknown scale', 'arr', { from: ['a'], scale: 'fraction' }, "unknown key 'scale'"],
    [
      'a field that we write ourselves',
      'renewalOn',
      { from: ['holdfast_next_renewal_date'] },
      "'holdfast_next_renewal_date' is written by Holdfast itself",
    ],
  ])('%s is told', (_, name, mapping, message) => {
    expect(problemsOf(withAccountField(name, mapping))).toContain(message);
  });

  it('that an entity needs is told when it is left out', () => {
    expect(problemsOf(changed('deal.json', (file) => delete (file['fields'] as Json)['stage']))).toContain(
      'deal.json, fields.stage: is missing',
    );
  });
});

describe('a mistake in what is written', () => {
  function withWriteField(change: Json): string {
    const base = { name: 'holdfast_x', label: 'X', description: 'X.', type: 'number', value: 'health.score' };
    return problemsOf(changed('write-back.json', (file) => (file['account'] as Json[]).push({ ...base, ...change })));
  }

  it.each([
    ['a field that is not ours', { name: 'renewal_date' }, "must begin with 'holdfast_'"],
    ['an unknown value', { value: 'health.scor' }, "Did you mean 'health.score'?"],
    ['a type that cannot hold the value', { value: 'health.band' }, "'health.band' needs enumeration or text"],
    [
      'an enumeration without all its options',
      { type: 'enumeration', value: 'health.band', options: [{ value: 'red', label: 'Red' }] },
      "lacks the options 'green', 'yellow', 'grey'",
    ],
    ['both a value and people to fill it', { filledBy: 'people' }, "either 'value' (what is written) or 'filledBy'"],
    ['the same field twice', { name: 'holdfast_health_score' }, 'stands there twice'],
    ['an unknown reason to write', { writeWhen: 'always' }, 'writeWhen'],
  ])('%s is told', (_, change, message) => {
    expect(withWriteField(change)).toContain(message);
  });
});
