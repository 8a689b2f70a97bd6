// The architecture as code: `npm run check:architecture` reads it, test/architecture/ breaks every rule on purpose.
// If a rule seems to need an exception, a file is in the wrong folder.

/** Packages that only certain folders may import. All others may be imported by any adapter and by config. */
const RESTRICTED = [
  {
    name: 'container-in-bindings',
    comment: 'tsyringe is an implementation detail of one file; everything else has plain constructors.',
    packages: ['tsyringe', 'reflect-metadata'],
    allowed: '^src/config/wiring/bindings\\.ts$',
  },
  {
    name: 'hono-in-http-servers',
    comment: 'The web framework belongs to the HTTP listeners.',
    packages: ['hono', '@hono/[^/]+'],
    allowed: '^src/adapters/inbound/(http|rest|health)/',
  },
  {
    name: 'ffi-at-the-edge',
    comment: 'Foreign function calls are only for the calls that sockets need and advice to the operating system.',
    packages: ['koffi', '@koromix/[^/]+'],
    allowed: '^src/adapters/(linux|outbound/system)/',
  },
  {
    name: 'logger-in-config',
    comment: 'Only config logs. Inner layers return, throw or count.',
    packages: ['pino', 'pino-pretty'],
    allowed: '^src/config/',
  },
  {
    name: 'documents-in-settings',
    comment: 'Configuration documents are parsed and checked in one place.',
    packages: ['smol-toml', 'toml-eslint-parser'],
    allowed: '^src/config/settings/',
  },
  {
    name: 'schemas-where-data-enters',
    comment: 'Only configuration documents and the contract of the management API are described by schemas.',
    packages: ['valibot'],
    allowed: '^src/(config/settings|adapters/protocol/rest)/',
  },
  {
    name: 'descriptions-of-the-contract',
    comment: 'Schemas are converted to JSON Schema where the contract is converted to OpenAPI.',
    packages: ['@valibot/to-json-schema'],
    allowed: '^src/adapters/protocol/rest/',
  },
  {
    name: 'commander-in-cli',
    comment: 'Command lines are parsed next to the commands.',
    packages: ['commander'],
    allowed: '^src/adapters/cli/',
  },
  {
    name: 'yaml-in-imports',
    comment: 'Only configurations of other trackers are YAML.',
    packages: ['yaml'],
    allowed: '^src/adapters/cli/import/',
  },
  {
    name: 'percentiles-in-tools',
    comment: 'The tracker counts in buckets of its own; only its tools need exact percentiles.',
    packages: ['hdr-histogram-js'],
    allowed: '^src/adapters/(?:load|cli/monitor)/',
  },
  {
    name: 'sql-in-persistence',
    comment: 'The query builder and the database drivers belong to the persistence adapter.',
    packages: ['kysely', 'better-sqlite3', 'pg', 'mysql2'],
    allowed: '^src/adapters/outbound/persistence/',
  },
]

