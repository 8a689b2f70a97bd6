// `muster health`: its words. What it does is handed in.

import type { Command } from 'commander'

export interface HealthOptions {
  /** As it was written. */
  readonly url: string | undefined
  readonly question: 'services' | 'ready' | 'live'
  readonly asJson: boolean
}

export interface HealthActions {
  readonly health: (options: HealthOptions) => Promise<number>
}

interface RawOptions {
  readonly ready?: boolean
  readonly live?: boolean
  readonly json?: boolean
}

export const DEFAULT_HEALTH_URL = 'http://127.0.0.1:1313/health_check'

export const addHealthCommand = (program: Command, actions: HealthActions, done: (exitCode: number) => void): void => {
  program
    .command('health')
    .description('ask a running tracker how it is; exit code 0 when it is well, else 1')
    .argument('[url]', `of its health API (default: MUSTER_HEALTH_URL, else ${DEFAULT_HEALTH_URL})`)
    .option('--ready', 'ask whether it is ready for traffic (/readyz)')
    .option('--live', 'ask whether it lives (/livez)')
    .option('--json', 'print the answer as it is')
    .action(async (url: string | undefined, { ready, live, json }: RawOptions) => {
      const question = ready ? 'ready' : live ? 'live' : 'services'
      done(await actions.health({ url, question, asJson: json ?? false }))
    })
}
