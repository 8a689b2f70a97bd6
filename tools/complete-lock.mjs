// Run after every `npm install` that changes the lock file. A registry mirror may lack some platforms' packages, and
// npm then omits those optional packages from the lock; `npm ci` of npm 11 and later rejects such a lock as out of
// sync. This adds each missing one, with the platform derived from its name, so that the same lock installs everywhere.
import { readFileSync, writeFileSync } from 'node:fs'

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'mipsel',
  'ppc64',
  'ppc',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]
const ALIASES = { linuxmusl: 'linux', win: 'win32', windows: 'win32' }

/** `@scope/tool-linux-x64-musl` → `{ os: ['linux'], cpu: ['x64'], libc: ['musl'] }`, missing parts are omitted. */
function platformOf(name) {
  const words = name
    .split('/')
    .at(-1)
    .split(/[-_.]/)
    .map((word) => ALIASES[word] ?? word)
  const platform = {}
  const system = SYSTEMS.find((each) => words.includes(each))
  const processor = PROCESSORS.find((each) => words.includes(each))
  if (system) platform.os = [system]
  if (processor) platform.cpu = [processor]
  if (name.includes('musl')) platform.libc = ['musl']
  else if (/gnu|glibc/.test(name)) platform.libc = ['glibc']
  return platform
}

/** npm's own resolution: the nearest node_modules above the requiring package. */
function isLocked(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (packages[`${folder && `${folder}/`}node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

const file = process.argv[2] ?? 'package-lock.json'
const lock = JSON.parse(readFileSync(file, 'utf8'))
const added = []
const unclear = []
for (const [path, locked] of Object.entries(lock.packages)) {
  if (locked.link) continue
  for (const [name, range] of Object.entries(locked.optionalDependencies ?? {})) {
    if (isLocked(lock.packages, path, name)) continue
    const version = range.replace(/^[\^~]/, '')
    const platform = platformOf(name)
    if (!/^\d+\.\d+\.\d+/.test(version) || (!platform.os && !platform.cpu)) {
      unclear.push(`${name}@${range}`)
      continue
    }
    lock.packages[`node_modules/${name}`] = { version, ...(locked.dev && { dev: true }), optional: true, ...platform }
    added.push(name)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${file}: ${added.length} platform packages added`)
if (unclear.length > 0) {
  console.error(`no platform can be read off: ${unclear.join(', ')}`)
  process.exitCode = 1
}
