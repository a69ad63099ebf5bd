/** Sort order of ids: numbers by value however long they are (they may exceed what a number holds), other ids as text. */
export function compareIds(a: string, b: string): number {
  if (isDigits(a) && isDigits(b) && a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isDigits(text: string): boolean {
  return /^\d+$/.test(text);
}
