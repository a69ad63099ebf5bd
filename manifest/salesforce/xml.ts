/** What stands inside an element: text, a truth, a number, elements in their order, or the same element several times. */
export type XmlContent = string | number | boolean | XmlElements | readonly XmlContent[];

/** Elements in the order in which they are written. */
export interface XmlElements {
  readonly [name: string]: XmlContent | undefined;
}

/** A file of Salesforce's Metadata API: four spaces a level, as Salesforce's own tools write it. */
export function toMetadataXml(type: string, elements: XmlElements): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${type} xmlns="http://soap.sforce.com/2006/04/metadata">`,
    ...linesOf(elements, '    '),
    `</${type}>`,
    '',
  ].join('\n');
}

function linesOf(elements: XmlElements, indent: string): string[] {
  return Object.entries(elements).flatMap(([name, content]) =>
    content === undefined ? [] : linesOfElement(name, content, indent),
  );
}

function linesOfElement(name: string, content: XmlContent, indent: string): string[] {
  if (Array.isArray(content)) {
    return (content as readonly XmlContent[]).flatMap((one) => linesOfElement(name, one, indent));
  }
  if (typeof content === 'object') {
    return [`${indent}<${name}>`, ...linesOf(content as XmlElements, `${indent}    `), `${indent}</${name}>`];
  }
  return [`${indent}<${name}>${escape(String(content))}</${name}>`];
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
