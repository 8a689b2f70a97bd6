// `muster health`: options and help. The action is passed in.

import type { Command } from 'commander'

export interface HealthOptions {
  /** As given on the command line. */
  readonly url: string | undefined
  /** From `--config`: the document that has the URL if none is given. */
  readonly configFile: string | undefined
  readonly question: 'services' | 'ready' | 'live'
  readonly asJson: boolean
}

export interface HealthActions {
  readonly health: (options: HealthOptions) => Promise<number>
}

interface RawOptions {
  readonly config?: string
  readonly ready?: boolean
  readonly live?: boolean
  readonly json?: boolean
}

export const DEFAULT_HEALTH_URL = 'http://127.0.0.1:1313/health_check'

export function addHealthCommand(program: Command, actions: HealthActions, done: (exitCode: number) => void): void {
  program
    .command('health')
    .description('check the health of a running tracker; exit code 0 if it is healthy, else 1')
    .argument(
      '[url]',
      `URL of its health API, or unix:/path of its socket (default: MUSTER_HEALTH_URL, else ${DEFAULT_HEALTH_URL})`,
    )
    .option('-c, --config <file>', "the tracker's document: its [health_check_api] has the URL")
    .option('--ready', 'check whether it is ready for traffic (/readyz)')
    .option('--live', 'check whether it is alive (/livez)')
    .option('--json', 'print the JSON answer unchanged')
    .action(async (url: string | undefined, { config: configFile, ready, live, json }: RawOptions) => {
      const question = ready ? 'ready' : live ? 'live' : 'services'
      done(await actions.health({ url, configFile, question, asJson: json ?? false }))
    })
}
