import { ConnectorError } from '../../connectors/contract/errors.ts';
import { entitiesOf } from '../core/mapping/compile.ts';
import { defineLine } from '../flow/definitions.ts';
import type { Line } from '../flow/line.ts';

/** What Holdfast can do in the CRM as it is set up now. */
export interface AccessCheck {
  readonly objects: readonly ObjectAccess[];
  /** Fields of ours that are there and may be written. */
  readonly ready: number;
  /** Those that are not, with the way out. */
  readonly lacking: readonly FieldAccess[];
  /** True where Holdfast makes what is lacking by itself, once writing is approved. */
  readonly makesThem: boolean;
}

export interface ObjectAccess {
  readonly object: string;
  /** Null when it can be read. */
  readonly refused: { readonly message: string; readonly remedy: string } | null;
}

export interface FieldAccess {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly type: string;
  /** Empty where Holdfast makes the field. */
  readonly message: string;
  readonly remedy: string;
}

/** Asks the CRM, object by object, what may be read and which fields of ours may be written. Changes nothing. */
export async function checkAccess(opened: Line): Promise<AccessCheck> {
  const line = await defineLine(opened);
  const objects: ObjectAccess[] = [];
  for (const { entity, object, isOptional } of entitiesOf(line.connectorMapping)) {
    if (entity !== 'owner' && !isOptional) objects.push({ object, refused: await whyNotRead(line, object) });
  }
  const specs = line.mapping.fieldSpecs(line.writeBack.fields);
  const { session } = line;
  const { makesFields } = line.connector;
  const missing = await session.missing(specs);
  const lacking = specs.flatMap(({ object, name, label, type }): readonly FieldAccess[] => {
    const said = missing.find((one) => one.object === object && one.name === name);
    if (said === undefined) return [];
    const { message, remedy } = makesFields ? { message: '', remedy: '' } : said;
    return [{ object, name, label, type, message, remedy }];
  });
  return { objects, ready: specs.length - lacking.length, lacking, makesThem: makesFields };
}

async function whyNotRead(line: Line, object: string): Promise<ObjectAccess['refused']> {
  try {
    await line.session.describe(object);
    return null;
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'permission-missing') throw error;
    return { message: error.message, remedy: error.remedy };
  }
}
