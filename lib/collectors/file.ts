/**
 * Inventory from files that people write. Reads and validates; a file with one mistake yields no endpoint at all,
 * because half an inventory looks like a whole one. Sends nothing anywhere.
 */
import { readFile } from 'node:fs/promises';
import type { Endpoint } from '../model/endpoint.ts';
import { type InventoryFile, inventoryFile, MAX_INVENTORY_BYTES } from '../model/files.ts';
import type { Protections } from '../model/protection.ts';
import { MAX_PROBLEMS, parseYaml, type Problem } from '../model/yaml.ts';

export interface FileInventory {
  readonly endpoints: readonly Endpoint[];
  readonly problems: readonly Problem[];
}

export async function readInventory(files: readonly string[]): Promise<FileInventory> {
  const endpoints = new Map<string, Placed>();
  const problems: Problem[] = [];
  for (const file of files) {
    const read = await readInventoryFile(file);
    problems.push(...read.problems);
    for (const placed of read.endpoints) {
      const { id } = placed.endpoint;
      const earlier = endpoints.get(id);
      if (earlier === undefined) endpoints.set(id, placed);
      else if (problems.length < MAX_PROBLEMS) {
        const message = `id ${id} is at ${earlier.file}:${earlier.line} too: every id must be its own`;
        problems.push({ file, line: placed.line, column: placed.column, message });
      }
    }
  }
  return { endpoints: problems.length > 0 ? [] : [...endpoints.values()].map((p) => p.endpoint), problems };
}

/** An endpoint, and where its id stands. */
interface Placed {
  readonly endpoint: Endpoint;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

async function readInventoryFile(
  file: string,
): Promise<{ readonly endpoints: readonly Placed[]; readonly problems: readonly Problem[] }> {
  const read = await readText(file);
  if (typeof read !== 'string') return { endpoints: [], problems: [read] };
  const parsed = parseYaml(read, file, inventoryFile, MAX_INVENTORY_BYTES);
  if (!parsed.ok) return { endpoints: [], problems: parsed.problems };
  const endpoints = parsed.value.endpoints.map((entry, i) => ({
    endpoint: endpointOf(entry, file),
    file,
    ...parsed.at(['endpoints', i, 'id']),
  }));
  return { endpoints, problems: [] };
}

/** The file's text, or the problem that stands in the way. */
export async function readText(file: string): Promise<string | Problem> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return { file, line: 1, column: 1, message: `cannot be read (${code}): check the path and its permissions` };
  }
}

function endpointOf(entry: InventoryFile['endpoints'][number], file: string): Endpoint {
  const { id, host, port, engine, account, region, name, arn, tags, addresses, declared } = entry;
  const optional = Object.fromEntries(
    Object.entries({ account, region, name, arn, addresses }).filter(([, value]) => value !== undefined),
  );
  const protections = Object.fromEntries(
    Object.entries(declared ?? {}).map(([protection, level]) => [
      protection,
      { level, basis: 'declared', evidence: `declared in ${file}` },
    ]),
  ) as Protections;
  return {
    id,
    host: host.toLowerCase(),
    port,
    engine,
    source: 'file',
    ...optional,
    tags: tags ?? {},
    declared: protections,
  };
}
