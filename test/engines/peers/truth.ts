import { EXPECTED } from '../expected.ts';

/**
 * What stands behind an endpoint, as we built it: open to a stranger, letting it in and showing next to nothing, asking for a
 * secret or a certificate, turning our address away, or nothing at all, of which nobody can say more.
 */
export type Door = 'open' | 'restricted' | 'demanded' | 'refused' | 'nothing';

const DOORS: Readonly<Record<string, Door>> = {
  'open-anonymous': 'open',
  'setup-open': 'open',
  'open-restricted': 'restricted',
  'auth-required': 'demanded',
  'auth-weak': 'demanded',
  'source-acl': 'refused',
  'mode-blocked': 'refused',
};

/** Where a stranger's safe questions do not decide it (`undetermined` in expected.json), we still know what we started. */
const BUILT: Readonly<Record<string, Door>> = {
  twemproxy: 'open',
  'etcd-no-gateway': 'open',
  'zookeeper-open': 'open',
  'zookeeper-words': 'open',
  'zookeeper-tls': 'open',
  'sphinx-api': 'open',
  // Whoever says a name is let in by it: no secret is asked.
  'hadoop-hdfs-named': 'open',
  derby: 'open',
  'balancer-no-backend': 'nothing',
  'balancer-tls-dead': 'nothing',
  'nginx-catch-all': 'nothing',
  'nginx-catch-all-json': 'nothing',
  'nginx-balancer': 'nothing',
  'nginx-redirect': 'nothing',
};

/** The door of an axis value of ours; `undetermined` says nothing. */
export function doorOf(auth: string): Door | undefined {
  return DOORS[auth];
}

export function truthOf(id: string): Door {
  const door = BUILT[id] ?? doorOf(EXPECTED[id]?.auth ?? '');
  if (door === undefined) throw new Error(`what is behind ${id}? Neither expected.json nor this file says`);
  return door;
}

export type Judged = 'right' | 'wrong' | 'not said' | 'no door';

export function judgeDoor(id: string, said: Door | undefined): Judged {
  const truth = truthOf(id);
  if (said === undefined) return truth === 'nothing' ? 'no door' : 'not said';
  return said === truth ? 'right' : 'wrong';
}
