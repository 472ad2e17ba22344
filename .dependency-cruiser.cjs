// The import table of the design, as a test. Each rule says which promise it keeps.
const only = (from, ...to) => ({
  name: `${from} imports only ${to.join(', ') || 'nothing in lib'}`,
  severity: 'error',
  from: { path: `^lib/${from}/` },
  to: { path: '^(lib|functions|test|scripts)/', pathNot: [from, ...to].map((d) => `^lib/${d}/`) },
});

module.exports = {
  forbidden: [
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    only('model'),
    only('wire'),
    only('net', 'model', 'wire'),
    only('reach', 'model'),
    only('aws', 'model'),
    only('events', 'model'),
    only('assess', 'model', 'reach'),
    only('reports', 'model', 'reach'),
    only('console', 'model', 'reach'),
    only('probes', 'model', 'wire'),
    only('collectors', 'model', 'aws', 'reach'),
    only('stores', 'model', 'aws', 'reach'),
    only('sinks', 'model', 'aws', 'net'),
    only('pipeline', 'model', 'assess', 'events', 'net', 'wire'),
    only('cli', 'runtime', 'pipeline', 'model'),
    {
      name: 'runtime never imports cli',
      severity: 'error',
      from: { path: '^lib/runtime/' },
      to: { path: '^lib/cli/' },
    },
    {
      name: 'a plugin never imports a plugin',
      comment: 'Adding or removing one must touch nothing else. Named siblings are shared parts, not plugins.',
      severity: 'error',
      from: { path: '^lib/(probes|collectors|sinks)/(?!catalogue)' },
      to: { path: '^lib/$1/' },
    },
    {
      name: 'reporters import only shared parts',
      severity: 'error',
      from: { path: '^lib/reports/(csv|html|json)[.]ts$' },
      to: { path: '^lib/reports/(csv|html|json)[.]ts$' },
    },
    {
      name: 'a store never imports a store',
      severity: 'error',
      from: { path: '^lib/stores/(memory|sqlite)[.]ts$' },
      to: { path: '^lib/stores/(memory|sqlite)[.]ts$' },
    },
    {
      name: 'catalogues are for runtime, tests and scripts',
      severity: 'error',
      from: { pathNot: '^(lib/runtime|test|scripts)/' },
      to: { path: '^lib/.*/catalogue[.]ts$' },
    },
    {
      name: 'sockets live in net',
      comment: 'So that the guard is the only way out, and code with credentials cannot reach an endpoint.',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/net/' },
      to: { path: '^((node:)?(net|tls|dns|dgram|http|https|http2)(/promises)?|undici|node_modules/undici/.*)$' },
    },
    {
      name: 'the AWS SDK lives in aws, collectors, stores, sinks, runtime',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(aws|collectors|stores|sinks|runtime)/' },
      to: { path: '@aws-sdk/' },
    },
    {
      name: 'nothing shipped imports tests or scripts',
      severity: 'error',
      from: { path: '^(lib|functions)/' },
      to: { path: '^(test|scripts)/' },
    },
  ],
  options: { parser: 'swc', doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true },
};
