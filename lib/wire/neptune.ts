import { type Reply, wholeText } from './http-front.ts';
import { member, parseJson, textMember } from './json.ts';

/** Amazon Neptune's answer to `GET /status` (probes.md section 3.20), pure. */

export interface NeptuneReading {
  readonly row: 'status' | 'signature-demanded' | 'denied';
  readonly markers: number;
  readonly version: string;
}

/** Words of IAM, as the engine and as the front of a graph say them. */
const UNSIGNED = new Set(['MissingAuthenticationTokenException', 'MissingAuthenticationToken']);
const DENIED = new Set(['AccessDeniedException', 'AccessDenied']);

/** Undefined where nothing of Neptune shows. */
export function readStatus(reply: Reply): NeptuneReading | undefined {
  const json = parseJson(wholeText(reply, '",', '}'));
  if (reply.status === 200) {
    const version = textMember(json, 'dbEngineVersion');
    const role = textMember(json, 'role');
    const marks = [
      textMember(json, 'status') !== '' && version !== '',
      role === 'writer' || role === 'reader',
      textMember(json, 'gremlin', 'version') !== '' || textMember(json, 'sparql', 'version') !== '',
    ].filter(Boolean).length;
    return marks >= 2 ? { row: 'status', markers: marks, version } : undefined;
  }
  if (reply.status !== 401 && reply.status !== 403) return undefined;
  const type = (reply.headers['x-amzn-errortype'] ?? '').split(':', 1)[0] ?? '';
  const code = textMember(json, 'code') || textMember(json, '__type') || type;
  const row = UNSIGNED.has(code) ? 'signature-demanded' : DENIED.has(code) ? 'denied' : undefined;
  if (row === undefined) return undefined;
  const isEngine = textMember(json, 'requestId') !== '' && member(json, 'detailedMessage') !== undefined;
  return { row, markers: isEngine || type !== '' ? 2 : 1, version: '' };
}
