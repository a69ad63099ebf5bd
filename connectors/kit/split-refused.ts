export type BatchAnswer<Outcome, Refusal> =
  | {
      readonly taken: true;
      /** One for each that was sent, in the same order. */ readonly outcomes: readonly Outcome[];
    }
  | { readonly taken: false; readonly refusal: Refusal };

export interface Splitting<Entry, Outcome, Refusal> {
  /** Sends the entries in one call. A refusal means that none of them was taken. */
  send(entries: readonly Entry[]): Promise<BatchAnswer<Outcome, Refusal>>;
  /** Those of `entries` that the refusal itself names; `[]` when it does not say. */
  blamed(entries: readonly Entry[], refusal: Refusal): readonly Entry[];
  /** `isTried` is false for an entry that was refused only together with others, because the calls ran out. */
  toOutcome(entry: Entry, refusal: Refusal, isTried: boolean): Outcome;
  /** How many calls may follow the first. Entries not told apart by then share the last refusal. */
  readonly extraCalls: number;
}

/**
 * Sends a batch, and where a single bad entry makes the CRM refuse all, finds it by halving, so that the others are
 * taken. One bad entry of 100 costs at most 14 further calls, or one when the refusal names it.
 *
 * Answers one outcome for each entry, in order.
 */
export async function splitRefused<Entry, Outcome, Refusal>(
  entries: readonly Entry[],
  splitting: Splitting<Entry, Outcome, Refusal>,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<Entry, Outcome>();
  let calls = 0;

  const refuse = (group: readonly Entry[], refusal: Refusal, isTried: boolean): void => {
    for (const entry of group) outcomes.set(entry, splitting.toOutcome(entry, refusal, isTried));
  };

  /** `suspicion` is the refusal of a group that this one belongs to; null for the first call. */
  const settle = async (group: readonly Entry[], suspicion: Refusal | null): Promise<Refusal | null> => {
    if (group.length === 0) return null;
    if (suspicion !== null && calls > splitting.extraCalls) {
      refuse(group, suspicion, false);
      return suspicion;
    }
    calls += 1;
    const answer = await splitting.send(group);
    if (!answer.taken) {
      await part(group, answer.refusal);
      return answer.refusal;
    }
    group.forEach((entry, index) => {
      const outcome = answer.outcomes[index];
      if (outcome !== undefined) outcomes.set(entry, outcome);
    });
    return null;
  };

  /** Divides a group that is known to be refused as a whole. */
  const part = async (group: readonly Entry[], refusal: Refusal): Promise<void> => {
    const blamed = new Set(splitting.blamed(group, refusal));
    if (blamed.size > 0) {
      refuse([...blamed], refusal, true);
      await settle(
        group.filter((entry) => !blamed.has(entry)),
        refusal,
      );
      return;
    }
    if (group.length === 1) {
      refuse(group, refusal, true);
      return;
    }
    const middle = Math.ceil(group.length / 2);
    const second = group.slice(middle);
    const firstRefusal = await settle(group.slice(0, middle), refusal);
    // When the first half was taken, the fault lies in the second: asking for it as a whole would teach nothing. A single
    // entry is asked all the same, so that nothing is refused that was not refused on its own.
    if (firstRefusal === null && second.length > 1 && calls <= splitting.extraCalls) await part(second, refusal);
    else await settle(second, firstRefusal ?? refusal);
  };

  await settle(entries, null);
  return entries.map((entry) => {
    const outcome = outcomes.get(entry);
    if (outcome === undefined) throw new RangeError('send() must answer one outcome for each entry');
    return outcome;
  });
}
