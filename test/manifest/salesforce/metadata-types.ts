import { parse } from '@babel/parser';
import type { Statement, TSType, TSTypeElement } from '@babel/types';

/** What may stand in one type of Salesforce's Metadata API: elements by name, or one of some words. */
export type MetadataType =
  | { readonly kind: 'elements'; readonly elements: ReadonlyMap<string, MetadataElement> }
  | { readonly kind: 'words'; readonly words: ReadonlySet<string> }
  | { readonly kind: 'text' | 'number' | 'boolean' };

export interface MetadataElement {
  readonly type: string;
  readonly isRepeated: boolean;
  readonly isRequired: boolean;
}

/** Reads the declarations of `@salesforce/types`, which Salesforce makes from the Metadata API itself. */
export function readMetadataTypes(declarations: string): ReadonlyMap<string, MetadataType> {
  const { program } = parse(declarations, { sourceType: 'module', plugins: ['typescript'] });
  const aliases = new Map(program.body.flatMap(toAlias));
  const types = new Map<string, MetadataType>([
    ['string', { kind: 'text' }],
    ['number', { kind: 'number' }],
    ['boolean', { kind: 'boolean' }],
  ]);
  for (const [name, type] of aliases) {
    const words = wordsOf(type);
    types.set(
      name,
      words === null ? { kind: 'elements', elements: new Map(elementsOf(type, aliases)) } : { kind: 'words', words },
    );
  }
  return types;
}

function toAlias(statement: Statement): readonly (readonly [string, TSType])[] {
  if (statement.type !== 'ExportNamedDeclaration') return [];
  const { declaration } = statement;
  if (declaration?.type !== 'TSTypeAliasDeclaration') return [];
  return [[declaration.id.name, declaration.typeAnnotation]];
}

function wordsOf(type: TSType): ReadonlySet<string> | null {
  const members = type.type === 'TSUnionType' ? type.types : [type];
  const words = members.flatMap((one) =>
    one.type === 'TSLiteralType' && one.literal.type === 'StringLiteral' ? [one.literal.value] : [],
  );
  return words.length === members.length ? new Set(words) : null;
}

function elementsOf(type: TSType, aliases: ReadonlyMap<string, TSType>): [string, MetadataElement][] {
  if (type.type === 'TSIntersectionType') return type.types.flatMap((one) => elementsOf(one, aliases));
  if (type.type === 'TSTypeReference') {
    const target = aliases.get(nameOf(type));
    return target === undefined ? [] : elementsOf(target, aliases);
  }
  return type.type === 'TSTypeLiteral' ? type.members.flatMap(toElement) : [];
}

function toElement(member: TSTypeElement): [string, MetadataElement][] {
  if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') return [];
  const declared = member.typeAnnotation?.typeAnnotation;
  if (declared === undefined) return [];
  const isRepeated = declared.type === 'TSArrayType';
  const element = {
    type: nameOf(isRepeated ? declared.elementType : declared),
    isRepeated,
    isRequired: member.optional !== true && !isRepeated,
  };
  return [[member.key.name, element]];
}

function nameOf(type: TSType): string {
  if (type.type === 'TSNumberKeyword') return 'number';
  if (type.type === 'TSBooleanKeyword') return 'boolean';
  if (type.type === 'TSTypeReference' && type.typeName.type === 'Identifier') return type.typeName.name;
  return 'string';
}
