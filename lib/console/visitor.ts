/**
 * Who may ask what. The console has no cookie and no session, so nothing rides along with a request that another site makes;
 * what it may still do is send one to this machine. So: only names that this console has (a page of another name that resolves to
 * 127.0.0.1 is another site), and no act unless the browser itself says that one of our own pages asked for it.
 */

/** Nothing inline, nothing from elsewhere, in no frame: a hole in the escaping could neither run nor fetch anything. */
export const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** `Host` as the browser sent it is one of ours. */
export function isOurHost(host: string | undefined, ours: readonly string[]): boolean {
  return host !== undefined && ours.includes(host.toLowerCase());
}

/**
 * A POST that one of our own pages made. Browsers of the last years say so in Sec-Fetch-Site; older ones name the origin at
 * least; who says neither is no browser, and has the command line.
 */
export function isOwnPost(headers: Headers, host: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  return origin === `http://${host}` || origin === `https://${host}`;
}
