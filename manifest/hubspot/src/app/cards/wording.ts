import { words } from './written-words.ts';

/** How days and moments are shown to the person who looks. */
export interface Reader {
  readonly locale: string;
  readonly timeZone: string;
}

/** The words for a stored value, or the value itself where there are none for it. */
export function say(kind: keyof typeof words, value: string): string {
  return words[kind][value] ?? value;
}

/** The colour of a band; the words beside it say the same. */
export function bandVariant(band: string): 'success' | 'warning' | 'danger' | 'default' {
  switch (band) {
    case 'green':
      return 'success';
    case 'yellow':
      return 'warning';
    case 'red':
      return 'danger';
    default:
      return 'default';
  }
}

/** A calendar day, `YYYY-MM-DD`, which is the same day in every time zone. */
export function sayDay(day: string, { locale }: Reader): string {
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? day : format(at, locale, { dateStyle: 'medium', timeZone: 'UTC' });
}

/** A moment, in the time zone of the HubSpot account. */
export function sayMoment(instant: string, { locale, timeZone }: Reader): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  return format(at, locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

/** `12 %` from 0.12. */
export function sayShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `+3 points`, `−1 point`, with one decimal where there is one. */
export function sayPoints(points: number): string {
  const rounded = Math.round(points * 10) / 10;
  const size = Math.abs(rounded);
  return `${rounded < 0 ? '−' : '+'}${size} ${size === 1 ? 'point' : 'points'}`;
}

function format(at: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  // HubSpot writes some locales with an underscore, which Intl refuses.
  return new Intl.DateTimeFormat(locale.replaceAll('_', '-'), options).format(at);
}
