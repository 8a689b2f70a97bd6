// The architecture as code: `npm run check:architecture` reads it, test/architecture/ breaks every rule on purpose.
// A rule that seems to need an exception means that a file stands in the wrong folder.

/** Packages that come in by one door. What is not named here may be imported by any adapter and by config. */
const DOORS = [
  {
    name: 'container-in-bindings',
    comment: 'tsyringe is an implementation detail of one file; everything else has plain constructors.',
    packages: ['tsyringe', 'reflect-metadata'],
    door: '^src/config/wiring/bindings\\.ts$',
  },
  {
    name: 'hono-in-http-servers',
    comment: 'The web framework belongs to the listeners that speak HTTP.',
    packages: ['hono', '@hono/[^/]+'],
    door: '^src/adapters/inbound/(http|rest|health)/',
  },
  {
    name: 'ffi-at-the-edge',
    comment: 'Foreign calls serve the batched UDP driver and advice to the operating system, and nothing else.',
    packages: ['koffi', '@koromix/[^/]+'],
    door: '^src/adapters/(inbound/udp|outbound/system)/',
  },
  {
    name: 'logger-in-config',
    comment: 'The edge logs. Whoever stands further in returns, throws or counts.',
    packages: ['pino', 'pino-pretty'],
    door: '^src/config/',
  },
  {
    name: 'documents-in-settings',
    comment: 'Configuration documents are parsed and checked in one place.',
    packages: ['smol-toml', 'toml-eslint-parser'],
    door: '^src/config/settings/',
  },
  {
    name: 'schemas-where-data-enters',
    comment:
      'Configuration documents and the contract of the management API are described by schemas; nothing else is.',
    packages: ['valibot'],
    door: '^src/(config/settings|adapters/protocol/rest)/',
  },
  {
    name: 'descriptions-of-the-contract',
    comment: 'Schemas become JSON Schema where the contract becomes OpenAPI.',
    packages: ['@valibot/to-json-schema'],
    door: '^src/adapters/protocol/rest/',
  },
  {
    name: 'commander-in-cli',
    comment: 'Command lines are read where the commands are.',
    packages: ['commander'],
    door: '^src/adapters/cli/',
  },
  {
    name: 'sql-in-persistence',
    comment: 'Query builder and database drivers belong to the adapter that stores things.',
    packages: ['kysely', 'better-sqlite3', 'pg', 'mysql2'],
    door: '^src/adapters/outbound/persistence/',
  },
]

