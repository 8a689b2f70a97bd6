// Runs the checks of a git hook one after the other, all of them, and reports as text or as JSON:
//   node tools/git-hook.mjs pre-commit|pre-push [--format text|json]
// The exit code is 1 if a check fails, 2 if the command line makes no sense.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

/** npm scripts. Before a commit only what takes seconds. */
const HOOKS = {
  'pre-commit': ['check:style', 'check:architecture'],
  'pre-push': ['check:types', 'check:domain', 'check:architecture', 'check:style', 'check:unused', 'test'],
}
const USAGE = `usage: node tools/git-hook.mjs ${Object.keys(HOOKS).join('|')} [--format text|json]\n`
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

function readArguments() {
  try {
    const options = { format: { type: 'string', default: process.env['MUSTER_HOOK_FORMAT'] || 'text' } }
    // Git passes arguments of its own to hooks.
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    const [hook] = positionals
    return Object.hasOwn(HOOKS, hook ?? '') && ['text', 'json'].includes(values.format)
      ? { hook, format: values.format }
      : undefined
  } catch {
    return undefined
  }
}

function runCheck(name) {
  const startedAt = performance.now()
  const { status, stdout, stderr, error } = spawnSync('npm', ['run', '--silent', name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: MAX_OUTPUT_BYTES,
  })
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  return { name, ok: status === 0, seconds, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim() }
}

const given = readArguments()
if (given === undefined) {
  process.stderr.write(USAGE)
  process.exitCode = 2
} else {
  const { hook, format } = given
  const checks = []
  for (const name of HOOKS[hook]) {
    const check = runCheck(name)
    checks.push(check)
    if (format === 'text') {
      process.stdout.write(`${check.ok ? 'ok  ' : 'FAIL'}  ${name}  ${check.seconds} s\n`)
      if (!check.ok) process.stdout.write(`${check.output}\n`)
    } else process.stderr.write(`${JSON.stringify({ event: 'check', name, ok: check.ok })}\n`)
  }
  const ok = checks.every((check) => check.ok)
  if (format === 'json') process.stdout.write(`${JSON.stringify({ hook, ok, checks })}\n`)
  process.exitCode = ok ? 0 : 1
}
