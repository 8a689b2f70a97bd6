// The program that the command line names, with its commands' actions.

import { createReadStream, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { runProgram } from '../adapters/cli/program.ts'
import { serve } from './serve.ts'
import { checkConfig, printConfig } from './settings/config-commands.ts'
import type { Surroundings } from './settings/sources.ts'

/** Runs the command; the result is the process's exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const surroundings: Surroundings = { env: process.env, readFile: (path) => readFileSync(path, 'utf8') }
  const out = (text: string): void => {
    if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', stopWhenNobodyReads)
    process.stdout.write(text)
  }
  const err = (text: string): void => void process.stderr.write(text)
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return await runProgram(args, {
    version,
    serve: (options) => serve(options, surroundings, version),
    checkConfig: (options) => checkConfig(options, surroundings, { out, err }),
    printConfig: (options) => printConfig(options, surroundings, { out, err }),
    out,
    err,
    isTerminal: process.stdout.isTTY ?? false,
    isErrTerminal: process.stderr.isTTY ?? false,
    env: process.env,
    readFile: (path) => readFile(path, 'utf8'),
    openInput: (path) => (path === '-' ? process.stdin : contentOf(path)),
  })
}

/** Opened when it is first read: a stream that fails while nobody listens would end the process with a stack of calls. */
async function* contentOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path)
}

/** `muster torrents list --all | head`: the reader has gone, and there is nothing left to do. */
function stopWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}
