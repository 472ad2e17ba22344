/** The smallest history of `ajar replay`: one search domain, opened by hand and left so. */
export const HISTORY = `version: 1
name: an-afternoon
from: 2026-05-04T12:00:00Z
until: 2026-05-04T13:00:00Z
accounts: [{ id: '111122223333', regions: [eu-west-1] }]
endpoints:
  - id: search
    account: '111122223333'
    region: eu-west-1
    service: opensearch
    engine: opensearch
    port: 443
    declared: { network: on }
    observed: { door: refused }
events:
  - { at: 2026-05-04T12:20:10Z, endpoint: search, does: change, what: opened by hand, observed: { door: open, authentication: off } }
`;
