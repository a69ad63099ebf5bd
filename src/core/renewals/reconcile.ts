import { addDays, daysBetween } from '../model/calendar-date.ts';
import type { RenewalConfiguration } from './configuration.ts';
import { dayInWords } from './day-in-words.ts';
import { AMENDMENTS, type StatedTerm, type Statements } from './stated-term.ts';

/**
 * One list of terms out of all that state them; each period comes once.
 *
 * Contracts, where the CRM keeps them, are what holds; deals then only tell how a term was decided. Without contracts,
 * won deals and the account's own renewal date speak of the same period:
 * - They agree (to a week): one term, with the account's date.
 * - The account's date is later than every deal: it is the newer term when the deals' terms are over, else a correction
 *   of the running one, because the renewal date on the account is the one that admins keep.
 * - The account's date is earlier: a deal that was signed as its renewal, that starts around it, or that runs on while
 *   the account's date is over, supersedes it. Any other deal gives way to the account.
 * Wherever two records contradict each other a gap names both.
 */
export function reconcile(
  statements: Statements,
  today: string,
  configuration: RenewalConfiguration,
): { readonly terms: readonly StatedTerm[]; readonly gaps: readonly string[] } {
  const gaps = [...statements.gaps];
  const hasContracts = statements.contracts.length > 0;
  const stated = hasContracts ? statements.contracts : statements.deals;
  const main = stated.filter((term) => term.dealKind === null || !AMENDMENTS.has(term.dealKind));
  const amendments = stated.filter((term) => !main.includes(term));
  const terms = withAccount(main, statements.account, hasContracts, today, configuration, gaps);
  return { terms: withAmendments(terms, amendments, configuration), gaps };
}

function withAccount(
  main: readonly StatedTerm[],
  account: StatedTerm | null,
  hasContracts: boolean,
  today: string,
  configuration: RenewalConfiguration,
  gaps: string[],
): readonly StatedTerm[] {
  if (account === null) return main;
  const last = latest(main);
  if (last === null) return [account];

  const agreeing = nearest(main, account);
  if (Math.abs(daysBetween(agreeing.endOn, account.endOn)) <= configuration.agreementDays) {
    const isLeftBehind = account.endOn < today && last.endOn > agreeing.endOn && last.endOn >= today;
    if (isLeftBehind) gaps.push(contradiction(account, last, last));
    return main.map((term) => (term === agreeing ? agreed(term, account, hasContracts) : term));
  }

  const laterByDays = daysBetween(last.endOn, account.endOn);
  if (laterByDays > 0) {
    const isNewer = laterByDays > configuration.movedDays && last.endOn < today;
    if (isNewer) return [...main, following(account, last)];
    return settled(main, last, account, hasContracts ? last : account, gaps);
  }

  const startOn = last.startOn ?? last.signedOn;
  const isFollowUp = startOn !== null && startOn >= addDays(account.endOn, -configuration.movedDays);
  if (isFollowUp) {
    if (account.endOn < today) gaps.push(contradiction(account, last, last));
    // The account still shows the term that the signed one follows.
    return hasContracts ? main : [...main, account];
  }
  const isSuperseded =
    hasContracts || last.dealKind === 'renewal' || last.dealKind === 'co_term' || account.endOn < today;
  return settled(main, last, account, isSuperseded ? last : account, gaps);
}

/** Two records contradict each other on the end of one term; `winner`'s date holds. */
function settled(
  main: readonly StatedTerm[],
  last: StatedTerm,
  account: StatedTerm,
  winner: StatedTerm,
  gaps: string[],
): readonly StatedTerm[] {
  gaps.push(contradiction(account, last, winner));
  if (winner === last) return main;
  return main.map((term) => (term === last ? agreed(term, account, false) : term));
}

/** One term out of two records that mean the same one. */
function agreed(term: StatedTerm, account: StatedTerm, keepsEnd: boolean): StatedTerm {
  const endOn = keepsEnd ? term.endOn : account.endOn;
  return {
    ...term,
    startOn: term.startOn !== null && term.startOn <= endOn ? term.startOn : null,
    endOn,
    months: endOn === term.endOn ? term.months : null,
    arr: term.arr ?? account.arr,
    contractId: term.contractId ?? account.contractId,
    source: keepsEnd ? term.source : account.source,
    evidence: [...term.evidence, ...account.evidence],
  };
}

function following(account: StatedTerm, last: StatedTerm): StatedTerm {
  const startOn = account.startOn !== null && account.startOn > last.endOn ? account.startOn : addDays(last.endOn, 1);
  return { ...account, startOn };
}

/** Amendments that end with another term belong to it; the others stand alone. */
function withAmendments(
  terms: readonly StatedTerm[],
  amendments: readonly StatedTerm[],
  configuration: RenewalConfiguration,
): readonly StatedTerm[] {
  let result = terms;
  for (const amendment of amendments) {
    const host = result.length === 0 ? null : nearest(result, amendment);
    if (host === null || Math.abs(daysBetween(host.endOn, amendment.endOn)) > (configuration.coTermDays ?? 0)) {
      result = [...result, amendment];
    } else {
      const joined = { ...host, evidence: [...host.evidence, ...amendment.evidence] };
      result = result.map((term) => (term === host ? joined : term));
    }
  }
  return result;
}

function latest(terms: readonly StatedTerm[]): StatedTerm | null {
  let last: StatedTerm | null = null;
  for (const term of terms) {
    if (last === null || term.endOn > last.endOn || (term.endOn === last.endOn && isSignedLater(term, last)))
      last = term;
  }
  return last;
}

function isSignedLater(one: StatedTerm, other: StatedTerm): boolean {
  return (one.signedOn ?? '') > (other.signedOn ?? '');
}

function nearest(terms: readonly StatedTerm[], to: StatedTerm): StatedTerm {
  return terms.reduce((best, term) =>
    Math.abs(daysBetween(term.endOn, to.endOn)) < Math.abs(daysBetween(best.endOn, to.endOn)) ? term : best,
  );
}

function contradiction(account: StatedTerm, other: StatedTerm, winner: StatedTerm): string {
  const name = (term: StatedTerm) => (term === account ? capitalised(term.source) : `the ${term.source}`);
  return (
    `${name(account)} says ${dayInWords(account.endOn)}, ${name(other)} says ${dayInWords(other.endOn)}: ` +
    `the date of the ${winner === account ? 'account' : winner.base.kind} is used.`
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
