/** What reach says of the protection `network`, in one line that names the rules that open the door or what shuts it. */
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import { MAX_SOURCE_BLOCKS, type Protection } from '../model/protection.ts';
import { type Breadth, broader, PUBLIC } from './breadth.ts';
import { blocksOf, FAMILIES, type Family, intersect } from './ipset.ts';
import type { Reach } from './network-reach.ts';

const MAX_NAMED = 4;
const LABEL: Readonly<Record<Family, string>> = { v4: 'IPv4', v6: 'IPv6' };

/** Not knowing a part never makes it `on`; what is proven open is open whatever else is not known. */
export function networkProtection(reach: Reach): Protection {
  const breadth = broader(reach.v4.breadth, reach.v6.breadth);
  switch (breadth) {
    case 'WORLD':
    case 'BROAD':
      return declaredOff(openedBy(reach, breadth));
    case 'LIMITED':
      return withSources(declaredPartial(openedBy(reach, breadth)), reach);
    case 'NONE': {
      const unknown = eachFamily(reach, ({ unknown }) => unknown);
      return unknown === '' ? declaredOn(closedBy(reach)) : declaredUnknown(`not known: ${unknown}`);
    }
  }
}

/** All who may connect, where nothing of it is unknown and it is few enough to keep. */
function withSources(protection: Protection, reach: Reach): Protection {
  if (FAMILIES.some((family) => reach[family].unknown.length > 0)) return protection;
  const sources: string[] = [];
  for (const family of FAMILIES) {
    const { blocks, more } = blocksOf(intersect(reach[family].sources, PUBLIC[family]), family, MAX_SOURCE_BLOCKS);
    if (more) return protection;
    sources.push(...blocks);
  }
  return sources.length > MAX_SOURCE_BLOCKS ? protection : { ...protection, sources };
}

function openedBy(reach: Reach, breadth: Breadth): string {
  const doors = eachFamily(reach, (family) => (family.breadth === 'NONE' ? [] : family.via));
  const caveats = eachFamily(reach, (family) => (family.breadth === 'NONE' ? [] : family.caveats));
  const unknown = eachFamily(reach, (family) => family.unknown);
  return [`open to ${breadth}: ${doors}`, caveats, unknown === '' ? '' : `not known: ${unknown}`]
    .filter((part) => part !== '')
    .join('; ');
}

function closedBy(reach: Reach): string {
  return `closed to the internet: ${eachFamily(reach, ({ blockers }) => blockers)}`;
}

/** Each family under its name, or both at once where they say the same. */
function eachFamily(reach: Reach, textsOf: (family: Reach[Family]) => readonly string[]): string {
  const said = FAMILIES.map((family) => ({ family, text: some(textsOf(reach[family])) })).filter(
    ({ text }) => text !== '',
  );
  const [first, second] = said;
  if (first !== undefined && first.text === second?.text) return first.text;
  return said.map(({ family, text }) => `${LABEL[family]} ${text}`).join('; ');
}

function some(texts: readonly string[]): string {
  const more = texts.length > MAX_NAMED ? `, and ${texts.length - MAX_NAMED} more` : '';
  return `${texts.slice(0, MAX_NAMED).join(', ')}${more}`;
}
