import type { ObjectType } from './object-types.ts';
import { refuseRequest } from './refusal.ts';

/** The kinds of link from one object to another, by HubSpot's own type ids. */
export interface AssociationKind {
  readonly from: string;
  readonly to: string;
  readonly typeId: number;
  /** The kind that says which company is the primary one; null where there is none. */
  readonly primaryTypeId: number | null;
}

/** [from, to, type id, type id backwards, primary type id, primary type id backwards]. */
type Pair = readonly [string, string, number, number, number?, number?];

// Source: the AssociationTypes list of @hubspot/api-client.
const pairs: readonly Pair[] = [
  ['contacts', 'companies', 279, 280, 1, 2],
  ['deals', 'companies', 341, 342, 5, 6],
  ['tickets', 'companies', 339, 340, 26, 25],
  ['deals', 'contacts', 3, 4],
  ['tickets', 'contacts', 16, 15],
  ['deals', 'tickets', 27, 28],
  ['tasks', 'companies', 192, 191],
  ['tasks', 'contacts', 204, 203],
  ['tasks', 'deals', 216, 215],
  ['tasks', 'tickets', 230, 229],
  ['calls', 'companies', 182, 181],
  ['calls', 'contacts', 194, 193],
  ['calls', 'deals', 206, 205],
  ['calls', 'tickets', 220, 219],
  ['emails', 'companies', 186, 185],
  ['emails', 'contacts', 198, 197],
  ['emails', 'deals', 210, 209],
  ['emails', 'tickets', 224, 223],
  ['meetings', 'companies', 188, 187],
  ['meetings', 'contacts', 200, 199],
  ['meetings', 'deals', 212, 211],
  ['meetings', 'tickets', 226, 225],
  ['notes', 'companies', 190, 189],
  ['notes', 'contacts', 202, 201],
  ['notes', 'deals', 214, 213],
  ['notes', 'tickets', 228, 227],
  // Between records of one object there is one plain kind, the same in both directions.
  ['companies', 'companies', 450, 450],
];

const kinds: readonly AssociationKind[] = pairs.flatMap(([from, to, typeId, backId, primaryId, primaryBackId]) => [
  { from, to, typeId, primaryTypeId: primaryId ?? null },
  ...(from === to ? [] : [{ from: to, to: from, typeId: backId, primaryTypeId: primaryBackId ?? null }]),
]);

const byPair = new Map(kinds.map((kind) => [`${kind.from}>${kind.to}`, kind]));

export function findAssociationKind(from: ObjectType, to: ObjectType): AssociationKind | null {
  return byPair.get(`${from.name}>${to.name}`) ?? null;
}

export function getAssociationKind(from: ObjectType, to: ObjectType): AssociationKind {
  const kind = findAssociationKind(from, to);
  if (kind === null) {
    throw refuseRequest(`No association type exists from ${from.name} to ${to.name}`, 'INVALID_ASSOCIATION_TYPE');
  }
  return kind;
}

/** The object that a type id leads to from `from`, as a create with links inline is read. */
export function getAssociationKindById(from: ObjectType, typeId: number): AssociationKind {
  const kind = kinds.find(
    (candidate) => candidate.from === from.name && (candidate.typeId === typeId || candidate.primaryTypeId === typeId),
  );
  if (kind === undefined) {
    throw refuseRequest(
      `Association type ${typeId} of category HUBSPOT_DEFINED is not valid for object type ${from.typeId}`,
      'INVALID_ASSOCIATION_TYPE',
    );
  }
  return kind;
}
