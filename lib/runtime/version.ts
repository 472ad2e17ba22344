import manifest from '../../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;

/** Every HTTP probe says who asks (probes.md section 8, RFC 9511). */
export const USER_AGENT = `ajar-exposure-probe/${VERSION} (read-only exposure check by the owner of this address)`;
