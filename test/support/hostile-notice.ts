/** One notice with the same stranger's text wherever a stranger's text can be. */
import type { Attribution } from '../../lib/model/change.ts';
import type { Notice } from '../../lib/model/incident.ts';
import type { DataAtRisk } from '../../lib/model/observation.ts';
import { messageOf } from '../../lib/assess/notice.ts';
import { aNotice, anIncident } from './builders.ts';

/** Its words are those that the judge finds for such an endpoint, and one that is nothing but the text. */
export function hostileNotice(text: string, kind: Notice['kind'] = 'opened'): Notice {
  const data: DataAtRisk = {
    objects: 1,
    classes: [{ class: 'credential', count: 1, because: [text] }],
    samples: [text],
    truncated: false,
    ransomMarkers: 0,
  };
  const attribution: Attribution = {
    changes: [
      {
        ...{ id: text, at: '2026-12-04T09:59:30.000Z', source: text, name: text },
        actor: { who: text, type: text, human: text, from: text, channel: 'console', by: text },
      },
    ],
  };
  const words = { endpointId: text, reasons: [text], allowances: [text], evidence: text, data, attribution };
  const incident = anIncident({ ...words, protection: 'network' });
  const also = [anIncident({ ...words, id: '7c9e6679-7425-50de-944b-e07fc1f90ae7' })];
  const endpoint: Notice['endpoint'] = {
    ...{ id: text, host: text, port: 9200, engine: text, account: '111122223333', region: 'us-east-1', name: text },
    ...{ arn: `arn:aws:es:${text}`, addresses: [text], product: text, version: text, vantages: [text], path: text },
  };
  const { lines } = messageOf(kind, incident, also, endpoint, 1);
  return aNotice({ kind, incident, also, subject: text, lines: [...lines, text], endpoint });
}
