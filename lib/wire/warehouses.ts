import type { Reply } from './http-front.ts';
import { asObject, member, parseJson, textMember } from './json.ts';
import { parseBody } from './json-cut.ts';
import { amounts, type Listed, nameOf, plainRows, rowsOf, unlessRefused, type Welcome } from './listing.ts';

/** Druid, Pinot, Trino and Spark (probes.md sections 4.5 to 4.8), pure. */

export function readDruid({ status, headers, body }: Reply): Welcome | undefined {
  if (status === 401 && /realm="druid"/iu.test(headers['www-authenticate'] ?? '')) {
    return { markers: 1, version: '', refused: true };
  }
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  const version = textMember(json, 'version');
  const modules = member(json, 'modules');
  if (version === '' || !Array.isArray(modules)) return undefined;
  const isNamed = modules.slice(0, 200).some((module) => textMember(module, 'name').startsWith('org.apache.druid.'));
  return isNamed ? { markers: 2, version } : undefined;
}

/** Names at a broker or router; at a coordinator objects with sizes. */
export function readDatasources(reply: Reply): Listed {
  return unlessRefused(reply, () =>
    rowsOf(parseBody(reply, 1), reply, (item) => {
      const name = nameOf(typeof item === 'string' ? item : member(item, 'name'));
      return name === undefined
        ? undefined
        : { name, ...amounts({ bytes: member(item, 'properties', 'segments', 'size') }) };
    }),
  );
}

export function readPinot({ status, body }: Reply): Welcome | undefined {
  const json = status === 200 ? asObject(parseJson(body.toString('utf8'))) : undefined;
  const version = textMember(json, 'pinot-controller') || textMember(json, 'pinot-common');
  if (version === '') return undefined;
  return { markers: Object.keys(json ?? {}).filter((key) => key.startsWith('pinot-')).length >= 2 ? 2 : 1, version };
}

export function readPinotTables(reply: Reply): Listed {
  return unlessRefused(reply, () => plainRows(member(parseBody(reply, 2), 'tables'), reply));
}

/** Answered to anyone, with authentication on or off. */
export function readTrino({ status, body }: Reply): Welcome | undefined {
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  const version = textMember(json, 'nodeVersion', 'version');
  const isCoordinator = typeof member(json, 'coordinator') === 'boolean' && textMember(json, 'environment') !== '';
  return version !== '' && isCoordinator ? { markers: 2, version } : undefined;
}

/** That a user has to be named, without a password, is no authentication, and none was named: that says nothing. */
export function readTrinoNodes(reply: Reply): Listed {
  const isNameWanted = /\bX-(?:Trino|Presto)-User\b/u.test(reply.body.toString('utf8', 0, 500));
  if (reply.status === 401 && isNameWanted) return 'neither';
  return unlessRefused(reply, () => {
    const nodes = parseBody(reply, 1);
    const isList = Array.isArray(nodes) && nodes.length > 0 && nodes.every((node) => textMember(node, 'uri') !== '');
    return isList ? { rows: [], truncated: false } : undefined;
  });
}

/** A master's own page is its list as well. */
export function readSparkMaster({ status, body }: Reply): Welcome | undefined {
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  const isMaster = textMember(json, 'url').startsWith('spark://') && Array.isArray(member(json, 'workers'));
  return isMaster ? { markers: 2, version: '' } : undefined;
}

export function readSparkMasterApps(reply: Reply): Listed {
  return unlessRefused(reply, () => {
    const json = parseJson(reply.body.toString('utf8'));
    return rowsOf(member(json, 'activeapps') ?? [], reply, (app) => {
      const name = nameOf(member(app, 'name'));
      return name === undefined ? undefined : { name };
    });
  });
}

/** The UI of an application or of the history. */
export function readSparkVersion({ status, body }: Reply): Welcome | undefined {
  const version = status === 200 ? textMember(parseJson(body.toString('utf8')), 'spark') : '';
  return version === '' ? undefined : { markers: 1, version };
}

export function readSparkApps(reply: Reply): Listed {
  return unlessRefused(reply, () =>
    rowsOf(parseBody(reply, 1), reply, (app) => {
      const name = textMember(app, 'id') === '' ? undefined : nameOf(member(app, 'name'));
      return name === undefined ? undefined : { name };
    }),
  );
}

/** The status of a submission that cannot exist: the REST gateway runs what is submitted to it, and knows no authentication. */
export function readSubmission({ status, body }: Reply): Welcome | undefined {
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  const version = textMember(json, 'serverSparkVersion');
  const isStatus = textMember(json, 'action') === 'SubmissionStatusResponse';
  return version !== '' && isStatus ? { markers: 2, version } : undefined;
}
