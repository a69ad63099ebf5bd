/** One bench: a question about cost or speed, asked the same way every time. */
export interface Bench {
  /** As given on the command line. */
  readonly name: string;
  /** Figures in the order in which they are shown. `isQuick` asks for small sizes: the same work, rougher figures. */
  run(options: { readonly isQuick: boolean }): Promise<readonly Figure[]>;
}

/** One measured number beside what it should be. */
export interface Figure {
  readonly what: string;
  readonly figure: number;
  /** `calls`, `records/s`, `%`, `×`. */
  readonly unit: string;
  /** Null for what is only shown. */
  readonly goal: Goal | null;
  /** What else there is to know: the least possible, what others need, where the rest went. */
  readonly beside: string;
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

export function isMet({ figure, goal }: Figure): boolean {
  if (goal === null) return true;
  return 'atMost' in goal ? figure <= goal.atMost : figure >= goal.atLeast;
}

/** The figure as a part of its goal; null without a goal and for a goal of 0, where only the figure itself speaks. */
export function ratioOf({ figure, goal }: Figure): number | null {
  if (goal === null) return null;
  const wanted = 'atMost' in goal ? goal.atMost : goal.atLeast;
  return wanted === 0 ? null : figure / wanted;
}
