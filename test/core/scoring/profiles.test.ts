import { describe, expect, it } from 'vitest';
import type { ProfileFacts } from '../../../src/core/scoring/profiles.ts';
import {
  defaultProfileConfiguration as configuration,
  findProfileId,
  toProfile,
} from '../../../src/core/scoring/profiles.ts';

const facts: ProfileFacts = {
  hasUsage: true,
  isOnboarding: null,
  daysSinceStart: 400,
  daysToDecision: 200,
  annualValue: 50_000,
  segment: 'mid',
};
const find = (more: Partial<ProfileFacts>) => findProfileId({ ...facts, ...more }, configuration);

describe('which profile a customer is scored by', () => {
  it('is steady unless something else holds', () => {
    expect(find({})).toBe('steady');
  });

  it('is the first that holds: onboarding before renewal before size', () => {
    expect(find({ daysSinceStart: 90, daysToDecision: 30, annualValue: 5_000 })).toBe('onboarding');
    expect(find({ daysToDecision: 120, annualValue: 5_000 })).toBe('renewal_window');
    expect(find({ annualValue: 9_999 })).toBe('low_touch');
    expect(find({ annualValue: 100_001 })).toBe('enterprise');
  });

  it('stays in the renewal window while a decision is overdue', () => {
    expect(find({ daysToDecision: -5 })).toBe('renewal_window');
  });

  it('goes by the segment when no value is known', () => {
    expect(find({ annualValue: null, segment: 'smb' })).toBe('low_touch');
    expect(find({ annualValue: null, segment: null })).toBe('steady');
  });

  it('is crm_only without usage', () => {
    expect(find({ hasUsage: false })).toBe('crm_only');
  });
});

describe('a profile without usage', () => {
  it('shares out the usage points among the others as crm_only weighs them', () => {
    const { title, weights } = toProfile('steady', false, configuration);
    expect(title).toBe('steady+crm_only');
    expect(weights.usage).toBe(0);
    expect(weights.relationship).toBeCloseTo(20 + (35 * 35) / 95, 9);
    expect(weights.outcome).toBe(5);
  });

  it('keeps the sum of the weights', () => {
    const sum = (weights: Readonly<Record<string, number>>) => Object.values(weights).reduce((a, b) => a + b, 0);
    for (const id of ['onboarding', 'renewal_window', 'low_touch', 'enterprise'] as const) {
      expect(sum(toProfile(id, false, configuration).weights)).toBeCloseTo(sum(configuration.weights[id]), 9);
    }
  });
});
