/** What a browser or an address carries for us: nobody else can read, change or make it. */
export interface Sealer {
  /**
   * Text for a cookie or an address. `use` says what it is for: sealed for one use, it opens for no other.
   * `lifetimeS` is in seconds, from the clock of the process.
   */
  seal(use: string, claims: Readonly<Record<string, string>>, lifetimeS: number): Promise<string>;
  /** Null for what was not sealed for this use, was changed, or has ended. */
  open(use: string, sealed: string): Promise<Readonly<Record<string, string>> | null>;
}
