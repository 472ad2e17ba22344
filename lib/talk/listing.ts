/**
 * Engines whose whole exposure is one list of names (probes.md section 3.19): a page that tells the product, the list, the
 * negative control, and where there is more to count, that. Each engine is a probe of its own, with its paths and readers;
 * how such a visit goes is written once.
 */
import { PeerError } from '../model/errors.ts';
import type { MetadataObject, ProbeAnswer } from '../model/observation.ts';
import type { HttpReply, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { printable } from '../model/text.ts';
import { type Listed, type Row, type Rows, type Welcome, within } from '../wire/listing.ts';
import {
  type Asked,
  concluded,
  enterSite,
  type Finding,
  HTTP_RULES,
  inFrontOf,
  recognised,
  type Site,
  unlessCatchAll,
} from './http.ts';

export interface Listing {
  readonly id: string;
  readonly product: string;
  readonly kind: MetadataObject['kind'];
  /** The first question; `read` is undefined where the reply bears no mark of the product. */
  readonly welcome: Asked & { readonly read: (reply: HttpReply) => Welcome | undefined };
  /** The list. Absent where the first question is the list already. */
  readonly list?: Asked;
  readonly read: (reply: HttpReply) => Listed;
  readonly isSystem?: (name: string) => boolean;
  /** More of what the list named; nothing here takes from the proof. Not called at metadata level 0. */
  readonly more?: (site: Site, rows: readonly Row[], options: ProbeOptions) => Promise<readonly Row[] | Rows>;
}

/** Rules that `visitListing` names. */
export const LIST_RULES: Readonly<Record<string, string>> = {
  ...HTTP_RULES,
  list: 'names are shown to anyone',
  refused: 'the list asks for credentials',
  restricted: 'a stranger is let in as somebody who may not see the list',
  recognised: 'the product, and no answer that says whether it asks for credentials',
};

export async function visitListing(access: ProbeAccess, options: ProbeOptions, listing: Listing): Promise<ProbeAnswer> {
  const { id, welcome } = listing;
  const { read, ...first } = welcome;
  const site = await enterSite(access, id, first);
  if ('l4' in site) return site;
  const found = read(site.first);
  if (found === undefined) return concluded(id, site.first, inFrontOf(site.first));
  const { finding, reply } = await judge(site, found, options, listing);
  return concluded(id, reply, finding);
}

interface Judged {
  readonly finding: Finding;
  /** The reply whose challenge speaks for the port. */
  readonly reply: HttpReply;
}

async function judge(site: Site, welcome: Welcome, options: ProbeOptions, listing: Listing): Promise<Judged> {
  const proto = recognised(welcome.markers, welcome.product ?? listing.product, welcome.version);
  const refused: Finding = { rule: 'refused', proto, auth: 'auth-required', proof: 2 };
  if (welcome.refused === true) return { finding: refused, reply: site.first };
  const { path, ...more } = listing.list ?? { path: '/' };
  const list = listing.list === undefined ? site.first : await site.ask(path, more);
  const listed = list instanceof PeerError ? undefined : listing.read(list);
  if (!(list instanceof PeerError) && listed === undefined && list.headers['www-authenticate'] !== undefined) {
    // The product shows, and something in front of it guards the list.
    const front = inFrontOf(list);
    if (front.rule === 'proxy-auth') return { finding: { ...front, proto, proof: 2 }, reply: list };
  }
  if (list instanceof PeerError || listed === undefined || listed === 'neither') {
    const why = list instanceof PeerError ? list.message : `status ${list.status}`;
    const notes = [printable(`list: ${why}`)];
    return { finding: { rule: 'recognised', proto, auth: 'undetermined', proof: 1, notes }, reply: site.first };
  }
  if (listed === 'refused') return { finding: refused, reply: list };
  if (listed === 'restricted') {
    return { finding: { rule: 'restricted', proto, auth: 'open-restricted', proof: 2 }, reply: list };
  }
  const open: Finding = { rule: 'list', proto, auth: 'open-anonymous', proof: 3 };
  const proven = await unlessCatchAll(site, options.nonce, list, open);
  return { finding: proven === open ? await explored(site, open, listed, options, listing) : proven, reply: list };
}

async function explored(
  site: Site,
  open: Finding,
  listed: Rows,
  options: ProbeOptions,
  listing: Listing,
): Promise<Finding> {
  const { more, kind, isSystem } = listing;
  if (options.metadata === 0) return open;
  const found = more === undefined ? listed.rows : await more(site, listed.rows, options);
  const all = 'rows' in found ? found : { rows: found, truncated: listed.truncated };
  const { rows, truncated } = within(all, options.metadata);
  const objects = rows.map((row) => ({ ...row, kind, system: isSystem?.(row.name) === true }));
  const isCounted = rows.some(({ records }) => records !== undefined);
  return { ...open, proof: isCounted ? 4 : 3, metadata: { objects, truncated } };
}
