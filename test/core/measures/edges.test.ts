import { describe, expect, it } from 'vitest';
import { edgesOf } from '../../../src/core/measures/edges.ts';
import { defaultMeasureConfiguration, measuresOf } from '../../../src/core/measures/index.ts';
import { interpolate } from '../../../src/core/measures/interpolate.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';

const { bands } = defaultHealthConfiguration;

describe('the edges of a measure', () => {
  it('are the values at which its score is that of the green and of the yellow band', () => {
    for (const { id, breakpoints } of measuresOf(defaultMeasureConfiguration)) {
      if (breakpoints === undefined) continue;
      const edges = edgesOf(breakpoints, bands);
      expect([id, edges !== null]).toEqual([id, true]);
      expect(interpolate(edges?.healthy ?? NaN, breakpoints)).toBeCloseTo(bands.green, 3);
      expect(interpolate(edges?.concerning ?? NaN, breakpoints)).toBeCloseTo(bands.yellow, 3);
    }
  });

  it('are between the points where the bands of an installation begin elsewhere', () => {
    const { breakpoints } = defaultMeasureConfiguration.lastContact;
    expect(edgesOf(breakpoints, bands)).toEqual({ healthy: 30, concerning: 90 });
    expect(edgesOf(breakpoints, { green: 87.5, yellow: 25 })).toEqual({ healthy: 18.5, concerning: 120 });
  });

  it('are not told of a curve that does not reach them', () => {
    expect(
      edgesOf(
        [
          [0, 60],
          [1, 100],
        ],
        bands,
      ),
    ).toBeNull();
  });
});
