import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { signalPlaysOf } from '../../../src/core/plays/index.ts';
import { modeIn, parsePlayChoice, withMode } from '../../../src/core/plays/modes.ts';
import {
  fillTemplate,
  TEMPLATE_VARIABLES,
  templateProblems,
  type TemplateValues,
} from '../../../src/core/plays/template.ts';
import { PlayOffice } from './play-office.ts';
import { snapshot, on } from '../renewals/builders.ts';

const { plays } = defaultConfiguration;
const values = Object.fromEntries(Object.keys(TEMPLATE_VARIABLES).map((name) => [name, name])) as TemplateValues;

describe('the texts of tasks', () => {
  it('fill in what is known of the account', () => {
    expect(fillTemplate('{account}: {score} of 100', { ...values, account: 'Acme', score: '61' })).toBe(
      'Acme: 61 of 100',
    );
  });

  it('refuse a variable that does not exist, and say which ones do', () => {
    expect(() => fillTemplate('Call {acount}', values)).toThrow("There is no variable {acount} in 'Call {acount}'.");
    const edited = { ...plays, redRescue: { ...plays.redRescue, tasks: [{ ...task, title: 'Call {acount}' }, task] } };
    const problems = templateProblems(signalPlaysOf(edited));
    expect(problems[0]).toMatch(/^Play 04, task 'call': there is no variable \{acount\}\. .*Did you mean 'account'\?$/);
    expect(problems[1]).toBe("Play 04 has two tasks 'call'.");
  });

  it('are right in every play that comes with the product', () => {
    expect(templateProblems(signalPlaysOf(plays))).toEqual([]);
  });

  it('can be edited: the next task carries the new words', () => {
    const edited = {
      ...plays,
      redRescue: { ...plays.redRescue, tasks: [{ ...task, title: 'Ring {account}, {arr} a year' }] },
    };
    const office = new PlayOffice({}, { ...defaultConfiguration, plays: edited });
    const { plan } = office.day(snapshot('2026-11-20', { renewalOn: on('2027-11-20') }), { health: { band: 'red' } });
    expect(plan.steps[0]?.after['subject']).toBe('Acme: Ring Acme, EUR 48,000 a year (play 04)');
  });

  it('say once why the play fired, and once how health is', () => {
    const office = new PlayOffice();
    const health = { band: 'red' as const, score: 31, reason: 'Held at 31: the customer is silent.' };
    const { plan } = office.day(snapshot('2026-11-20', { renewalOn: on('2027-11-20') }), { health });
    const body = plan.steps[0]?.after['body'] ?? '';
    expect(body.split('Held at 31')).toHaveLength(2);
    expect(body).toMatch(/^Health is red\. Held at 31: the customer is silent\. Speak with/);
    expect(body).toMatch('\nHealth: red, 31 of 100.\nContract: ');
  });

  it('can be edited for the manager’s task, too', () => {
    const escalation = { ...plays.escalation, title: 'Help {account}' };
    const office = new PlayOffice({}, { ...defaultConfiguration, plays: { ...plays, escalation } });
    const red = { health: { band: 'red' as const } };
    office.day(snapshot('2026-11-20', { renewalOn: on('2027-11-20') }), red);
    const { plan } = office.day(snapshot('2026-11-26', { renewalOn: on('2027-11-20') }), red);
    expect(plan.steps.map(({ after }) => after['subject'])).toContain('Acme: Help Acme (play 04)');
  });
});

const task = { id: 'call', role: 'csm' as const, dueDays: 1, title: 'Call', whatToDo: 'Call.', doneWhen: 'called.' };

describe('the modes of plays', () => {
  type Change = readonly [string, 'off' | 'suggest' | 'act'];
  const chosen = (...changes: readonly Change[]) =>
    changes.reduce((choice, [play, mode]) => withMode(choice, play, mode, plays), parsePlayChoice(null));
  const choose = (...changes: readonly Change[]) => modeIn(chosen(...changes), plays, false);
  const chooseValidated = (...changes: readonly Change[]) => modeIn(chosen(...changes), plays, true);

  it('of a new installation suggest, but for the renewal cadence, which acts', () => {
    const modeOf = choose();
    expect(['01', '04', '05', '22'].map(modeOf)).toEqual(['suggest', 'suggest', 'act', 'suggest']);
  });

  it('of all plays leave the red rescue at suggesting, until its score is validated', () => {
    expect(['01', '04', '13'].map(choose(['all', 'act']))).toEqual(['act', 'suggest', 'act']);
    expect(['01', '04', '13'].map(chooseValidated(['all', 'act']))).toEqual(['act', 'act', 'act']);
    expect(choose(['all', 'off'])('04')).toBe('off');
    expect(chooseValidated(['all', 'suggest'])('04')).toBe('suggest');
  });

  it('let the red rescue act without that once it is named, until it is set otherwise', () => {
    expect(choose(['04', 'act'])('04')).toBe('act');
    expect(choose(['04', 'act'], ['all', 'act'])('04')).toBe('act');
    expect(choose(['all', 'act'], ['04', 'act'])('04')).toBe('act');
    expect(choose(['04', 'act'], ['04', 'suggest'], ['all', 'act'])('04')).toBe('suggest');
    expect(choose(['04', 'act'], ['all', 'off'], ['all', 'act'])('04')).toBe('suggest');
  });

  it('that the configuration sets wait for the same', () => {
    const acting = { ...plays, modes: { '04': 'act' as const } };
    expect(modeIn(parsePlayChoice(null), acting, false)('04')).toBe('suggest');
    expect(modeIn(parsePlayChoice(null), acting, true)('04')).toBe('act');
  });

  it('refuse a play that does not exist, and a choice that cannot be read', () => {
    expect(() => choose(['23', 'act'])).toThrow("There is no play '23'.");
    expect(() => parsePlayChoice({ modes: { '04': 'sometimes' } })).toThrow(/choice of plays cannot be read/);
  });
});
