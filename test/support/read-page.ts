/** Reads a report page back with a real parser, apart from the code that wrote it. */
import { type DefaultTreeAdapterMap, parse } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

function isElement(node: Node): node is Element {
  return 'tagName' in node;
}

function childrenOf(node: Node): readonly Node[] {
  return 'childNodes' in node ? node.childNodes : [];
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

export function elements(page: string | Node, matches: (element: Element) => boolean): readonly Element[] {
  const root = typeof page === 'string' ? parse(page) : page;
  const own = isElement(root) && matches(root) ? [root] : [];
  return [...own, ...childrenOf(root).flatMap((child) => elements(child, matches))];
}

export function text(node: Node): string {
  return 'value' in node ? node.value : childrenOf(node).map(text).join('');
}

/** Where a stranger's text may stand, and nowhere else. */
function isForeign(element: Element): boolean {
  return element.tagName === 'bdi' || (element.tagName === 'tspan' && attribute(element, 'class') === 'theirs');
}

/**
 * A page taken apart: the strangers' texts in order, and everything else as one string. Two pages with the same
 * frame differ in nothing but those texts: not in an element, an attribute, a comment or a word of ours.
 */
export function takeApart(page: string): { readonly texts: readonly string[]; readonly frame: string } {
  const texts: string[] = [];
  const frame: string[] = [];
  const visit = (node: Node): void => {
    if (!isElement(node)) {
      frame.push(`${node.nodeName}:${'value' in node ? node.value : 'data' in node ? node.data : ''}`);
      childrenOf(node).forEach(visit);
      return;
    }
    frame.push(
      `<${node.tagName} ${node.attrs.map(({ name, value }) => `${name}=${JSON.stringify(value)}`).join(' ')}>`,
    );
    if (!isForeign(node)) childrenOf(node).forEach(visit);
    else if (node.childNodes.length === 1 && node.childNodes[0]?.nodeName === '#text') texts.push(text(node));
    else frame.push(`not one text node but ${node.childNodes.map((child) => child.nodeName).join()}`);
    frame.push('<>');
  };
  visit(parse(page));
  return { texts, frame: frame.join('\n') };
}