const restrictedRule = ({ name, comment, packages, allowed }) => ({
  name,
  severity: 'error',
  comment,
  from: { path: '^src/', pathNot: allowed },
  to: { path: `(^|/)node_modules/(${packages.join('|')})/` },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-alone',
      severity: 'error',
      comment: 'The domain needs no Node modules, no packages and no other layer.',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'core-knows-no-ports',
      severity: 'error',
      comment: 'Swarms and access tables are leaves: time, randomness and memory are passed as arguments.',
      from: { path: '^src/domain/(swarm|access)/' },
      to: { path: '^src/domain/ports/' },
    },
    {
      name: 'application-sees-domain',
      severity: 'error',
      comment: 'Use cases depend on the domain only.',
      from: { path: '^src/application/' },
      to: { pathNot: '^src/(application|domain)/' },
    },
    {
      name: 'adapters-never-meet-application',
      severity: 'error',
      comment: 'An adapter knows a port; only config knows its implementation.',
      from: { path: '^src/adapters/' },
      to: { path: '^src/application/' },
    },
    {
      name: 'core-stays-behind-ports',
      severity: 'error',
      comment: 'Adapters see the ports and the types at the root of the domain, not how swarms are stored.',
      from: { path: '^src/adapters/' },
      to: { path: '^src/domain/[^/]+/', pathNot: '^src/domain/ports/' },
    },
    {
      name: 'nothing-imports-config',
      severity: 'error',
      comment: 'Settings are passed to constructors; no other layer imports them.',
      from: { path: '^src/', pathNot: '^src/config/' },
      to: { path: '^src/config/' },
    },
    {
      name: 'inbound-never-meets-outbound',
      severity: 'error',
      comment: 'Inbound adapters reach outbound ones only through the application.',
      from: { path: '^src/adapters/inbound/' },
      to: { path: '^src/adapters/outbound/' },
    },
    {
      name: 'outbound-never-meets-inbound',
      severity: 'error',
      comment: 'Stores, clocks and counters serve the application and know no requests or wire formats.',
      from: { path: '^src/adapters/outbound/' },
      to: { path: '^src/adapters/(inbound|cli|client|load|protocol)/' },
    },
    {
      name: 'siblings-never-meet',
      severity: 'error',
      // Each folder in outbound/network is an adapter of its own.
      comment: 'udp and http do not depend on each other, as listeners or as codecs; nor do the outbound adapters.',
      from: { path: '^src/adapters/(inbound|outbound|protocol)/((?:network/)?[^/]+)/' },
      to: { path: '^src/adapters/$1/[^/]+/', pathNot: '^src/adapters/$1/$2/' },
    },
    {
      name: 'protocol-is-pure',
      severity: 'error',
      comment: 'Codecs convert bytes to domain types and back: no socket, no package, no Node module.',
      from: { path: '^src/adapters/protocol/', pathNot: '^src/adapters/protocol/rest/' },
      to: { pathNot: '^src/(adapters/protocol|domain)/' },
    },
    {
      name: 'contract-is-pure',
      severity: 'error',
      comment:
        'The contract of the management API is schemas and domain types: no framework, no tracker, no Node module.',
      from: { path: '^src/adapters/protocol/rest/' },
      to: {
        pathNot: '^src/(adapters/protocol/|domain/[^/]+$)|(^|/)node_modules/(valibot|@valibot/to-json-schema)/',
      },
    },
    {
      name: 'clients-know-the-wire',
      severity: 'error',
      comment:
        'A client works with any tracker: it depends on the wire format, the types at the root of the domain, and sockets.',
      from: { path: '^src/adapters/client/' },
      to: {
        pathNot:
          '^src/(adapters/(client|protocol)/|domain/[^/]+$)|^(node:)?(buffer|dgram|dns/promises|events|http|https|net|tls|util|zlib)$',
      },
    },
    {
      name: 'linux-is-a-leaf',
      severity: 'error',
      comment: 'System calls know nothing of trackers: listeners and load generator share them.',
      from: { path: '^src/adapters/linux/' },
      to: {
        pathNot:
          '^src/(adapters/(linux/|protocol/[^/]+$)|domain/[^/]+$)|(^|/)node_modules/koffi/|^(node:)?(os|process)$',
      },
    },
    {
      name: 'load-knows-the-wire',
      severity: 'error',
      comment: 'The load generator loads any tracker: it shares with this one the wire format and the system calls.',
      from: { path: '^src/adapters/load/' },
      to: { path: '^src/adapters/|^src/domain/[^/]+/', pathNot: '^src/adapters/(load|linux|protocol)/' },
    },
    {
      name: 'nothing-served-loads',
      severity: 'error',
      comment: 'What generates load is reached by its command only.',
      from: { path: '^src/', pathNot: '^src/adapters/(cli|load)/' },
      to: { path: '^src/adapters/load/' },
    },
    {
      name: 'cli-is-a-client',
      severity: 'error',
      comment:
        'The commands work with any tracker: they share only wire format, clients and load generator with this one.',
      from: { path: '^src/adapters/cli/' },
      to: { path: '^src/adapters/|^src/domain/[^/]+/', pathNot: '^src/adapters/(cli|client|load|protocol)/' },
    },
    {
      name: 'sockets-at-the-edge',
      severity: 'error',
      // An outbound adapter that has to speak to another node, or to call a URL, stands in outbound/network: the folder
      // then lists all that the tracker sends on its own account. Stores, clocks and counters open no sockets.
      comment: 'Listeners, clients, commands, load, config and outbound/network open sockets; nothing else does.',
      from: { path: '^src/', pathNot: '^src/(adapters/(inbound|cli|client|load|outbound/network)|config)/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(dgram|http|http2|https|net|tls)$' },
    },
    {
      name: 'threads-in-config',
      severity: 'error',
      // Clients have a rule of their own, which is stricter.
      comment: 'Config starts threads, and the load generator its own; code that is handed what it needs runs in any.',
      from: { path: '^src/', pathNot: '^src/(config|adapters/(client|load))/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(cluster|worker_threads)$' },
    },
    ...RESTRICTED.map(restrictedRule),
    {
      name: 'src-imports-what-it-ships',
      severity: 'error',
      comment: 'A package that src imports must be a dependency, not a development or transitive one.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-optional'] },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'An import that does not resolve would evade every rule above.',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'If two files need each other, extract a third one.',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that imports nothing and is imported nowhere is a leftover.',
      from: { path: '^src/', orphan: true },
      to: {},
    },
    {
      name: 'tests-stay-out',
      severity: 'error',
      comment: 'Shipped code does not depend on fakes and fixtures.',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
