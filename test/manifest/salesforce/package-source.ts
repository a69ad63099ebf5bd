import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { installedFolder } from '../../support/installed-folder.ts';
import type { XmlNode } from './check-metadata.ts';

export const PACKAGE = new URL('../../../manifest/salesforce/', import.meta.url);
export const SOURCE = new URL('force-app/main/default/', PACKAGE);

/** Every file of the package's source by its path below `force-app/main/default`. */
export function readSource(): ReadonlyMap<string, string> {
  const paths = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(SOURCE.pathname.length).replace(/^\//, ''));
  return new Map(paths.map((path) => [path, readFileSync(new URL(path, SOURCE), 'utf8')]));
}

interface XmlTools {
  readonly XMLParser: new (options: object) => { parse(text: string): readonly Readonly<Record<string, unknown>>[] };
  readonly XMLValidator: { validate(text: string): true | { readonly err: { readonly msg: string } } };
}

/** A reader of XML that refuses what is not well formed. */
export async function openXmlReader(): Promise<(text: string) => XmlNode> {
  await installedFolder(PACKAGE);
  const { XMLParser, XMLValidator } = createRequire(new URL('package.json', PACKAGE))('fast-xml-parser') as XmlTools;
  const parser = new XMLParser({ preserveOrder: true, ignoreDeclaration: true, parseTagValue: false });
  return (text) => {
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) throw new TypeError(verdict.err.msg);
    const [root] = parser.parse(text).map(toNode);
    if (root === undefined) throw new TypeError('The file is empty');
    return root;
  };
}

function toNode(parsed: Readonly<Record<string, unknown>>): XmlNode {
  const [name = ''] = Object.keys(parsed);
  const inside = parsed[name] as readonly Readonly<Record<string, unknown>>[];
  const texts = inside.flatMap((one) => (typeof one['#text'] === 'string' ? [one['#text']] : []));
  return { name, text: texts.join(''), children: inside.filter((one) => !('#text' in one)).map(toNode) };
}

/** The texts of every element of a name, anywhere below. */
export function textsOf(node: XmlNode, name: string): string[] {
  return [...(node.name === name ? [node.text] : []), ...node.children.flatMap((child) => textsOf(child, name))];
}

/** The elements of a name directly in another. */
export function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.filter((child) => child.name === name);
}
