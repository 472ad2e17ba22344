/**
 * Amazon Neptune, database and analytics (probes.md section 3.20).
 * Asked, TLS first: `GET /status`, and where that is answered a path that cannot exist.
 * The status is one of the calls that IAM guards: 200 means that IAM authentication is off and every query is anyone's.
 * 403 with `MissingAuthenticationToken` or `AccessDenied` is IAM.
 * Never asked: /gremlin, /sparql, /openCypher, /loader, /system.
 */
import type { ProbeAnswer } from '../model/observation.ts';
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { type Finding, HTTP_RULES, recognised, type Site, unlessCatchAll, visitByMarks } from '../talk/http.ts';
import { type NeptuneReading, readStatus } from '../wire/neptune.ts';

export const neptune: Probe = {
  id: 'neptune',
  speaks: 'http',
  sends: [
    { what: 'GET /status', why: 'the proof: IAM guards it like every query' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...HTTP_RULES,
    status: 'the status is shown to anyone: IAM authentication is off, and queries are answered alike',
    'signature-demanded': 'IAM asks for a signed request',
    denied: 'IAM refuses a stranger',
  },
  engines: ['neptune'],
  defaultPort: 8182,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  return visitByMarks(access, 'neptune', { path: '/status' }, readStatus, (site, marks) => judge(site, marks, options));
}

async function judge(site: Site, { row, markers, version }: NeptuneReading, options: ProbeOptions): Promise<Finding> {
  const proto = recognised(markers, 'Neptune', version);
  if (row !== 'status') return { rule: row, proto, auth: 'auth-required', proof: 2 };
  return unlessCatchAll(site, options.nonce, site.first, { rule: row, proto, auth: 'open-anonymous', proof: 3 });
}
