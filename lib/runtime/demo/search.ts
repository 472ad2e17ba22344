/** A search stand-in: serves replies from `replies.json` and lets its security be switched off and on. */
import { serve } from '../../net/serve.ts';
import replies from './replies.json' with { type: 'json' };

export interface DemoSearch {
  readonly port: number;
  /** Where its replies come from, to be said on screen. */
  readonly source: string;
  setSecurity(isOn: boolean): void;
  close(): Promise<void>;
}

export async function startSearch(): Promise<DemoSearch> {
  let isSecure = true;
  const server = await serve(({ path }) => {
    const set = isSecure ? replies.secured : replies.open;
    const reply = set.find((r) => path === r.path || (r.path.endsWith('*') && path.startsWith(r.path.slice(0, -1))));
    const { status, headers, body } = reply ?? set[0] ?? { status: 500, headers: {}, body: '' };
    return { status, headers: headers as Record<string, string>, body };
  });
  return {
    port: server.port,
    source: replies.source,
    setSecurity(isOn) {
      isSecure = isOn;
    },
    close: () => server.close(),
  };
}
