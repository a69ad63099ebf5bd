import type { OAuthApp, Proof } from '../../connectors/contract/auth.ts';
import type { Connector } from '../../connectors/contract/connector.ts';
import type { World } from '../../connectors/kit/sandbox/world-model.ts';
import type { Config } from '../../src/config.ts';

/** A CRM's sandbox as tests see it that hold for every CRM. */
export interface CrmKind {
  readonly connector: Connector;
  /** A new one, with the customers of a world. Closed by whoever opened it. */
  open(world: World, options: SimulatedCrmOptions): Promise<SimulatedCrm>;
}

export interface SimulatedCrmOptions {
  /** The CRM's time, in epoch milliseconds. */
  readonly now: () => number;
  /** Tells the CRM's account from others of one test. */
  readonly number: number;
  /** Most records that come at once; as many as the CRM gives unless told. */
  readonly pageRows?: number;
  /** Key of the account on which a rule of the admin refuses every value of ours. */
  readonly refusedKey?: number;
}

export interface SimulatedCrm {
  readonly url: string;
  /** An access token that never ends. */
  readonly token: string;
  readonly app: OAuthApp;
  /** How the configuration names it. */
  readonly settings: Partial<Pick<Config, 'hubspot' | 'salesforce'>>;
  readonly calls: { readonly total: number; reset(): void };
  readonly objects: { readonly account: string; readonly contact: string; readonly deal: string };
  /** The field that holds an account's name. */
  readonly nameField: string;
  /** The CRM's id of the world's record with this key. */
  idOf(object: 'account' | 'deal' | 'owner', key: number): string;

  /** The admin says yes: gives the code to exchange. */
  consent(proof: Proof): Promise<string>;
  expireAccessTokens(): void;
  /** How many calls have met a fault. */
  readonly faultsHappened: number;
  /** The second call of a full read of an object fails; later ones do not. */
  failReading(object: string, fault: ReadingFault): void;
  /** The next new tasks are made, and the answer that says so is lost. */
  loseAnswerToNewTasks(): void;
  clearFaults(): void;

  /** Of those that are alive. */
  ids(object: string): readonly string[];
  /** Every value on a live record that is not ours and no date of a change, under the CRM's names. */
  theirValues(object: string, id: string): Readonly<Record<string, unknown>>;
  /** What Holdfast shows on an account. */
  ourValues(accountId: string): Readonly<Record<string, unknown>>;
  /** Keys of our tasks, deleted ones too. */
  taskKeys(): readonly string[];
  /** Our tasks that are there. */
  taskIds(): readonly string[];
  completeTask(id: string): void;
  rename(accountId: string, name: string): void;
  remove(object: string, id: string): void;
  restore(object: string, id: string): void;
  close(): Promise<void>;
  /** Two accounts; the first one stays. */
  mergeAccounts(winnerId: string, loserId: string): void;
}

/** Too many calls at once, the day's calls used up, a token that ends. */
export type ReadingFault = 'too-fast' | 'day-used-up' | 'token-ends';
