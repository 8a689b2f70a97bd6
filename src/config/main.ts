#!/usr/bin/env node
// Entry point. Imports nothing before it has checked that this Node.js can load the rest.

const OLDEST = [24, 9]

// Process 1 of a container is ended only by signals that it listens for. Until there is something to stop, these end it
// with the code that a shell would report; then stop-signals.ts takes over.
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`muster needs Node.js ${OLDEST.join('.')} or later; this is ${process.version}.`)
  process.exitCode = 1
} else {
  const { runCommandLine } = await import('./command-line.ts')
  process.exitCode = await runCommandLine(process.argv.slice(2))
}
