/**
 * H2, by its web console (probes.md section 4.18).
 * Asked, TLS first: `GET /`. It hands a session to whoever asks and sends that to a login, in which the stranger names the
 * database too, one of his own if he likes: that is a finding by itself, though no database was shown. A console that is
 * kept to its own machine says so.
 * Never asked: login.jsp, login.do, a session. Nothing at all is sent to 9092: whether its server asks for credentials shows
 * only to a login.
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Probe, ProbeAccess } from '../model/probe.ts';
import { blankAxes } from '../model/silence.ts';
import { type Finding, HTTP_RULES, recognised, visitByMarks } from '../talk/http.ts';
import { type H2Row, readH2Console } from '../wire/consoles.ts';

const ID = 'h2';
const TCP_PORT = 9092;

export const h2: Probe = {
  id: ID,
  speaks: 'http',
  sends: [{ what: 'GET /', why: 'the console, and whether it lets strangers to its login' }],
  rules: {
    ...HTTP_RULES,
    console: 'the console gives anyone a session, in which any account of any database may be tried',
    'local-only': 'the console is kept to its own machine; only our address kept us out',
    'tcp-port': 'open, and nothing was sent: whether credentials are asked for shows only to a login',
  },
  engines: ['h2'],
  defaultPort: 8082,
  maxConnections: 2,
  deadlineMs: 8_000,
  visit,
};

const VERDICTS: Readonly<Record<H2Row, Pick<Finding, 'auth' | 'proof'>>> = {
  console: { auth: 'open-restricted', proof: 2 },
  'local-only': { auth: 'source-acl', proof: 2 },
};

async function visit(access: ProbeAccess, { port }: Endpoint): Promise<ProbeAnswer> {
  if (port === TCP_PORT) {
    const channel = await access.open();
    await channel.close();
    return blankAxes('open', `${ID}/tcp-port`);
  }
  const first = { path: '/', accept: 'text/html' } as const;
  return visitByMarks(access, ID, first, readH2Console, async (_, row) => ({
    rule: row,
    proto: recognised(2, 'H2 Console'),
    ...VERDICTS[row],
  }));
}
