/**
 * Kibana and OpenSearch Dashboards (probes.md section 3.8), at the root or under the path that AWS gives them.
 * Asked, TLS first: `GET /api/status`; where that is answered in full, who a stranger is (Kibana `/internal/security/me`,
 * Dashboards `/api/v1/configuration/account`), and where no security is there to ask, Kibana's spaces; before anything is
 * called open, a path that cannot exist.
 * A stranger with a user name he did not give, or spaces where no security is on, is an open door; so are Dashboards from 2
 * on that tell their status in full and know no account, for with the security plugin a stranger is told neither. A status
 * cut down to its level, a redirect to sign in and 401 are closed ones. A full status alone proves nothing: it may be
 * allowed to strangers, and before 2 it always was. Never asked: saved objects (content), the console, reporting.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { AuthState, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { HttpReply, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import {
  concluded,
  enterSite,
  type Finding,
  HTTP_RULES,
  inFrontOf,
  recognised,
  type Site,
  unlessCatchAll,
} from '../talk/http.ts';
import {
  type Account,
  countSpaces,
  readAccount,
  readMe,
  readStatus,
  type Status,
  type StatusRow,
} from '../wire/kibana.ts';

const STATUS = '/api/status';
const ME = '/internal/security/me';
const ACCOUNT = '/api/v1/configuration/account';
const SPACES = '/api/spaces/space';

export const kibana: Probe = {
  id: 'kibana',
  speaks: 'http',
  sends: [
    { what: `GET ${STATUS}`, why: 'product, version, and how much a stranger is told' },
    { what: `GET /_dashboards${STATUS}`, why: 'the same of a domain of AWS' },
    { what: `GET /_plugin/kibana${STATUS}`, why: 'the same of one that still runs Elasticsearch' },
    { what: `GET ${ME}`, why: 'Kibana: who a stranger is' },
    { what: `GET ${ACCOUNT}`, why: 'OpenSearch Dashboards: who a stranger is' },
    { what: `GET /_dashboards${ACCOUNT}`, why: 'the same of a domain of AWS' },
    { what: `GET /_plugin/kibana${ACCOUNT}`, why: 'the same of one that still runs Elasticsearch' },
    { what: `GET ${SPACES}`, why: 'Kibana without security: the proof' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...HTTP_RULES,
    'anonymous-user': 'a stranger is signed in as a user he did not name',
    'no-security': 'no security is there to ask, and the status is told in full',
    spaces: 'no security is on, and spaces are shown to anyone',
    login: 'sends strangers to sign in',
    refused: 'asks for credentials',
    'aws-policy': 'the access policy of the AWS domain refuses a stranger',
    redacted: 'tells strangers its level and no more',
    'account-refused': 'the status page is for anyone, all else asks for credentials',
    status: 'answers strangers in full, which is no proof that they may do more',
    'not-ready': 'still starting, or without its database',
  },
  engines: ['kibana', 'opensearch-dashboards'],
  defaultPort: 5601,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit,
};

/** What the status page alone says. `full` goes on to the account. */
const VERDICTS: Readonly<
  Record<StatusRow, { readonly rule: string; readonly auth: AuthState; readonly proof: ProofLevel }>
> = {
  full: { rule: 'status', auth: 'undetermined', proof: 1 },
  redacted: { rule: 'redacted', auth: 'auth-required', proof: 2 },
  login: { rule: 'login', auth: 'auth-required', proof: 2 },
  refused: { rule: 'refused', auth: 'auth-required', proof: 2 },
  'aws-policy': { rule: 'aws-policy', auth: 'auth-required', proof: 2 },
  'not-ready': { rule: 'not-ready', auth: 'undetermined', proof: 1 },
};

/** Where the product lies: a domain of AWS serves its engine at the root and this below, until 7.10 by another name. */
type Base = '' | '/_dashboards' | '/_plugin/kibana';

async function visit(access: ProbeAccess, endpoint: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  const isAws = /\.(?:es|aoss)\.amazonaws\.com(?:\.cn)?\.?$/u.test(endpoint.host);
  const base: Base = isAws ? '/_dashboards' : '';
  const site = await enterSite(access, 'kibana', { path: `${base}${STATUS}` });
  if ('l4' in site) return site;
  const status = readStatus(site.first);
  if (status !== undefined)
    return concluded('kibana', site.first, await judge(site, status, base, site.first, options));
  const old = isAws ? await site.ask(`/_plugin/kibana${STATUS}`) : undefined;
  const found = old === undefined || old instanceof PeerError ? undefined : readStatus(old);
  if (found === undefined || old === undefined || old instanceof PeerError) {
    return concluded('kibana', site.first, inFrontOf(site.first));
  }
  return concluded('kibana', old, await judge(site, found, '/_plugin/kibana', old, options));
}

async function judge(site: Site, status: Status, base: Base, page: HttpReply, options: ProbeOptions): Promise<Finding> {
  const proto = recognised(status.markers, status.product, status.version);
  const told: Finding = { ...VERDICTS[status.row], proto, notes: status.notes };
  if (status.row !== 'full') return told;
  // What AWS runs below its path is without X-Pack, whatever it is called.
  const isKibana = status.product === 'Kibana' && base === '';
  const reply = await site.ask(isKibana ? ME : `${base}${ACCOUNT}`);
  const account = said(reply, isKibana ? readMe : readAccount);
  if (account === 'refused') return { ...told, rule: 'account-refused', auth: 'auth-required', proof: 2 };
  if (account === 'anonymous-user' && !(reply instanceof PeerError)) {
    const open: Finding = { ...told, rule: 'anonymous-user', auth: 'open-anonymous', proof: 3 };
    return unlessCatchAll(site, options.nonce, reply, open);
  }
  if (account !== 'no-security') return told;
  if (isKibana) return bySpaces(site, told, options);
  if (status.product === 'Kibana' || !/^(?:[2-9]|\d\d)\./u.test(status.version)) return told;
  const open: Finding = { ...told, rule: 'no-security', auth: 'open-anonymous', proof: 3 };
  return unlessCatchAll(site, options.nonce, page, open);
}

function said(reply: HttpReply | PeerError, read: (reply: HttpReply) => Account): Account {
  return reply instanceof PeerError ? undefined : read(reply);
}

async function bySpaces(site: Site, told: Finding, options: ProbeOptions): Promise<Finding> {
  const reply = await site.ask(SPACES);
  const count = reply instanceof PeerError ? undefined : countSpaces(reply);
  if (reply instanceof PeerError || count === undefined) return told;
  const notes = [`${count} spaces`];
  const open: Finding = { ...told, rule: 'spaces', auth: 'open-anonymous', proof: 3, notes };
  return unlessCatchAll(site, options.nonce, reply, open);
}