const doorRule = ({ name, comment, packages, door }) => ({
  name,
  severity: 'error',
  comment,
  from: { path: '^src/', pathNot: door },
  to: { path: `(^|/)node_modules/(${packages.join('|')})/` },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-alone',
      severity: 'error',
      comment: 'What a tracker is can be said without Node, without packages and without the other layers.',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'core-knows-no-ports',
      severity: 'error',
      comment: 'Swarms and access tables are leaves: time, chance and memory are arguments.',
      from: { path: '^src/domain/(swarm|access)/' },
      to: { path: '^src/domain/ports/' },
    },
    {
      name: 'application-sees-domain',
      severity: 'error',
      comment: 'Use cases speak the language of the domain and no other.',
      from: { path: '^src/application/' },
      to: { pathNot: '^src/(application|domain)/' },
    },
    {
      name: 'adapters-never-meet-application',
      severity: 'error',
      comment: 'An adapter knows a port; config alone knows who stands behind it.',
      from: { path: '^src/adapters/' },
      to: { path: '^src/application/' },
    },
    {
      name: 'core-stays-behind-ports',
      severity: 'error',
      comment: 'Adapters see the ports and the words at the root of the domain, not how swarms are kept.',
      from: { path: '^src/adapters/' },
      to: { path: '^src/domain/[^/]+/', pathNot: '^src/domain/ports/' },
    },
    {
      name: 'nobody-asks-config',
      severity: 'error',
      comment: 'Settings arrive through constructors; nothing reaches back for them.',
      from: { path: '^src/', pathNot: '^src/config/' },
      to: { path: '^src/config/' },
    },
    {
      name: 'inbound-never-meets-outbound',
      severity: 'error',
      comment: 'What comes in passes through the application before it goes out.',
      from: { path: '^src/adapters/inbound/' },
      to: { path: '^src/adapters/outbound/' },
    },
    {
      name: 'outbound-never-meets-inbound',
      severity: 'error',
      comment: 'Stores, clocks and counters serve the application; they know no requests and no wire format.',
      from: { path: '^src/adapters/outbound/' },
      to: { path: '^src/adapters/(inbound|cli|client|protocol)/' },
    },
    {
      name: 'siblings-are-strangers',
      severity: 'error',
      // Each folder in outbound/network is an adapter of its own.
      comment: 'udp and http know nothing of each other, as listeners and as codecs; nor do the outbound adapters.',
      from: { path: '^src/adapters/(inbound|outbound|protocol)/((?:network/)?[^/]+)/' },
      to: { path: '^src/adapters/$1/[^/]+/', pathNot: '^src/adapters/$1/$2/' },
    },
    {
      name: 'protocol-is-pure',
      severity: 'error',
      comment: 'Codecs turn bytes into words and back: no socket, no package, no Node module.',
      from: { path: '^src/adapters/protocol/', pathNot: '^src/adapters/protocol/rest/' },
      to: { pathNot: '^src/(adapters/protocol|domain)/' },
    },
    {
      name: 'contract-is-pure',
      severity: 'error',
      comment:
        'The contract of the management API is schemas and the words of the domain: no framework, no tracker, no Node module.',
      from: { path: '^src/adapters/protocol/rest/' },
      to: {
        pathNot: '^src/(adapters/protocol/|domain/[^/]+$)|(^|/)node_modules/(valibot|@valibot/to-json-schema)/',
      },
    },
    {
      name: 'clients-know-the-wire',
      severity: 'error',
      comment:
        'A client works against any tracker: it sees what goes over the wire, the words at the root of the domain, and sockets.',
      from: { path: '^src/adapters/client/' },
      to: {
        pathNot: '^src/(adapters/(client|protocol)/|domain/[^/]+$)|^(node:)?(buffer|dgram|events|http|https|net)$',
      },
    },
    {
      name: 'cli-is-a-stranger',
      severity: 'error',
      comment:
        'The commands work against any tracker, so all they share with this one is the wire and who speaks over it.',
      from: { path: '^src/adapters/cli/' },
      to: { path: '^src/adapters/|^src/domain/[^/]+/', pathNot: '^src/adapters/(cli|client|protocol)/' },
    },
    {
      name: 'sockets-at-the-edge',
      severity: 'error',
      // An outbound adapter that has to speak to another node, or to call a URL, stands in outbound/network: the folder then
      // lists all that the tracker sends on its own account. Stores, clocks and counters open no sockets.
      comment: 'Listeners, clients, commands, config and outbound/network open sockets; nothing else does.',
      from: { path: '^src/', pathNot: '^src/(adapters/(inbound|cli|client|outbound/network)|config)/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(dgram|http|http2|https|net|tls)$' },
    },
    {
      name: 'threads-in-config',
      severity: 'error',
      // Clients have a rule of their own, which is stricter.
      comment: 'Config starts threads and composes them; code that is handed what it needs runs in any.',
      from: { path: '^src/', pathNot: '^src/(config|adapters/client)/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(cluster|worker_threads)$' },
    },
    ...DOORS.map(doorRule),
    {
      name: 'src-imports-what-it-ships',
      severity: 'error',
      comment: 'A package that src imports is a dependency, not a tool of development and not a guest of another one.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-optional'] },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'An import that leads nowhere would slip past every rule above.',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'If two files need each other, one of them holds a third.',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nothing imports and that imports nothing has been forgotten.',
      from: { path: '^src/', orphan: true },
      to: {},
    },
    {
      name: 'tests-stay-out',
      severity: 'error',
      comment: 'What ships does not lean on fakes and fixtures.',
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
