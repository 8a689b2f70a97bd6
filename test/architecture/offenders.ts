// One small violation of each rule of .dependency-cruiser.cjs: a file and its content. Written to a temporary tree,
// where `packages` and the innocent files below exist too, so that each offender breaks only its own rule.

export interface Offender {
  readonly rule: string
  readonly file: string
  readonly source: string
}

export const INNOCENT: Readonly<Record<string, string>> = {
  'src/domain/scrape.ts': `import { spread } from './swarm/spread.ts'\nexport const scrape = spread\n`,
  'src/domain/swarm/spread.ts': `export const spread = 1\n`,
  'src/domain/ports/outbound/clock.ts': `import { scrape } from '../../scrape.ts'\nexport const clock = scrape\n`,
  'src/application/tracker.ts': `import { clock } from '../domain/ports/outbound/clock.ts'\nexport const tracker = clock\n`,
  'src/adapters/protocol/udp/reply.ts': `import { scrape } from '../../../domain/scrape.ts'\nexport const reply = scrape\n`,
  'src/adapters/inbound/http/server.ts':
    `import { createServer } from 'node:http'\nimport { Hono } from 'hono'\n` +
    `export const server = [createServer, Hono]\n`,
  'src/adapters/linux/calls.ts': `import koffi from 'koffi'\nexport const calls = koffi\n`,
  'src/adapters/inbound/udp/socket.ts':
    `import { calls } from '../../linux/calls.ts'\nimport { reply } from '../../protocol/udp/reply.ts'\n` +
    `export const socket = [calls, reply]\n`,
  'src/adapters/load/run.ts':
    `import { Worker } from 'node:worker_threads'\nimport { createSocket } from 'node:dgram'\n` +
    `import 'hdr-histogram-js'\nimport { calls } from '../linux/calls.ts'\n` +
    `import { reply } from '../protocol/udp/reply.ts'\nexport const run = [Worker, createSocket, calls, reply]\n`,
  'src/adapters/cli/load.ts': `export { run } from '../load/run.ts'\n`,
  'src/adapters/outbound/system/clock.ts': `export { clock } from '../../../domain/ports/outbound/clock.ts'\n`,
  'src/adapters/cli/ask.ts':
    `import { createSocket } from 'node:dgram'\nimport { Command } from 'commander'\n` +
    `import { reply } from '../protocol/udp/reply.ts'\nexport const ask = [createSocket, Command, reply]\n`,
  // One half of a circle; the tool reports the other half, once per circle.
  'src/config/hen.ts': `import { egg } from './egg.ts'\nexport const hen = egg\n`,
  'src/config/process/logger.ts': `import { pino } from 'pino'\nexport const logger = pino\n`,
  'src/config/wiring/bindings.ts': `import 'reflect-metadata'\nexport { container } from 'tsyringe'\n`,
  'src/config/settings/read.ts': `import { parse } from 'smol-toml'\nimport 'valibot'\nexport const read = parse\n`,
  'src/adapters/protocol/rest/contract.ts':
    `import 'valibot'\nimport '@valibot/to-json-schema'\nimport { scrape } from '../../../domain/scrape.ts'\n` +
    `export const contract = scrape\n`,
  'src/adapters/client/udp-client.ts':
    `import { createSocket } from 'node:dgram'\nexport { reply } from '../protocol/udp/reply.ts'\n` +
    `export const client = createSocket\n`,
  'src/adapters/client/rest-client.ts': `import { contract } from '../protocol/rest/contract.ts'\nexport const client = contract\n`,
  'src/adapters/cli/import/read.ts': `import { parse } from 'yaml'\nexport const read = parse\n`,
  'src/adapters/cli/keys.ts': `export { client } from '../client/rest-client.ts'\n`,
  'src/adapters/outbound/persistence/kysely.ts': `export { Kysely } from 'kysely'\n`,
  'src/adapters/outbound/network/webhooks/post.ts':
    `import { request } from 'node:https'\nimport { connect } from 'node:net'\n` +
    `export { clock } from '../../../../domain/ports/outbound/clock.ts'\nexport const post = [request, connect]\n`,
  'src/adapters/outbound/network/webhooks/sign.ts': `export { post } from './post.ts'\n`,
  'test/fakes/clock.ts': `export const fakeClock = 1\n`,
}

