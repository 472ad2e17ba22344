/**
 * The console behind an HTTP API. The API has checked the token; whose it is stands in its claims. Without claims nobody is let
 * in, whatever the API was made to do. A page is a Lambda's answer, so a report of more than about 4 MB is fetched elsewhere.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type APIGatewayProxyResult, type ApiGatewayRequestContextV2, handle, type LambdaEvent } from 'hono/aws-lambda';
import { consoleApp } from '../../console/app.ts';
import type { Desk } from '../../console/desk.ts';
import { AjarError } from '../../model/errors.ts';
import { MAX_ACTOR } from '../../model/handling.ts';
import { printable } from '../../model/text.ts';
import { openDynamoStore } from '../../stores/dynamodb.ts';
import { deskOf } from '../console.ts';
import { allowlist } from './allowlist.ts';
import { listSetting, setting } from './environment.ts';
import { once, onceAsync } from './once.ts';
import { logger } from './telemetry.ts';
import { CALL_TIMES } from './times.ts';

const CALLS = { requestHandler: { ...CALL_TIMES } } as const;
/** 6 MB, as base64. */
const MAX_DOWNLOAD = 4_400_000;

/** Nobody owes a notice for what is said of an incident, so no sink is named. */
const store = async (readOnly: boolean) =>
  openDynamoStore({
    client: new DynamoDBClient(CALLS),
    table: setting('AJAR_TABLE'),
    sinks: [],
    readOnly,
    now: () => new Date(),
  });
const reading = onceAsync(() => store(true));
const saying = onceAsync(() => store(false));

const desk = once((): Desk => {
  const whole = deskOf({
    record: async (use, readOnly) => use(await (readOnly ? reading() : saying())),
    allowlist,
    mayAct: true,
  });
  return {
    ...whole,
    async make(asked) {
      const made = await whole.make(asked);
      if (made.body.length <= MAX_DOWNLOAD) return made;
      throw new AjarError('bad-input', 'this report is too large for a page', {
        cure: 'choose fewer formats or a shorter period; ajar report --table makes it whole, and each day has its own in the bucket',
      });
    },
  };
});

/** Payload 2.0. */
export type PageEvent = LambdaEvent & {
  readonly rawPath: string;
  readonly requestContext: ApiGatewayRequestContextV2;
};
export type PageAnswer = APIGatewayProxyResult;

export async function answerPage(event: PageEvent): Promise<PageAnswer> {
  const by = actorOf(event);
  if (by === undefined) {
    logger.error('no claims: the API asks for no token', { path: event.rawPath });
    return { statusCode: 403, isBase64Encoded: false, headers: { 'content-type': 'text/plain' }, body: 'no token\n' };
  }
  const hosts = [event.requestContext.domainName, ...(listSetting('AJAR_CONSOLE_HOSTS') ?? [])];
  const fault = (error: unknown): void => logger.error('a page failed', error instanceof Error ? error : String(error));
  const app = consoleApp({ desk: desk(), hosts: hosts.map((name) => name.toLowerCase()), who: () => by, fault });
  return handle(app)(event);
}

/** As the issuer names them: the address, where it was confirmed; else the subject. */
function actorOf({ requestContext }: PageEvent): string | undefined {
  const { email, email_verified: isConfirmed, sub } = claimsIn(requestContext.authorizer);
  const name = typeof email === 'string' && String(isConfirmed) === 'true' ? email : sub;
  return typeof name === 'string' && name !== '' ? printable(name, MAX_ACTOR) : undefined;
}

function claimsIn(authorizer: unknown): Readonly<Record<string, unknown>> {
  const { jwt } = (authorizer ?? {}) as { jwt?: { claims?: Readonly<Record<string, unknown>> } };
  return jwt?.claims ?? {};
}
