/** Node's, OpenSSL's and undici's errors as the peer reasons that probes know. */
import { PeerError, type PeerReason, type PeerStage } from '../model/errors.ts';
import { printable } from '../model/text.ts';

const BY_CODE: Readonly<Record<string, PeerReason>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unroutable',
  ENETUNREACH: 'unroutable',
  EHOSTDOWN: 'unroutable',
  ENETDOWN: 'fault',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EPROTO: 'tls-refused',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_HEADERS_OVERFLOW: 'limit',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'malformed',
  UND_ERR_RESPONSE: 'malformed',
};

const PLAINTEXT = [
  'WRONG_VERSION_NUMBER',
  'PACKET_LENGTH_TOO_LONG',
  'HTTP_REQUEST',
  'UNKNOWN_PROTOCOL',
  'RECORD_TOO_SMALL',
  'BAD_RECORD_TYPE',
];
/** Alerts that can only speak of the certificate we did not show. */
const CLIENT_CERT = [
  'CERTIFICATE_REQUIRED',
  'ALERT_BAD_CERTIFICATE',
  'ALERT_CERTIFICATE_UNKNOWN',
  'ALERT_NO_CERTIFICATE',
  'ALERT_UNKNOWN_CA',
];
/** What TLS 1.2 servers say for the same, and for a dozen other things: told apart by their having asked for one. */
const CLIENT_CERT_IF_ASKED = ['ALERT_HANDSHAKE_FAILURE', 'ALERT_ACCESS_DENIED'];

/** Our hello offers TLS 1.2 and 1.3: who refuses its version, or answers with another, has older ones only (probes.md section 7). */
const TOO_OLD = ['ALERT_PROTOCOL_VERSION', 'SSL_UNSUPPORTED_PROTOCOL'];
export function isTooOld(error: unknown): boolean {
  if (!(error instanceof PeerError) || error.stage !== 'tls' || !(error.cause instanceof Error)) return false;
  const code = 'code' in error.cause ? String(error.cause.code) : '';
  return TOO_OLD.some((end) => code.endsWith(end));
}

/** What the error alone does not say. */
export interface Circumstances {
  /** The server had asked for a client certificate. */
  readonly certificateAsked?: boolean;
}

/** Keeps a PeerError as it is; what is not the peer's doing (EMFILE, a bug) becomes `fault`. */
export function peerError(error: unknown, stage: PeerStage, circumstances: Circumstances = {}): PeerError {
  if (error instanceof PeerError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const detail = printable(error instanceof Error ? `${code} ${error.message}` : String(error));
  const inner = error instanceof Error && error.cause instanceof PeerError ? error.cause : undefined;
  return inner ?? new PeerError(stage, reasonOf(code, error, circumstances), detail, error);
}

function reasonOf(code: string, error: unknown, { certificateAsked = false }: Circumstances): PeerReason {
  // Node gives the end of the stream before the end of the handshake the code of a reset.
  if (error instanceof Error && error.message.startsWith('Client network socket disconnected')) return 'closed';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (error instanceof Error && error.name === 'HTTPParserError') return 'malformed';
  if (!code.startsWith('ERR_SSL') && !code.startsWith('ERR_TLS')) return 'fault';
  if (PLAINTEXT.some((p) => code.endsWith(p))) return 'plaintext';
  if (CLIENT_CERT.some((c) => code.includes(c))) return 'client-cert';
  return certificateAsked && CLIENT_CERT_IF_ASKED.some((c) => code.includes(c)) ? 'client-cert' : 'tls-refused';
}