/** In the temporary tree every package is an empty module; the last two are not among its dependencies. */
export const SHIPPED = [
  '@valibot/to-json-schema',
  'commander',
  'hdr-histogram-js',
  'hono',
  'koffi',
  'kysely',
  'pino',
  'reflect-metadata',
  'smol-toml',
  'tsyringe',
  'valibot',
  'yaml',
]
export const DEVELOPMENT = ['jest']
export const UNDECLARED = ['guest']

export const OFFENDERS: readonly Offender[] = [
  { rule: 'domain-is-alone', file: 'src/domain/swarm/now.ts', source: `import { hrtime } from 'node:process'` },
  {
    rule: 'domain-is-alone',
    file: 'src/domain/wire.ts',
    source: `import { reply } from '../adapters/protocol/udp/reply.ts'`,
  },
  {
    rule: 'domain-is-alone',
    file: 'src/domain/use.ts',
    source: `import type { tracker } from '../application/tracker.ts'`,
  },
  {
    rule: 'core-knows-no-ports',
    file: 'src/domain/swarm/timed.ts',
    source: `import { clock } from '../ports/outbound/clock.ts'`,
  },
  {
    rule: 'core-knows-no-ports',
    file: 'src/domain/access/timed.ts',
    source: `import type { clock } from '../ports/outbound/clock.ts'`,
  },
  { rule: 'application-sees-domain', file: 'src/application/files.ts', source: `import { open } from 'node:fs'` },
  {
    rule: 'application-sees-domain',
    file: 'src/application/codec.ts',
    source: `import { reply } from '../adapters/protocol/udp/reply.ts'`,
  },
  {
    rule: 'adapters-never-meet-application',
    file: 'src/adapters/inbound/udp/direct.ts',
    source: `import type { tracker } from '../../../application/tracker.ts'`,
  },
  {
    rule: 'core-stays-behind-ports',
    file: 'src/adapters/inbound/http/peek.ts',
    source: `import { spread } from '../../../domain/swarm/spread.ts'`,
  },
  {
    rule: 'nothing-imports-config',
    file: 'src/adapters/inbound/http/settings.ts',
    source: `import { read } from '../../../config/settings/read.ts'`,
  },
  {
    rule: 'inbound-never-meets-outbound',
    file: 'src/adapters/inbound/http/clock.ts',
    source: `import { clock } from '../../outbound/system/clock.ts'`,
  },
  {
    rule: 'outbound-never-meets-inbound',
    file: 'src/adapters/outbound/system/wire.ts',
    source: `import { reply } from '../../protocol/udp/reply.ts'`,
  },
  {
    rule: 'siblings-never-meet',
    file: 'src/adapters/inbound/http/neighbour.ts',
    source: `import { socket } from '../udp/socket.ts'`,
  },
  {
    rule: 'siblings-never-meet',
    file: 'src/adapters/protocol/http/neighbour.ts',
    source: `import { reply } from '../udp/reply.ts'`,
  },
  {
    rule: 'siblings-never-meet',
    file: 'src/adapters/outbound/metrics/neighbour.ts',
    source: `import { clock } from '../system/clock.ts'`,
  },
  {
    rule: 'protocol-is-pure',
    file: 'src/adapters/protocol/udp/buffer.ts',
    source: `import { Buffer } from 'node:buffer'`,
  },
  {
    rule: 'contract-is-pure',
    file: 'src/adapters/protocol/rest/hash.ts',
    source: `import { createHash } from 'node:crypto'`,
  },
  {
    rule: 'contract-is-pure',
    file: 'src/adapters/protocol/rest/tracker.ts',
    source: `import type { clock } from '../../../domain/ports/outbound/clock.ts'`,
  },
  {
    rule: 'clients-know-the-wire',
    file: 'src/adapters/client/files.ts',
    source: `import { readFile } from 'node:fs/promises'`,
  },
  {
    rule: 'clients-know-the-wire',
    file: 'src/adapters/client/threads.ts',
    source: `import { Worker } from 'node:worker_threads'`,
  },
  {
    rule: 'clients-know-the-wire',
    file: 'src/adapters/client/inside.ts',
    source: `import type { clock } from '../../domain/ports/outbound/clock.ts'`,
  },
  {
    rule: 'cli-is-a-client',
    file: 'src/adapters/cli/inside.ts',
    source: `import type { clock } from '../../domain/ports/outbound/clock.ts'`,
  },
  {
    rule: 'linux-is-a-leaf',
    file: 'src/adapters/linux/tracker.ts',
    source: `import { reply } from '../protocol/udp/reply.ts'`,
  },
  {
    rule: 'load-knows-the-wire',
    file: 'src/adapters/load/asking.ts',
    source: `import { client } from '../client/udp-client.ts'`,
  },
  {
    rule: 'nothing-served-loads',
    file: 'src/config/loading.ts',
    source: `import { run } from '../adapters/load/run.ts'`,
  },
  {
    rule: 'siblings-never-meet',
    file: 'src/adapters/outbound/network/log/neighbour.ts',
    source: `import { post } from '../webhooks/post.ts'`,
  },
  {
    rule: 'siblings-never-meet',
    file: 'src/adapters/outbound/metrics/caller.ts',
    source: `import { post } from '../network/webhooks/post.ts'`,
  },
  {
    rule: 'siblings-never-meet',
    file: 'src/adapters/outbound/network/log/clock.ts',
    source: `import { clock } from '../../system/clock.ts'`,
  },
  ...['dgram', 'http', 'http2', 'https', 'net', 'tls'].map((module) => ({
    rule: 'sockets-at-the-edge',
    file: `src/adapters/outbound/metrics/${module}.ts`,
    source: `import * as ${module} from 'node:${module}'`,
  })),
  {
    rule: 'sockets-at-the-edge',
    file: 'src/adapters/outbound/networking.ts',
    source: `import { connect } from 'node:net'`,
  },
  ...['cluster', 'worker_threads'].map((module) => ({
    rule: 'threads-in-config',
    file: `src/adapters/outbound/network/log/${module}.ts`,
    source: `import * as ${module} from 'node:${module}'`,
  })),
  {
    rule: 'threads-in-config',
    file: 'src/adapters/inbound/udp/thread.ts',
    source: `import { parentPort } from 'node:worker_threads'`,
  },
  { rule: 'container-in-bindings', file: 'src/config/second.ts', source: `import { container } from 'tsyringe'` },
  { rule: 'container-in-bindings', file: 'src/config/decorated.ts', source: `import 'reflect-metadata'` },
  { rule: 'hono-in-http-servers', file: 'src/config/app.ts', source: `import { Hono } from 'hono'` },
  { rule: 'ffi-at-the-edge', file: 'src/adapters/inbound/http/native.ts', source: `import koffi from 'koffi'` },
  { rule: 'logger-in-config', file: 'src/adapters/inbound/udp/chatty.ts', source: `import { pino } from 'pino'` },
  { rule: 'documents-in-settings', file: 'src/config/late.ts', source: `import { parse } from 'smol-toml'` },
  { rule: 'schemas-where-data-enters', file: 'src/adapters/cli/checked.ts', source: `import * as v from 'valibot'` },
  {
    rule: 'descriptions-of-the-contract',
    file: 'src/config/described.ts',
    source: `import { toJsonSchema } from '@valibot/to-json-schema'`,
  },
  { rule: 'yaml-in-imports', file: 'src/config/yaml.ts', source: `import { parse } from 'yaml'` },
  { rule: 'commander-in-cli', file: 'src/config/arguments.ts', source: `import { Command } from 'commander'` },
  { rule: 'percentiles-in-tools', file: 'src/adapters/cli/slow.ts', source: `import 'hdr-histogram-js'` },
  {
    rule: 'sql-in-persistence',
    file: 'src/adapters/outbound/metrics/sql.ts',
    source: `import { Kysely } from 'kysely'`,
  },
  { rule: 'src-imports-what-it-ships', file: 'src/config/tested.ts', source: `import 'jest'` },
  { rule: 'src-imports-what-it-ships', file: 'src/config/guest.ts', source: `import 'guest'` },
  { rule: 'imports-resolve', file: 'src/config/nowhere.ts', source: `import { gone } from './gone.ts'` },
  { rule: 'no-circles', file: 'src/config/egg.ts', source: `import { hen } from './hen.ts'\nexport const egg = hen` },
  { rule: 'no-orphans', file: 'src/config/forgotten.ts', source: 'export const forgotten = 1' },
  {
    rule: 'tests-stay-out',
    file: 'src/config/fake.ts',
    source: `import { fakeClock } from '../../test/fakes/clock.ts'`,
  },
]
