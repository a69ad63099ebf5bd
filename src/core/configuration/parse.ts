import { HoldfastError } from '../../errors.ts';
import { defaultConfiguration, type ModelConfiguration } from '../configuration.ts';
import { explainIssues } from '../mapping/describe-issues.ts';
import { changesBetween, withChanges, type ConfigurationChanges } from './changes.ts';
import { contradictionsIn, type ConfigurationProblem } from './contradictions.ts';
import { configurationSchema } from './schema.ts';

const { version: defaultVersion, ...defaults } = defaultConfiguration;

/** The configuration without the name of its version: what an admin may change. */
export type ConfigurationWhole = Omit<ModelConfiguration, 'version'>;

/** The name that scores by an installation's own version carry. */
export function versionName(number: number): string {
  return `version ${number}`;
}

/** The number in such a name; 0 for the product's own defaults as they are now, null for any other. */
export function parseVersionName(name: string): number | null {
  if (name === defaultVersion) return 0;
  const number = /^version ([1-9]\d*)$/.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}

/**
 * The defaults with an admin's changes.
 *
 * Errors: `config-invalid` with every problem at once, `problemsIn` tells them one by one.
 */
export function parseChanges(changes: unknown): ConfigurationWhole {
  return parseWhole(withChanges(defaults, changes));
}

/**
 * A whole configuration. Keys that it does not have are as by default: it may be of a time when they were not there.
 *
 * Errors: `config-invalid` with every problem at once.
 */
export function parseWhole(whole: unknown): ConfigurationWhole {
  const { parsed, problems } = examine(withChanges(defaults, whole));
  if (parsed !== null && problems.length === 0) return parsed;
  throw notHolding(problems, 'Nothing was changed. Correct what is named, and try again.');
}

/**
 * A whole that was published. It goes on being in force, whatever is called a contradiction since; what it lacks is as by
 * default.
 *
 * Errors: `config-invalid` where a value is not of its kind.
 */
export function openWhole(whole: unknown): ConfigurationWhole {
  const { parsed, problems } = examine(withChanges(defaults, whole));
  if (parsed !== null) return parsed;
  throw notHolding(problems, "Publish it anew with these corrected: 'holdfast config draft', then 'publish'.");
}

function notHolding(problems: readonly ConfigurationProblem[], remedy: string): HoldfastError {
  return new HoldfastError({
    code: 'config-invalid',
    message: `The configuration does not hold together:\n${problems.map(problemInWords).join('\n')}`,
    remedy,
  });
}

/** Every problem of these changes; empty when they can be published. */
export function problemsIn(changes: unknown): readonly ConfigurationProblem[] {
  return examine(withChanges(defaults, changes)).problems;
}

/** The fewest changes of the defaults that lead to this whole. */
export function changesOf(whole: ConfigurationWhole): ConfigurationChanges {
  return changesBetween(defaults, whole);
}

/** One line for people: `  health.bands.yellow: … Set it below 75.` */
function problemInWords({ path, message, remedy }: ConfigurationProblem): string {
  return `  ${path === '' ? '' : `${path}: `}${message}${remedy === '' ? '' : ` ${remedy}`}`;
}

/** Contradictions are looked for once every value is of its kind: before, most of them would be echoes. */
function examine(whole: unknown): {
  readonly parsed: ConfigurationWhole | null;
  readonly problems: readonly ConfigurationProblem[];
} {
  const result = configurationSchema.safeParse(whole);
  if (result.success) return { parsed: result.data, problems: contradictionsIn(result.data) };
  const issues = explainIssues(result.error.issues, configurationSchema, whole);
  return { parsed: null, problems: issues.map(({ path, message }) => ({ path, message, remedy: '' })) };
}
