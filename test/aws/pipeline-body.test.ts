import { describe, expect, it } from 'vitest';
import { readPipelineBody } from '../../lib/aws/pipeline-body.ts';

const pipeline = (source: string, sink = 'opensearch: {hosts: ["https://d"]}'): string =>
  `version: "2"\nlogs:\n  source:\n    ${source}\n  sink:\n    - ${sink}\n`;

describe('the configuration of a pipeline', () => {
  it.each([
    ['http: {path: /in}', 'pushed'],
    ['otel_trace_source: {path: /v1/traces}', 'pushed'],
    ['something_new: {}', 'pushed'],
    ['s3: {bucket: b}', 'pulled'],
    ['dynamodb: {tables: []}', 'pulled'],
  ])('tells whether clients push: %s', (source, intake) => {
    expect(readPipelineBody(pipeline(source)).intake).toBe(intake);
  });

  it('is open to pushes when one of its parts is', () => {
    const two = `${pipeline('s3: {bucket: b}')}other:\n  source:\n    http: {path: /in}\n`;
    expect(readPipelineBody(two)).toMatchObject({ intake: 'pushed', sources: ['s3', 'http'] });
  });

  it('does not count what one part sends to the next', () => {
    const two = `${pipeline('s3: {bucket: b}')}next:\n  source:\n    pipeline: {name: logs}\n`;
    expect(readPipelineBody(two)).toMatchObject({ intake: 'pulled', sources: ['s3'] });
  });

  it('finds certificate checks that are switched off, however deep', () => {
    expect(readPipelineBody(pipeline('http: {}', 'opensearch: {aws: {x: [{insecure: true}]}}')).insecure).toBe(true);
    expect(readPipelineBody(pipeline('http: {}', 'opensearch: {insecure: false}')).insecure).toBe(false);
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['no YAML', 'a: [b'],
    ['a list', '- a'],
    ['aliases', 'a: &x {source: {s3: {}}}\nb: *x'],
    ['too much', `a: ${'x'.repeat(70_000)}`],
    ['no source', 'version: "2"'],
  ])('is not understood: %s', (_, text) => {
    expect(readPipelineBody(text).intake).toBeUndefined();
  });

  it('gives up on a configuration that holds too many values', () => {
    const many = `a: {source: {http: {}}, list: [${'1,'.repeat(12_000)}1]}`;
    expect(readPipelineBody(many).insecure).toBeUndefined();
  });
});
