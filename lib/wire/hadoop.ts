import type { Reply } from './http-front.ts';
import { asObject, member, parseJson, textMember } from './json.ts';
import { parseBody } from './json-cut.ts';
import { amounts, type Listed, nameOf, rowsOf, unlessRefused, type Welcome } from './listing.ts';

/** Hadoop's web pages, HBase's REST server and HiveServer2's console (probes.md section 4.9). Pure. */

/**
 * The filter that all of them ask for credentials with leaves its cookie. `PseudoAuth` is no authentication: it takes any
 * name without a secret, and none was named.
 */
function filterOf({ status, headers, body }: Reply): 'refused' | 'neither' | undefined {
  const challenge = headers['www-authenticate'] ?? '';
  if (status === 401 && /^PseudoAuth\b/iu.test(challenge)) return 'neither';
  const isOurs = /^Negotiate\b/iu.test(challenge) || (headers['set-cookie'] ?? '').startsWith('hadoop.auth=');
  if (status === 401 && isOurs) return 'refused';
  // The same as PseudoAuth, of Hadoop 2.
  const isNameWanted = status === 403 && body.toString('utf8', 0, 4_096).includes('Anonymous requests are disallowed');
  return isNameWanted ? 'neither' : undefined;
}

/** Whose first page that filter answered: a Hadoop or one of its kin, and which of them is not shown. */
function readFilter(reply: Reply): Welcome | undefined {
  const found = filterOf(reply);
  return found === undefined ? undefined : { markers: 1, version: '', refused: found === 'refused' };
}

const NAME_NODE = 'Hadoop:service=NameNode,name=NameNodeInfo';

/** `/jmx` of a name node. Members may be thousands of data nodes: the first ones are what counts. */
export function readNameNode(reply: Reply): Welcome | undefined {
  const beans = reply.status === 200 ? member(parseBody(reply, 3), 'beans') : undefined;
  const [bean] = Array.isArray(beans) ? (beans as readonly unknown[]) : [];
  if (textMember(bean, 'name') !== NAME_NODE) return readFilter(reply);
  const version = textMember(bean, 'SoftwareVersion') || textMember(bean, 'Version').split(',', 1)[0];
  return { markers: version === '' ? 1 : 2, version: version ?? '' };
}

/**
 * What lies at the root of the file system, as a stranger sees it. That a stranger may not look is the file system's word; a
 * name node that stands by, or serves no WebHDFS, says nothing.
 */
export function readFiles(reply: Reply): Listed {
  const filtered = filterOf(reply);
  if (filtered !== undefined) return filtered;
  if (reply.status === 401) return unlessRefused(reply, () => undefined);
  if (reply.status === 403) {
    const exception = textMember(parseJson(reply.body.toString('utf8')), 'RemoteException', 'exception');
    return exception === 'AccessControlException' ? 'restricted' : 'neither';
  }
  if (reply.status !== 200) return 'neither';
  return rowsOf(member(parseBody(reply, 3), 'FileStatuses', 'FileStatus'), reply, (file) => {
    const name = nameOf(member(file, 'pathSuffix'));
    if (name === undefined) return undefined;
    return { name, ...amounts({ bytes: textMember(file, 'type') === 'FILE' ? member(file, 'length') : undefined }) };
  });
}

/** A resource manager's own state; bare, and with other names, where its packaging has another writer of JSON. */
export function readYarn(reply: Reply): Welcome | undefined {
  const json = reply.status === 200 ? parseJson(reply.body.toString('utf8')) : undefined;
  const cluster = member(json, 'clusterInfo') ?? json;
  const version = textMember(cluster, 'hadoopVersion');
  const own = textMember(cluster, 'resourceManagerVersion') || textMember(cluster, 'rmversion');
  const isManager = own !== '' && textMember(cluster, 'state') !== '';
  return version !== '' && isManager ? { markers: 2, version } : readFilter(reply);
}

/** The state is all that is asked for, and whoever gets it may submit programs too. */
export function readYarnState(reply: Reply): Listed {
  return filterOf(reply) ?? unlessRefused(reply, () => ({ rows: [], truncated: false }));
}

/** `/version/cluster`: an object, and a bare string before 0.96. */
export function readHbase(reply: Reply): Welcome | undefined {
  const json = reply.status === 200 ? parseJson(reply.body.toString('utf8')) : undefined;
  const version = typeof json === 'string' ? json : textMember(json, 'Version');
  return /^\d{1,3}\.\d{1,4}\./u.test(version) ? { markers: 1, version } : readFilter(reply);
}

export function readHbaseTables(reply: Reply): Listed {
  const filtered = filterOf(reply);
  if (filtered !== undefined) return filtered;
  return unlessRefused(reply, () => {
    const json = parseBody(reply, 2);
    // Without a table the list is null or an empty object.
    if (json === null || (asObject(json) !== undefined && Object.keys(json as object).length === 0)) {
      return { rows: [], truncated: false };
    }
    return rowsOf(member(json, 'table'), reply, (table) => {
      const name = nameOf(member(table, 'name'));
      return name === undefined ? undefined : { name };
    });
  });
}

/** The console, told by its title and the two tables that it is made of. Sessions and queries in them are not read. */
export function readHive(reply: Reply): Welcome | undefined {
  const text = reply.status === 200 ? reply.body.toString('utf8') : '';
  if (!/<title>HiveServer2<\/title>/u.test(text)) return readFilter(reply);
  const version = /<td>Hive Version<\/td>\s{0,40}<td>(\d[\w.-]{0,40})/u.exec(text)?.[1] ?? '';
  return { markers: /<h2>Active Sessions<\/h2>/u.test(text) ? 2 : 1, version };
}

/** The console's page shows sessions to whoever reads it; a page of that title alone shows nothing. */
export function readHiveConsole(reply: Reply): Listed {
  const filtered = filterOf(reply);
  if (filtered !== undefined) return filtered;
  return readHive(reply)?.markers === 2 ? { rows: [], truncated: false } : undefined;
}
