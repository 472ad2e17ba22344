import { DNS } from './dns.ts';
import { HONEYPOTS } from './honeypots.ts';
import { HTTP } from './http.ts';
import { PROTOCOLS } from './protocols.ts';
import type { HostileServer } from './server.ts';
import { TLS } from './tls.ts';
import { TRANSPORT } from './transport.ts';

/** Every hostile server of the lab. The issue asks for 120. */
export const HOSTILE: readonly HostileServer[] = [...TRANSPORT, ...TLS, ...HTTP, ...PROTOCOLS, ...HONEYPOTS, ...DNS];
