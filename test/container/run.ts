// Run by tools/container/check.sh: `node run.ts IMAGE`. Starts the image as hardened as an operator may want it, and as
// Torrust Tracker's image is started; each time it must answer, keep its files and stop when told to.

import { strict as assert } from 'node:assert'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Container, podman } from './container.ts'
import type { ProbeOptions, Traces } from './questions.ts'

const [image = ''] = process.argv.slice(2)
const SECONDS_TO_STOP = 5
const [, ...HEALTH_CHECK]: string[] = JSON.parse(
  await podman('image', 'inspect', '--format', '{{json .HealthCheck.Test}}', image),
)

const DATA = '/var/lib/torrust/tracker'
const VOLUME = `muster-check-${process.pid}`
const DRIVER = 'TORRUST_TRACKER_CONFIG_OVERRIDE_CORE__DATABASE__DRIVER'
const ADMIN_TOKEN = 'TORRUST_TRACKER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS__ADMIN'
const READ_TOKEN = 'MUSTER_CONFIG_OVERRIDE_HTTP_API__READ_TOKENS__PROMETHEUS'
const HARD = [
  '--read-only',
  // Podman would mount writable folders over /tmp and /run; Docker and Kubernetes do not.
  '--read-only-tmpfs=false',
  '--cap-drop=all',
  '--security-opt=no-new-privileges',
]
const HARD_WITH_DATABASE = [...HARD, '--user=10001', `--env=${DRIVER}=sqlite3`, `--volume=${VOLUME}:${DATA}`]

