import { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';

/** Each issue as one line: file, path, what stands there, what may stand there. */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  input: unknown,
  file: string,
): string[] {
  return explainIssues(issues, schema, input).map(({ path, message }) =>
    path === '' ? `${file}: ${message}` : `${file}, ${path}: ${message}`,
  );
}

/** The same in two parts: the path, `fields[2].name`, empty for the whole; what stands there and what may stand there. */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  input: unknown,
  base: readonly PropertyKey[] = [],
): { readonly path: string; readonly message: string }[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    const at = (message: string) => ({ path: describePath(path), message });
    const value = valueAt(input, issue.path);
    switch (issue.code) {
      case 'unrecognized_keys': {
        const known = keysOf(schemaAt(schema, issue.path));
        return issue.keys.map((key) =>
          at(`unknown key '${key}' (${describeValue(valueAt(value, [key]))}).${didYouMean(key, known)}`),
        );
      }
      case 'invalid_union': {
        const union = schemaAt(schema, issue.path);
        const branches = issue.errors
          .map((errors, index) => ({ errors, option: optionsOf(union)[index] ?? union }))
          .filter(({ errors }) => !errors.some((error) => error.code === 'invalid_type' && error.path.length === 0))
          .sort((a, b) => weightOf(a.errors) - weightOf(b.errors));
        const [nearest] = branches;
        if (nearest === undefined) return [at(`${describeValue(value)} can not stand here`)];
        return explainIssues(nearest.errors, nearest.option, value, path);
      }
      case 'invalid_value': {
        const allowed = issue.values.map(String);
        const hint = typeof value === 'string' ? didYouMean(value, allowed) : '';
        return [at(`${describeValue(value)} must be ${allowed.map((one) => `'${one}'`).join(' or ')}.${hint}`)];
      }
      case 'custom':
      case 'invalid_element':
      case 'invalid_format':
      case 'invalid_key':
      case 'invalid_type':
      case 'not_multiple_of':
      case 'too_big':
      case 'too_small':
        return [
          at(
            value === undefined
              ? 'is missing'
              : `${describeValue(value)}: ${issue.message.replace(/^Invalid (input|string): /, '')}`,
          ),
        ];
      default:
        return issue satisfies never;
    }
  });
}

function weightOf(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function describePath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

function describeValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType {
  return path.reduce<z.core.$ZodType>((at, key) => {
    const inner = unwrapped(at);
    if (inner instanceof z.ZodArray) return inner.element;
    if (inner instanceof z.ZodRecord) return inner.valueType;
    if (inner instanceof z.ZodObject) return (inner.shape as Record<PropertyKey, z.core.$ZodType>)[key] ?? inner;
    return inner;
  }, schema);
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrapped(schema.unwrap());
  return schema;
}

function keysOf(schema: z.core.$ZodType): readonly string[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodRecord && inner.keyType instanceof z.ZodEnum) return inner.keyType.options.map(String);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function optionsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodUnion ? inner.options : [];
}
