import type { MetadataType } from './metadata-types.ts';

/** An element of a file: its name, the elements in it, and its text where it has none. */
export interface XmlNode {
  readonly name: string;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

/** Markup of its own, which the declarations call text. */
const FREE_FORM: ReadonlySet<string> = new Set(['targetConfigs']);

/** What Salesforce would refuse about a file, in words; nothing when its content is right. Looks no further than types. */
export function checkMetadata(root: XmlNode, types: ReadonlyMap<string, MetadataType>): readonly string[] {
  return problemsOf(root, root.name, types, root.name);
}

function problemsOf(
  node: XmlNode,
  typeName: string,
  types: ReadonlyMap<string, MetadataType>,
  path: string,
): readonly string[] {
  const type = types.get(typeName);
  if (type === undefined) return [`${path}: there is no type '${typeName}'`];
  switch (type.kind) {
    case 'text':
      return node.children.length === 0 ? [] : [`${path}: text was expected`];
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(node.text) ? [] : [`${path}: '${node.text}' is not a number`];
    case 'boolean':
      return node.text === 'true' || node.text === 'false' ? [] : [`${path}: '${node.text}' is neither true nor false`];
    case 'words':
      return type.words.has(node.text) ? [] : [`${path}: '${node.text}' is none of ${[...type.words].join(', ')}`];
    case 'elements':
      return [
        ...[...type.elements]
          .filter(([name, element]) => element.isRequired && node.children.every((child) => child.name !== name))
          .map(([name]) => `${path}: '${name}' is missing`),
        ...node.children.flatMap((child, at) => {
          const element = type.elements.get(child.name);
          const childPath = `${path}.${child.name}`;
          if (element === undefined) return [`${path}: '${child.name}' is unknown`];
          if (!element.isRepeated && node.children.findIndex(({ name }) => name === child.name) !== at) {
            return [`${childPath}: stands there twice`];
          }
          return FREE_FORM.has(child.name) ? [] : problemsOf(child, element.type, types, childPath);
        }),
      ];
    default:
      return type satisfies never;
  }
}
