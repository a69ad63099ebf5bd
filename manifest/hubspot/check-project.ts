import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadHsProfileFile } from '@hubspot/project-parsing-lib/profiles';
import { getProjectMetadata, parseProjectConfig } from '@hubspot/project-parsing-lib/projects';
import { translate } from '@hubspot/project-parsing-lib/translate';
import { createAjvInstance } from '@hubspot/project-parsing-lib/validation';
import { z } from 'zod';
import { configSchemas, metaFileSchema, profileSchema, projectSchema } from './schemas.ts';

const withEntrypoint = z.object({ entrypoint: z.string() });

/**
 * What HubSpot would refuse of a developer project uploaded with `profile`, one sentence each, without asking HubSpot:
 * HubSpot's own parser for the structure, our schemas for what it does not look at. Empty when all is well.
 */
export async function checkProject(folder: string, profile: string): Promise<readonly string[]> {
  try {
    return await findProblems(folder, profile);
  } catch (error) {
    // HubSpot's parser throws at the first thing that it cannot read past.
    return [error instanceof Error ? error.message : String(error)];
  }
}

async function findProblems(folder: string, profile: string): Promise<readonly string[]> {
  const project = parseProjectConfig(folder);
  const source = join(folder, project.srcDir);
  const problems = [...misfits('hsproject.json', projectSchema, project)];

  const { hsMetaFiles, components } = await getProjectMetadata(source);
  for (const [type, { count, maxCount }] of Object.entries(components)) {
    if (count > maxCount) problems.push(`There are ${count} components of type ${type}; HubSpot takes ${maxCount}.`);
  }
  if (components['app']?.count === 0) problems.push('There is no app: src/app holds no *-hsmeta.json.');

  for (const path of hsMetaFiles) {
    const content = parseJson(await readFile(path, 'utf8'));
    if (content === null) problems.push(`${path} is not JSON.`);
    else problems.push(...misfits(path, metaFileSchema, content));
  }

  const values = loadHsProfileFile(source, profile);
  problems.push(...misfits(`hsprofile.${profile}.json`, profileSchema, values));
  const { intermediateRepresentation, skippedHsMetaFiles } = await translate(
    { projectSourceDir: source, platformVersion: project.platformVersion, accountId: values.accountId },
    { skipValidation: true, profile },
  );
  problems.push(...skippedHsMetaFiles.map((path) => `${path} is not where HubSpot looks for its type.`));
  for (const node of Object.values(intermediateRepresentation.intermediateNodesIndexedByUid)) {
    const path = node.metaFilePath;
    const type = node.componentType.toLowerCase().replace('application', 'app');
    const schema = configSchemas[type];
    if (schema === undefined) problems.push(`${path} is of a type that this project does not use: ${type}.`);
    else problems.push(...misfits(path, schema, node.config));
    const { entrypoint } = withEntrypoint.safeParse(node.config).data ?? {};
    if (entrypoint !== undefined && !existsSync(join(source, entrypoint))) {
      problems.push(`${path} names ${entrypoint}, which does not exist.`);
    }
  }
  return problems;
}

function misfits(path: string, schema: object, content: unknown): readonly string[] {
  const validate = createAjvInstance().compile(schema);
  if (validate(content)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${path}${instancePath}: ${message ?? 'is wrong'} ${JSON.stringify(params)}`;
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
