/** The mapping against the lists of ids in the repository: none is a slip, none is withdrawn. */
import { afterAll, describe, expect, it } from 'vitest';
import { FRAMEWORK_LISTS } from '../../lib/assess/mapping/framework-lists.ts';
import { idsIn, MAPPING, requirementsOf } from '../../lib/assess/mapping/mapping.ts';
import { FRAMEWORK_IDS, OBJECTIVE_IDS } from '../../lib/model/report-evidence.ts';

const MAPPED = OBJECTIVE_IDS.flatMap(requirementsOf);

/** Of the publishers' catalogues: ids that exist there and are withdrawn, so that to exist is not enough. */
const WITHDRAWN: Readonly<Record<string, readonly RegExp[]>> = {
  'nist-csf': [
    /^ID\.(BE|GV|RM|SC)-/,
    /^PR\.(AC|IP|MA|PT)-/,
    /^DE\.DP-/,
    /^RS\.(IM|RP)-/,
    /^ID\.AM-06$/,
    /^PR\.DS-0[3-8]$/,
    /^DE\.AE-0[15]$/,
    /^DE\.CM-0[4578]$/,
  ],
};

describe.each(FRAMEWORK_IDS)('%s', (framework) => {
  const { checked, unchecked } = FRAMEWORK_LISTS[framework];
  const listed = [...idsIn(checked), ...idsIn(unchecked)];

  it('has every mapped id in its list, and the list holds none twice', () => {
    const invalid = MAPPED.filter((each) => each.framework === framework && !listed.includes(each.id));
    expect(invalid).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('lists nothing that its publisher withdrew', () => {
    const gone = (WITHDRAWN[framework] ?? []).flatMap((pattern) => listed.filter((id) => pattern.test(id)));
    expect(gone).toEqual([]);
  });

  it('says of each mapped id whether it was checked, and is verified only where all were', () => {
    const mine = MAPPED.filter((each) => each.framework === framework);
    for (const { id, verified } of mine) expect([id, verified]).toEqual([id, idsIn(checked).includes(id)]);
    const said = MAPPING.frameworks.find(({ id }) => id === framework);
    expect(said?.verified).toBe(mine.every(({ verified }) => verified));
    expect(said?.source).not.toBe('');
  });
});

it('maps every objective, to no requirement twice', () => {
  for (const id of OBJECTIVE_IDS) {
    const keys = requirementsOf(id).map((each) => `${each.framework} ${each.id}`);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

it('knows a slip when it sees one', () => {
  expect(idsIn(FRAMEWORK_LISTS['nist-csf'].checked)).not.toContain('PR.AC-04');
  expect(idsIn(FRAMEWORK_LISTS['aws-fsbp'].checked)).not.toContain('OpenSearch.2');
  expect([...idsIn(FRAMEWORK_LISTS['nist-csf'].checked), ...idsIn(FRAMEWORK_LISTS['nist-csf'].unchecked)]).toHaveLength(
    106,
  );
});

afterAll(() => {
  const distinct = new Set(MAPPED.map(({ framework, id }) => `${framework} ${id}`));
  const checked = new Set(MAPPED.filter(({ verified }) => verified).map(({ framework, id }) => `${framework} ${id}`));
  console.log(
    `mapping ${MAPPING.version}: ${distinct.size} ids of ${FRAMEWORK_IDS.length} frameworks, 0 invalid; ${checked.size} checked against the publisher, the others marked unverified`,
  );
});
