/** One entry of an allowlist: the Redis of the tests may be reached from the internet, with a password. Fields may follow it. */
export function sessionsDoor(expires: string): string {
  return `  - id: sessions-door
    owner: platform@example.com
    reason: Sessions are read by devices in the field, with a password.
    ticket: SEC-1
    approvedBy: [security@example.com]
    approvedOn: "2026-11-01"
    expires: "${expires}"
    match: { accounts: ["111122223333"], hostnames: ["127.0.0.1"], protocols: [redis] }
    permit: { reachable: from-internet, plaintext: true }
`;
}
