/** Digits in the order in which Salesforce counts, which is also the order of their character codes. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
/** The pod that the org was made on, and a reserved digit: the same in all ids of an org. */
const POD = '5e0';
const COUNTED = 9;

/** The 18-character id of the `number`th record (from 0) of the object with this three-character prefix. */
export function toId(prefix: string, number: number): string {
  let rest = number;
  let digits = '';
  for (let place = 0; place < COUNTED; place += 1) {
    digits = (DIGITS[rest % 62] ?? '0') + digits;
    rest = Math.floor(rest / 62);
  }
  const short = `${prefix}${POD}${digits}`;
  return short + checksumOf(short);
}

/** Which record of its object an id names; the inverse of `toId`. */
export function numberOf(id: string): number {
  let number = 0;
  for (const digit of id.slice(15 - COUNTED, 15)) number = number * 62 + DIGITS.indexOf(digit);
  return number;
}

/** The three characters that make a 15-character id, in which case matters, one in which it does not. */
export function checksumOf(short: string): string {
  let checksum = '';
  for (let chunk = 0; chunk < 3; chunk += 1) {
    let capitals = 0;
    for (let place = 0; place < 5; place += 1) {
      const character = short.charAt(chunk * 5 + place);
      if (character >= 'A' && character <= 'Z') capitals += 1 << place;
    }
    checksum += CHECK_DIGITS[capitals] ?? '';
  }
  return checksum;
}

/** The 18 characters of an id that was given with 15 or 18; null when it is no id at all. */
export function parseId(text: string): string | null {
  if (!/^[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?$/.test(text)) return null;
  const short = text.slice(0, 15);
  const id = short + checksumOf(short);
  return text.length === 15 || text === id ? id : null;
}
