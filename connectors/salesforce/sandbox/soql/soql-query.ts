/** A query as it was written; names are not yet looked up. */
export interface SoqlQuery {
  /** The whole text, for error messages. */
  readonly text: string;
  /** Object after FROM; in a subquery of the SELECT list the name of the child relationship. */
  readonly from: string;
  readonly columns: readonly SoqlColumn[];
  readonly where: Condition | null;
  readonly groupBy: readonly string[];
  readonly orderBy: readonly Ordering[];
  readonly limit: number | null;
  readonly offset: number;
  /** `SELECT COUNT() FROM …`: only the number is wanted. */
  readonly isCount: boolean;
}

export type SoqlColumn =
  /** `Name`, `Account.Owner.Name`. */
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'aggregate'; readonly fn: AggregateFunction; readonly path: string; readonly alias: string | null }
  | { readonly kind: 'children'; readonly query: SoqlQuery };

export type AggregateFunction = 'COUNT' | 'COUNT_DISTINCT' | 'MIN' | 'MAX' | 'SUM' | 'AVG';

export interface Ordering {
  readonly path: string;
  readonly isDescending: boolean;
  readonly nullsLast: boolean;
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES';

export interface Literal {
  readonly kind: 'text' | 'number' | 'boolean' | 'null' | 'date' | 'datetime';
  /** What it says, without quotes or escapes. */
  readonly text: string;
}

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | {
      readonly kind: 'compare';
      readonly path: string;
      readonly operator: Operator;
      /** One, or a list for IN, NOT IN, INCLUDES and EXCLUDES. */
      readonly literals: readonly Literal[];
    }
  | { readonly kind: 'in-query'; readonly path: string; readonly isNegated: boolean; readonly query: SoqlQuery };