/** Runs `look` in a container, which must then stop in order and in time. */
async function within<T>(
  what: string,
  flags: readonly string[],
  look: (container: Container) => Promise<T>,
): Promise<T> {
  const began = performance.now()
  try {
    await using container = await Container.start(image, flags)
    const seen = await look(container)
    const { exitCode, seconds } = await container.stop()
    assert.equal(exitCode, 0, `SIGTERM: exit code ${exitCode}`)
    assert.ok(seconds < SECONDS_TO_STOP, `SIGTERM: ${seconds.toFixed(1)} s until it stopped`)
    const total = (performance.now() - began) / 1000
    console.log(`${what}: holds (${total.toFixed(1)} s, of which ${seconds.toFixed(1)} s to stop)`)
    return seen
  } catch (cause) {
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** The questions for every container. If it was given no token, the tracker's own is used. */
async function answers(container: Container, errand: Partial<ProbeOptions> = {}): Promise<Traces> {
  await container.run(...HEALTH_CHECK)
  await container.run('muster', 'health', '--ready')
  const token = errand.token ?? (await ownToken(container))
  const whole: ProbeOptions = { hasDatabase: true, health: 'everywhere', ...errand, token }
  const script = join(import.meta.dirname, 'questions.ts')
  return JSON.parse(await container.ask(process.execPath, script, JSON.stringify(whole)))
}

/** Created at the first start and private; the log shows its path but not the token; `muster` finds it by itself. */
async function ownToken(container: Container): Promise<string> {
  const file = /in (\S+\/api-token)/.exec(container.printed)?.[1] ?? 'not in the log'
  const token = await container.run('cat', file)
  assert.equal(container.printed.includes(token), false)
  assert.equal(await container.run('node', '--print', `(fs.statSync('${file}').mode & 0o777).toString(8)`), '600')
  await container.run('muster', 'stats')
  return token
}

/** Process 1 is node itself, running as `user`, and cannot gain more rights. */
async function runsAs(container: Container, user: number): Promise<void> {
  const status = await container.run('cat', '/proc/1/status')
  const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1]
  assert.equal(field('Uid'), Array(4).fill(user).join('\t'))
  assert.equal(BigInt(`0x${field('CapEff')}`), 0n)
  assert.equal(field('NoNewPrivs'), '1')
  assert.match(await container.run('cat', '/proc/1/cmdline'), /^node\0/)
}

/** Packages with native parts find them: nothing that they need was stripped from the image. */
async function nativePartsLoad(container: Container): Promise<void> {
  assert.match(container.printed, /batched driver: /)
  const script = "console.log(require('better-sqlite3')(':memory:').prepare('select 6 * 7').pluck().get())"
  assert.equal(await container.run('node', '--eval', script), '42')
}

async function hardAndKept(): Promise<void> {
  await podman('volume', 'create', VOLUME)
  try {
    const first = await within('user 10001, read-only root, no capabilities', HARD_WITH_DATABASE, async (container) => {
      await runsAs(container, 10001)
      await nativePartsLoad(container)
      await assert.rejects(container.run('cp', '/etc/passwd', '/app/x'), /Read-only file system/)
      await assert.rejects(container.run('cp', '/etc/passwd', '/tmp/x'), /Read-only file system/)
      await assert.rejects(container.run(...HEALTH_CHECK, 'http://localhost:9'), /does not answer/)
      return await answers(container)
    })
    const folder = await podman('volume', 'inspect', '--format', '{{.Mountpoint}}', VOLUME)
    const snapshot = statSync(join(folder, 'swarms.snapshot'))
    assert.equal(snapshot.mode & 0o777, 0o600)
    const second = await within('another container on the same volume', HARD_WITH_DATABASE, (container) =>
      answers(container, { earlier: first }),
    )
    assert.ok(statSync(join(folder, 'swarms.snapshot')).mtimeMs > snapshot.mtimeMs, 'the snapshot is an old one')
    rmSync(join(folder, 'swarms.snapshot'))
    const counted = { ...second, peers: [], scrape: { seeders: 0, completed: 1, leechers: 0 } }
    await within('a third one, without the snapshot', HARD_WITH_DATABASE, (container) =>
      answers(container, { earlier: counted }),
    )
  } finally {
    await podman('volume', 'rm', '--force', VOLUME)
  }
}

/** As in clusters that give each tenant its own user id, without a group; and without a database. */
async function asArbitraryUser(): Promise<void> {
  await within('user 5000 of group 0, no database', [...HARD, '--user=5000'], async (container) => {
    await runsAs(container, 5000)
    await answers(container, { hasDatabase: false })
  })
}

/** A folder of this machine, owned by root, for the duration of `use`. */
async function withStorage(use: (storage: string) => Promise<void>): Promise<void> {
  const storage = mkdtempSync(join(tmpdir(), 'muster-container-'))
  for (const name of ['lib', 'log', 'etc']) mkdirSync(join(storage, name))
  try {
    await use(storage)
  } finally {
    rmSync(storage, { recursive: true, force: true })
  }
}

/** Folders owned by root, a user id, a database driver: what a compose file for Torrust Tracker has. */
async function asTorrust(storage: string): Promise<void> {
  for (const name of ['token', 'read-token']) {
    writeFileSync(join(storage, name), `a-${name}-in-a-file\n`, { mode: 0o600 })
  }
  const flags = [
    `--volume=${storage}/lib:${DATA}`,
    `--volume=${storage}/log:/var/log/torrust/tracker`,
    `--volume=${storage}/etc:/etc/torrust/tracker`,
    `--volume=${storage}/token:/run/secrets/token:ro`,
    `--volume=${storage}/read-token:/run/secrets/read-token:ro`,
    '--env=USER_ID=1234',
    `--env=${DRIVER}=sqlite3`,
    `--env=${ADMIN_TOKEN}_FILE=/run/secrets/token`,
    `--env=${READ_TOKEN}_FILE=/run/secrets/read-token`,
  ]
  await within('started as root, with USER_ID', flags, async (container) => {
    await runsAs(container, 1234)
    await answers(container, { token: 'a-token-in-a-file' })
    for (const variable of [ADMIN_TOKEN, READ_TOKEN]) {
      assert.match(container.printed, new RegExp(`overridden by ${variable}"`))
    }
    assert.doesNotMatch(container.printed, /token-in-a-file/)
    await container.run('muster', 'config', 'check')
  })
  assert.deepEqual(readdirSync(join(storage, 'etc')), ['tracker.toml'])
  for (const path of ['etc', 'etc/tracker.toml', 'lib', 'lib/database', 'lib/connection-id.key', 'log']) {
    assert.equal(statSync(join(storage, path)).uid, 1234, `${path}: owner`)
  }
}

/** A Torrust Tracker document, which has no data directory and must not be changed. */
async function withOldDocument(storage: string): Promise<void> {
  const document = join(storage, 'etc/tracker.toml')
  const text = `
[metadata]
schema_version = "2.0.0"
[logging]
threshold = "info"
[core]
listed = false
private = false
[[udp_trackers]]
bind_address = "0.0.0.0:6969"
[[http_trackers]]
bind_address = "0.0.0.0:7070"
[core.database]
driver = "sqlite3"
path = "/var/lib/torrust/tracker/database/sqlite3.db"
[http_api]
bind_address = "0.0.0.0:1212"
`
  writeFileSync(document, text, { mode: 0o644 })
  const flags = [`--volume=${storage}/lib:${DATA}`, `--volume=${document}:/etc/torrust/tracker/tracker.toml:ro`]
  await within('a document of schema 2.0.0, mounted read-only', flags, (container) =>
    answers(container, { health: 'inside' }),
  )
  assert.equal(readFileSync(document, 'utf8'), text)
  for (const name of ['connection-id.key', 'api-token', 'swarms.snapshot']) {
    const { uid, mode } = statSync(join(storage, 'lib', name))
    assert.deepEqual([uid, mode & 0o777], [1000, 0o600], name)
  }
}

/** A start that cannot succeed reports why in one sentence. */
function refuses(): void {
  const starts: readonly [string, RegExp][] = [
    ['--env=USER_ID=0', /USER_ID must be a number of 1000 or more; got 0/],
    ['--cap-drop=all', /started as root without the right to become user 1000/],
    [`--env=${DRIVER}=oracle`, /there is no database driver "oracle"/],
    [
      `--env=${DRIVER.replace('DRIVER', 'PASSWORD_FILE')}=/none`,
      /PASSWORD_FILE: \/none is empty, or user 0 cannot read it/,
    ],
    // As Torrust Tracker's compose file sets it.
    [`--env=${ADMIN_TOKEN}=MyAccessToken`, /http_api\.access_tokens\.admin: shorter than 16 bytes/],
  ]
  for (const [flag, sentence] of starts) assert.match(Container.failure(image, [flag]), sentence)
  console.log('starts that cannot succeed: refused with a sentence each')
}

await hardAndKept()
await asArbitraryUser()
await withStorage(asTorrust)
await withStorage(withOldDocument)
refuses()
