import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { MappingFinding } from '../../core/mapping/check.ts';
import { parseOverride, type MappingOverride } from '../../core/mapping/override.ts';
import { HoldfastError } from '../../errors.ts';
import { chooseMapping, MAPPING } from '../../flow/choose-mapping.ts';
import { examineMapping } from '../../flow/definitions.ts';
import { withLine } from '../../jobs/run.ts';
import { chooseInstallation, command, withSession, type CommonOptions } from '../session.ts';
import { count } from '../words.ts';

interface Options extends CommonOptions {
  readonly set?: string;
  readonly check?: string;
  readonly clear: boolean;
}

export function mappingCommand(): Command {
  return command('mapping', "show, check or change what the CRM's fields mean for one installation")
    .argument('[installation]', 'its id, or the account id in the CRM; may be left out when there is only one')
    .option('--set <file>', 'store this override (JSON; mappings/README.md shows how) if it fits the CRM')
    .option('--check <file>', 'only say whether this override would fit')
    .option('--clear', "go back to the connector's own mapping", false)
    .action(async (named: string | undefined, options: Options) => {
      const given = [options.set, options.check].filter((file) => file !== undefined);
      if (given.length + (options.clear ? 1 : 0) > 1) {
        throw new HoldfastError({
          code: 'input-invalid',
          message: 'More than one of --set, --check and --clear was given.',
          remedy: 'Give one of them, or none to see what is in force.',
        });
      }
      const [file] = given;
      const mapping = options.clear ? {} : file === undefined ? undefined : readOverride(file);
      await withSession(options, async ({ app, terminal, signal }) => {
        const installation = await chooseInstallation(app, named);
        const request = { signal, progress: terminal.progress, mapping };
        await withLine(app, installation.id, request, async (line) => {
          const isChange = options.set !== undefined || options.clear;
          const findings =
            isChange && mapping !== undefined ? await chooseMapping(line, mapping) : await examineMapping(line);
          const override = mapping ?? (await line.store.settings.get(MAPPING)) ?? {};
          terminal.result(
            { installation: installation.id, isStored: isChange, override, findings },
            inWords(override, findings, isChange, options.check !== undefined),
          );
          if (findings.some(({ level }) => level === 'error')) process.exitCode = 1;
        });
      });
    });
}

function readOverride(file: string): MappingOverride {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `The file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Give the path of a JSON file.',
      cause: error,
    });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new HoldfastError({
      code: 'mapping-invalid',
      message: `${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Correct it at the place named, and set it again. Nothing was changed.',
      cause: error,
    });
  }
  return parseOverride(parsed);
}

function inWords(
  override: unknown,
  findings: readonly MappingFinding[],
  isStored: boolean,
  isOnlyChecked: boolean,
): string {
  const isNone = typeof override === 'object' && override !== null && Object.keys(override).length === 0;
  const lines = isNone
    ? ["The connector's own mapping, without an override."]
    : [isOnlyChecked ? 'This override was only checked:' : 'Override:', JSON.stringify(override, null, 2)];
  if (isStored)
    lines.push('Stored. The next sync reads the objects concerned from the beginning and scores every account.');
  lines.push(findings.length === 0 ? 'Everything that it names is there.' : `${count(findings.length, 'finding')}:`);
  for (const { level, message, remedy } of findings) lines.push(`  ${level}: ${message} ${remedy}`);
  return lines.join('\n');
}
