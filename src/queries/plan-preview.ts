import type { LackingField } from '../../connectors/contract/connector.ts';
import { WRITTEN_ENTITIES } from '../core/mapping/mapping.ts';
import { urgentFields } from '../core/mapping/outbound.ts';
import { describePlan } from '../core/plan/describe-plan.ts';
import { digestOf, toPlan } from '../core/plan/plan.ts';
import type { Plan, Step } from '../core/plan/step.ts';
import type { AccountId } from '../core/model/ids.ts';
import { toChanges } from '../flow/changes.ts';
import { isScoredOtherwise } from '../flow/configuration.ts';
import { defineLine } from '../flow/definitions.ts';
import type { Line } from '../flow/line.ts';
import { planEverything, planFields } from '../flow/plan.ts';
import { rescored } from '../flow/rescored.ts';
import { readLacking } from './lacking.ts';

/** What the next write would do, why, and what it costs. */
export interface PlanPreview {
  readonly installation: string;
  readonly steps: readonly {
    readonly key: string;
    readonly kind: Step['kind'];
    readonly object: string;
    readonly id: string | null;
    readonly before: Step['before'];
    readonly after: Step['after'];
    readonly because: string;
  }[];
  /** HTTP calls when nothing is refused. */
  readonly calls: number;
  /** Stands for exactly these steps; see `approve`. */
  readonly digest: string;
  readonly tally: Plan['tally'];
  /** Tasks that wait because their owners have enough on their list. */
  readonly heldBack: readonly { readonly subject: string; readonly owner: string | null; readonly dueOn: string }[];
  /** Tasks that plays in the mode 'suggest' would open. They are not part of the plan, and not of its mark. */
  readonly suggestions: readonly {
    readonly play: string;
    readonly account: AccountId;
    readonly subject: string;
    readonly owner: string | null;
    readonly dueOn: string;
  }[];
  /** Fields of ours that the CRM has not, or does not let us write: the plan writes all others. */
  readonly lacking: readonly LackingField[];
  readonly awaitsApproval: boolean;
  /** The plan as lines for people. `first` is how many steps of each kind are shown. */
  describe(first: number): readonly string[];
}

/** Plans the whole book from what is stored. Calls nothing and writes nothing. */
export async function previewPlan(opened: Line): Promise<PlanPreview> {
  const defined = await defineLine(opened);
  // Until the next run the scores are of an earlier version: what it will write shows only by the new one.
  const line = (await isScoredOtherwise(defined)) ? await rescored(defined) : defined;
  const { steps, heldBack, suggestions } = await planEverything(line);
  const stamps = new Set(
    WRITTEN_ENTITIES.flatMap((section) => line.connectorMapping.writeBack[section])
      .filter(({ writeWhen }) => writeWhen === 'stamp')
      .map(({ name }) => name),
  );
  const plan = toPlan({ steps, heldBack, suggestions, urgentFields: urgentFields(line.connectorMapping) });
  const toMake = new Set(plan.steps.flatMap((step) => (step.kind === 'provision-field' ? [step.key] : [])));
  const specs = (await planFields(line)).filter(({ object, name }) => toMake.has(`${object}.${name}`));
  const names = await namesOf(line, plan.steps);
  const installation = await line.store.getInstallation();
  return {
    installation: installation.id,
    steps: plan.steps.map(({ key, kind, object, id, before, after, because }) => ({
      key,
      kind,
      object,
      id,
      before,
      after,
      because,
    })),
    calls:
      (specs.length === 0 ? 0 : line.session.costOfProvision(specs)) + line.session.costOf(toChanges(line, plan.steps)),
    digest: digestOf(plan.steps, stamps),
    tally: plan.tally,
    heldBack: heldBack.map(({ subject, ownerId, dueOn }) => ({ subject, owner: ownerId, dueOn })),
    suggestions: suggestions.map(({ play, accountId, subject, ownerId, dueOn }) => ({
      play,
      account: accountId,
      subject,
      owner: ownerId,
      dueOn,
    })),
    lacking: await readLacking(line.store),
    awaitsApproval: installation.approvedAt === null,
    describe: (first) =>
      describePlan(plan, {
        examples: first,
        nameOf: (step) => (step.accountId === null ? null : (names.get(step.accountId) ?? null)),
      }),
  };
}

async function namesOf(line: Line, steps: readonly Step[]): Promise<ReadonlyMap<AccountId, string>> {
  const names = new Map<AccountId, string>();
  const ids = [...new Set(steps.flatMap(({ accountId }) => accountId ?? []))];
  for (let start = 0; start < ids.length; start += 1_000) {
    for (const [id, { name }] of await line.store.assessments.get(ids.slice(start, start + 1_000))) {
      if (name !== null) names.set(id, name);
    }
  }
  return names;
}
