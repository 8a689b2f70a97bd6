// The architecture, as code. Each rule's `comment` is the sentence a reader should remember.
const only = (...patterns) => patterns.join('|')

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-alone',
      severity: 'error',
      comment: 'The domain depends on nothing: no layer, no package, no Node.',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'swarm-knows-no-ports',
      severity: 'error',
      comment: 'The swarm core is a leaf: time, randomness and memory are handed to it.',
      from: { path: '^src/domain/(swarm|access)/' },
      to: { path: '^src/domain/ports/' },
    },
    {
      name: 'application-sees-only-domain',
      severity: 'error',
      comment: 'Use cases are written in the language of the domain, and no other.',
      from: { path: '^src/application/' },
      to: { pathNot: '^src/(application|domain)/' },
    },
    {
      name: 'adapters-never-meet-application',
      severity: 'error',
      comment: 'Adapters know ports; only config introduces them to the use cases behind.',
      from: { path: '^src/adapters/' },
      to: { path: '^src/application/' },
    },
    {
      name: 'the-core-is-behind-ports',
      severity: 'error',
      comment: 'Adapters say announce and scrape; how swarms are stored is none of their business.',
      from: { path: '^src/adapters/' },
      to: { path: '^src/domain/swarm/' },
    },
    {
      name: 'nobody-depends-on-config',
      severity: 'error',
      comment: 'Settings and bindings flow in through constructors.',
      from: { pathNot: '^(src/config|test)/' },
      to: { path: '^src/config/' },
    },
    {
      name: 'inbound-never-meets-outbound',
      severity: 'error',
      comment: 'A request enters by one side of the hexagon and leaves by the other.',
      from: { path: '^src/adapters/inbound/' },
      to: { path: '^src/adapters/outbound/' },
    },
    {
      name: 'outbound-never-meets-inbound',
      severity: 'error',
      comment: 'A request enters by one side of the hexagon and leaves by the other.',
      from: { path: '^src/adapters/outbound/' },
      to: { path: '^src/adapters/(inbound|cli|protocol)/' },
    },
    {
      name: 'siblings-do-not-talk',
      severity: 'error',
      comment: 'udp, http, rest and health know nothing of each other; nor do persistence, metrics and clock.',
      from: { path: '^src/adapters/(inbound|outbound)/([^/]+)/' },
      to: { path: '^src/adapters/$1/[^/]+/', pathNot: '^src/adapters/$1/$2/' },
    },
    {
      name: 'protocol-is-pure',
      severity: 'error',
      comment: 'Codecs translate bytes. They open no socket and import no package.',
      from: { path: '^src/adapters/protocol/' },
      to: { pathNot: '^src/(adapters/protocol|domain)/' },
    },
    {
      name: 'cli-is-a-stranger',
      severity: 'error',
      comment: 'The client tools speak to any tracker, so they share only the wire with ours.',
      from: { path: '^src/adapters/cli/' },
      to: { path: '^src/', pathNot: '^src/(adapters/(cli|protocol)/|domain/[^/]+\\.ts$)' },
    },
    {
      name: 'one-container',
      severity: 'error',
      comment: 'tsyringe has one door: src/config/bindings.ts.',
      from: { pathNot: '^src/config/bindings\\.ts$' },
      to: { path: only('node_modules/tsyringe', 'node_modules/reflect-metadata') },
    },
    {
      name: 'sockets-stay-inbound',
      severity: 'error',
      comment: 'Only inbound adapters and the client tools open sockets; only udp starts threads.',
      from: { pathNot: '^(src/adapters/(inbound|cli)|src/config|test)/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(dgram|net|http|worker_threads)$' },
    },
    {
      name: 'sql-stays-in-persistence',
      severity: 'error',
      comment: 'Kysely and the drivers have one door.',
      from: { pathNot: '^(src/adapters/outbound/persistence|test)/' },
      to: {
        path: only('node_modules/kysely', 'node_modules/better-sqlite3', 'node_modules/pg/', 'node_modules/mysql2'),
      },
    },
    { name: 'no-circular', severity: 'error', comment: 'No back and forth.', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Every module is reachable from an entry point.',
      from: { orphan: true, path: '^src/', pathNot: '\\.json$' },
      to: {},
    },
    {
      name: 'src-never-imports-test',
      severity: 'error',
      comment: 'Fakes and fixtures stay in test/.',
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
