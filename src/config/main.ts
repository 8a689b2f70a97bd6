#!/usr/bin/env node
// Entry point. Imports nothing before it knows that this Node.js can load the rest.

const OLDEST = [24, 9]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`muster needs Node.js ${OLDEST.join('.')} or later; this is ${process.version}.`)
  process.exitCode = 1
} else {
  const { runCommandLine } = await import('./command-line.ts')
  process.exitCode = await runCommandLine(process.argv.slice(2))
}
