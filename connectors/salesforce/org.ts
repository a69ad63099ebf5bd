import type { Access } from '../contract/connector.ts';
import type { Shape } from './shapes.ts';

/** What this connector is written for. Every production org has it; Salesforce keeps a version for three years. */
const PINNED_VERSION = '66.0';

/** One org for the length of one session: its door, and what was learned about it on the way. */
export class Org {
  readonly access: Access;
  /** Described objects by name. */
  readonly shapes = new Map<string, Promise<Shape>>();
  /** False once the org has said that its edition has no bulk API. */
  hasBulk = true;
  /** Child selects of features that the org has not switched on: `AccountContactRelations`. */
  readonly lacking = new Set<string>();
  /** Packages whose fields of ours have been met: `holdfast__`. */
  readonly namespaces = new Set<string>();
  #version = PINNED_VERSION;
  #isVersionSettled = false;

  constructor(access: Access) {
    this.access = access;
  }

  /** `66.0` */
  get version(): string {
    return this.#version;
  }

  /** The org has been asked which versions it has. */
  get isVersionSettled(): boolean {
    return this.#isVersionSettled;
  }

  /** Keeps the pinned version where the org offers it; else takes the newest before it, or the oldest there is. */
  settleVersion(offered: readonly string[]): void {
    this.#isVersionSettled = true;
    const known = [...offered].sort((a, b) => Number(a) - Number(b));
    const fitting = known.findLast((version) => Number(version) <= Number(PINNED_VERSION)) ?? known[0];
    if (fitting !== undefined) this.#version = fitting;
  }
}
