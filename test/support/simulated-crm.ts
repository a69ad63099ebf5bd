import type { OAuthApp, Proof } from '../../connectors/contract/auth.ts';
import type { Connector } from '../../connectors/contract/connector.ts';
import type { FaultPlan } from '../../connectors/kit/sandbox/faults.ts';
import type { World } from '../../connectors/kit/sandbox/world-model.ts';
import type { Config } from '../../src/config.ts';

/** What can go wrong with a call, in the words of a sandbox. */
export interface AnyFault {
  readonly kind: string;
}

/** A CRM's sandbox as tests see it that hold for every CRM. */
export interface CrmKind<Fault extends AnyFault = AnyFault> {
  readonly connector: Connector;
  /** A new one, with the customers of a world. Closed by whoever opened it. */
  open(world: World, options: SimulatedCrmOptions): Promise<SimulatedCrm<Fault>>;
}

export interface SimulatedCrmOptions {
  /** The CRM's time, in epoch milliseconds. */
  readonly now: () => number;
  /** Tells the CRM's account from others of one test. */
  readonly number: number;
  /** Most records that come at once; as many as the CRM gives unless told. */
  readonly pageRows?: number;
  /** How long each answer takes, by chance. None unless told. */
  readonly latencyMs?: readonly [least: number, most: number];
  readonly chanceSeed?: number;
  /** Key of the account on which a rule of the admin refuses every value of ours. */
  readonly refusedKey?: number;
}

export interface SimulatedCrm<Fault extends AnyFault = AnyFault> {
  readonly url: string;
  /** An access token that never ends. */
  readonly token: string;
  readonly app: OAuthApp;
  /** How the environment of a command names it, with `token`. */
  readonly environment: Readonly<Record<string, string>>;
  /** How the configuration names it. */
  readonly settings: Partial<Pick<Config, 'hubspot' | 'salesforce'>>;
  readonly calls: { readonly total: number; readonly perPurpose: Readonly<Record<string, number>>; reset(): void };
  readonly objects: { readonly account: string; readonly contact: string; readonly deal: string };
  readonly taskObject: string;
  /** The field that holds an account's name. */
  readonly nameField: string;
  /** The CRM's id of the world's record with this key. */
  idOf(object: 'account' | 'deal' | 'owner', key: number): string;

  /** The admin says yes: gives the code to exchange. */
  consent(proof: Proof): Promise<string>;
  expireAccessTokens(): void;
  readonly faults: FaultPlan<Fault>;
  /** How many pages of records a first read has asked for so far. */
  pagesRead(): number;
  /** The second call of a full read of an object fails; later ones do not. */
  failReading(object: string, fault: ReadingFault): void;
  /** The work of the next call with this purpose is done, and never answered. */
  neverAnswer(purpose: string): void;
  /** The next new tasks are made, and the answer that says so is lost. */
  loseAnswerToNewTasks(): void;

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
  /** All that Holdfast has left in it: the same for two accounts of the CRM in which the same happened. */
  leftBehind(): Readonly<Record<string, unknown>> & {
    /** Our tasks by their keys; empty where the CRM has no field for the key. */
    readonly tasks: Readonly<Record<string, LeftTask>>;
  };
  completeTask(id: string): void;
  /** Renewals move, are won and are lost; accounts are renamed; an account and a contact are deleted. */
  workADay(): void;
  rename(accountId: string, name: string): void;
  remove(object: string, id: string): void;
  restore(object: string, id: string): void;
  close(): Promise<void>;
  /** Two accounts; the first one stays. */
  mergeAccounts(winnerId: string, loserId: string): void;
}

export interface LeftTask {
  readonly id: string;
  /** What it tells people, and what it hangs on. */
  readonly facts: Readonly<Record<'subject' | 'due' | 'status' | 'owner' | 'links', unknown>>;
  /** Every value and link that it has, dates of changes included. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Too many calls at once, the day's calls used up, a token that ends. */
export type ReadingFault = 'too-fast' | 'day-used-up' | 'token-ends';
