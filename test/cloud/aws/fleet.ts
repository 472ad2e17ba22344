/** The functions of the deployment, each with an environment of its own that is started at first use and after a death. */
import type { BuiltFunctions } from './bundles.ts';
import type { Clock } from './clock.ts';
import type { Deployment } from './deployment.ts';
import { type Environment, type Outcome, startEnvironment } from './environment.ts';
import { OWN, REGION, type Stack } from './stack.ts';
import type { Line, Wire } from './wire.ts';

export interface FunctionFleet {
  /** One at a time each. */
  invoke(name: string, event: unknown): Promise<Outcome>;
  /** The wire of a function's environment. */
  lineOf(name: string): Promise<Line>;
  /** Ends the environment; the next event starts another. */
  kill(name: string): Promise<void>;
  log(name: string): string;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly deployment: Deployment;
  readonly bundles: BuiltFunctions;
  readonly stack: Stack;
  readonly motoUrl: string;
  readonly wire: Wire;
  readonly clock: Clock;
  /** What the test adds to variables of all, and of single functions: where the prober may go, for one. */
  readonly extra: { readonly shared: Variables } & Readonly<Record<string, Variables>>;
}

type Variables = Readonly<Record<string, string>>;

interface Running {
  readonly line: Line;
  readonly environment: Environment;
}

export function openFleet(options: FleetOptions): FunctionFleet {
  const running = new Map<string, Promise<Running>>();
  const logs = new Map<string, string>();
  const start = async (name: string): Promise<Running> => {
    const deployed = options.deployment.functions.find((f) => f.name === name);
    if (deployed === undefined) throw new Error(`serverless.yml has no function ${name}`);
    const line = await options.wire.line();
    const environment = await startEnvironment({
      name,
      bundle: options.bundles.urlOf(name),
      timeoutMs: deployed.timeoutMs,
      env: { ...variables(deployed.settings, line, options), ...options.extra.shared, ...options.extra[name] },
      clock: options.clock,
    });
    return { line, environment };
  };
  const of = async (name: string): Promise<Running> => {
    const known = running.get(name) ?? start(name);
    running.set(name, known);
    return known;
  };
  const end = async (name: string): Promise<void> => {
    const known = running.get(name);
    running.delete(name);
    if (known === undefined) return;
    const { line, environment } = await known;
    line.close();
    logs.set(name, (logs.get(name) ?? '') + environment.log());
    await environment.kill();
  };
  return {
    invoke: async (name, event) => (await of(name)).environment.invoke(event),
    lineOf: async (name) => (await of(name)).line,
    kill: end,
    log: (name) => logs.get(name) ?? '',
    async stop() {
      await Promise.all([...running.keys()].map(end));
    },
  };
}

/** What serverless.yml names and the stack gives, and what Lambda itself sets. URLs of queues lead over the line. */
function variables(
  settings: readonly string[],
  { url }: Line,
  { stack, motoUrl }: FleetOptions,
): Record<string, string> {
  const own = settings.flatMap((name) => {
    const value = stack.settings[name];
    return value === undefined ? [] : [[name, value.replace(motoUrl, url)] as const];
  });
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: OWN.accessKeyId,
    AWS_SECRET_ACCESS_KEY: OWN.secretAccessKey,
    AWS_ENDPOINT_URL: url,
    AWS_LAMBDA_FUNCTION_NAME: 'ajar',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    POWERTOOLS_SERVICE_NAME: 'ajar',
    POWERTOOLS_METRICS_NAMESPACE: 'ajar',
    ...Object.fromEntries(own),
  };
}
