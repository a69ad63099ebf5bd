import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvError, CsvReader, type CsvRecord } from '../../../src/core/usage/csv.ts';

function read(...pieces: readonly string[]): readonly CsvRecord[] {
  const reader = new CsvReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

const cellsOf = (records: readonly CsvRecord[]): readonly (readonly string[])[] => records.map(({ cells }) => cells);

describe('a file of comma-separated values', () => {
  it('gives its cells back, whatever they hold, wherever the file is cut into pieces', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('', 'a,b', 'say "no"', 'two\nlines', 'two\r\nlines', ' x ', '"'),
    );
    const width = 3;
    const rows = fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat({ max: 400 })),
        (written, lineEnd, cuts) => {
          const quoted = [['a', 'b', 'c'], ...written].map((cells) =>
            cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','),
          );
          const text = `\uFEFF${quoted.join(lineEnd)}${lineEnd}`;
          const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
          const pieces = places.slice(1).map((to, index) => text.slice(places[index], to));
          expect(cellsOf(read(...pieces)).slice(1)).toEqual(written);
        },
      ),
    );
  });

  it('may be written by a spreadsheet in a country whose decimal mark is the comma', () => {
    expect(cellsOf(read('account;score\n17;"4,5"'))).toEqual([
      ['account', 'score'],
      ['17', '4,5'],
    ]);
  });

  it('tells on which line each record begins, line breaks in quotes and empty lines counted', () => {
    expect(read('a,b\n"x\ny",1\n\nz,2\n').map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  it('that breaks off within quotes says where they began', () => {
    const reader = new CsvReader();
    reader.push('a,b\n1,2\n3,"never');
    expect(() => reader.end()).toThrow(new CsvError(3, 'A quoted cell of the record in line 3 never ends.'));
  });

  it('without anything in it has no records', () => {
    expect(read('')).toEqual([]);
    expect(read('\uFEFF', '\n\n')).toEqual([]);
  });
});
