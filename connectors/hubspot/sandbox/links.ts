import { compareIdsAsNumbers, SortedIds } from '../../kit/sandbox/sorted-ids.ts';
import type { ObjectType } from './object-types.ts';

const none = new SortedIds(compareIdsAsNumbers);

/** Which record is linked to which, in both directions. Ids may be those of archived records: they hold until restored. */
export class Links {
  /** `companies>deals` → company id → deal ids. */
  readonly #linked = new Map<string, Map<string, SortedIds>>();
  /** `deals` → deal id → id of its primary company. */
  readonly #primary = new Map<string, Map<string, string>>();

  /** Tells whether the link is new. */
  add(from: ObjectType, fromId: string, to: ObjectType, toId: string): boolean {
    this.#idsOf(to, toId, from).add(fromId);
    return this.#idsOf(from, fromId, to).add(toId);
  }

  /** Tells whether the link was there. */
  remove(from: ObjectType, fromId: string, to: ObjectType, toId: string): boolean {
    if (this.primaryCompany(from, fromId) === toId && to.name === 'companies')
      this.setPrimaryCompany(from, fromId, null);
    if (this.primaryCompany(to, toId) === fromId && from.name === 'companies') this.setPrimaryCompany(to, toId, null);
    this.#idsOf(to, toId, from).delete(fromId);
    return this.#idsOf(from, fromId, to).delete(toId);
  }

  /** By the value of the ids. */
  get(from: ObjectType, fromId: string, to: ObjectType): SortedIds {
    return this.#linked.get(`${from.name}>${to.name}`)?.get(fromId) ?? none;
  }

  primaryCompany(of: ObjectType, id: string): string | null {
    return this.#primary.get(of.name)?.get(id) ?? null;
  }

  /** The link itself must be there already. */
  setPrimaryCompany(of: ObjectType, id: string, companyId: string | null): void {
    const primaries = this.#primary.get(of.name) ?? new Map<string, string>();
    this.#primary.set(of.name, primaries);
    if (companyId === null) primaries.delete(id);
    else primaries.set(id, companyId);
  }

  /** Is the company of the two the primary one of the other? */
  isPrimary(from: ObjectType, fromId: string, to: ObjectType, toId: string): boolean {
    if (to.name === 'companies' && this.primaryCompany(from, fromId) === toId) return true;
    return from.name === 'companies' && this.primaryCompany(to, toId) === fromId;
  }

  #idsOf(from: ObjectType, fromId: string, to: ObjectType): SortedIds {
    const pair = `${from.name}>${to.name}`;
    const byId = this.#linked.get(pair) ?? new Map<string, SortedIds>();
    this.#linked.set(pair, byId);
    const ids = byId.get(fromId) ?? new SortedIds(compareIdsAsNumbers);
    byId.set(fromId, ids);
    return ids;
  }
}
