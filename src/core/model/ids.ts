declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Ours: one installation of the app in one customer's CRM account. */
export type InstallationId = Branded<'InstallationId'>;
/** The CRM's id of a company or account. */
export type AccountId = Branded<'AccountId'>;
/** One contract period that ends in a renewal decision; see `renewals/terms.ts` for how it is made. */
export type TermId = Branded<'TermId'>;
/** The key of a task or deal of ours, made from facts; see `plays/dedupe.ts`. */
export type HoldfastKey = Branded<'HoldfastKey'>;

export const toInstallationId = (text: string): InstallationId => text as InstallationId;
export const toAccountId = (text: string): AccountId => text as AccountId;
export const toTermId = (text: string): TermId => text as TermId;
export const toHoldfastKey = (text: string): HoldfastKey => text as HoldfastKey;
