/** Reads the documents of a format back with a real parser of it, as the texts in them, in order: ours and a stranger's. */
import { DOMParser, type Node } from '@xmldom/xmldom';
import { printable } from '../../lib/model/text.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MARKDOWN = /[\\`*_{}[\]<>()#!|~^$&]/g;

/** Every string of JSON documents; a uuid is made of the text, so of those only that there is one is compared. */
export function jsonTexts(content: string): readonly string[] {
  const documents = content.startsWith('{\n') ? [content] : content.split('\n').filter((line) => line !== '');
  return documents.flatMap((document) => stringsOf(JSON.parse(document)));
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value.replace(UUID, 'a uuid')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [...(Array.isArray(value) ? [] : [key]), ...stringsOf(each)]);
}

/** Throws where it is not well-formed. Names of elements and attributes, values and texts. */
export function xmlTexts(content: string): readonly string[] {
  // XML 1.0, section 2.2.
  const refused = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(content)?.[0];
  if (refused !== undefined) throw new Error(`no character of XML: ${refused.codePointAt(0)?.toString(16)}`);
  const parser = new DOMParser({
    onError: (level, message) => {
      // It warns of U+FFFD, which stands for what was broken before it came to us.
      if (level !== 'warning') throw new Error(message);
    },
  });
  return nodeTexts(parser.parseFromString(content, 'text/xml'));
}

function nodeTexts(node: Node): readonly string[] {
  const own = node.nodeType === node.TEXT_NODE ? [node.nodeValue ?? ''] : [node.nodeName];
  const attributes =
    'attributes' in node ? Array.from(node.attributes as ArrayLike<{ name: string; value: string }>) : [];
  const children = Array.from(node.childNodes as unknown as ArrayLike<Node>);
  return [...own, ...attributes.flatMap(({ name, value }) => [name, value]), ...children.flatMap(nodeTexts)];
}

/** How a text of ours with a stranger's in it may be shown: plainly, or with the signs of Markdown escaped. */
export function shownOrEscaped(
  calm: string,
  stranger: (calm: string) => string,
  limits: readonly number[],
): readonly string[] {
  const plain = calm.replace(/\\([\\`*_{}[\]<>()#!|~^$&])/g, '$1');
  return [calm, plain].flatMap((each) =>
    limits.flatMap((limit) => {
      const said = printable(stranger(each), limit) || '(blank)';
      return [said, said.replace(MARKDOWN, '\\$&')];
    }),
  );
}
