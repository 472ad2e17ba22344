import { describe, expect, it } from 'vitest';
import { doorOf, hasDoor } from '../../lib/aws/doors.ts';
import { awsEndpoint } from '../../lib/aws/endpoint.ts';
import { testCell } from '../support/aws.ts';

const FIRST = { door: '', host: 'a.example', port: 1 };
const READER = { door: 'reader', host: 'b.example', port: 2 };
const cell = testCell('redis');

function endpointAt(door: typeof FIRST) {
  return awsEndpoint(cell, { name: 'x', ...doorOf(door), engine: 'redis', declared: {} });
}

describe('doors of a resource', () => {
  it('give the first one the name of the resource alone', () => {
    expect(doorOf(FIRST)).toEqual({ host: 'a.example', port: 1 });
    expect([endpointAt(FIRST).id, endpointAt(READER).id]).toEqual([
      '111122223333/us-east-1/redis/x',
      '111122223333/us-east-1/redis/x/reader',
    ]);
  });

  it('are known by their id, whatever host they have by now', () => {
    const moved = { ...READER, host: 'c.example', port: 3 };
    expect(hasDoor(endpointAt(READER), [FIRST, moved])).toBe(true);
    expect(hasDoor(endpointAt(READER), [FIRST])).toBe(false);
    expect(hasDoor(endpointAt(FIRST), [READER])).toBe(false);
  });

  it('are not gone because a resource shows none at the moment', () => {
    expect(hasDoor(endpointAt(FIRST), [])).toBe(true);
  });

  it('are known after a rename, and under a name that another had before', () => {
    expect(hasDoor({ ...endpointAt(READER), name: 'renamed' }, [READER])).toBe(true);
    expect(hasDoor({ ...endpointAt(READER), id: `${endpointAt(READER).id}@life-2` }, [READER])).toBe(true);
  });
});
