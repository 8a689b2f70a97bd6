// `muster doctor`: its words. What it does is handed in.

import type { Command } from 'commander'

export interface DoctorOptions {
  /** From `--config`. */
  readonly configFile: string | undefined
  readonly asJson: boolean
}

export interface DoctorActions {
  readonly doctor: (options: DoctorOptions) => Promise<number>
}

interface RawOptions {
  readonly config?: string
  readonly json?: boolean
}

export const addDoctorCommand = (program: Command, actions: DoctorActions, done: (exitCode: number) => void): void => {
  program
    .command('doctor')
    .description(
      'look at machine, settings and, if it runs, the tracker; say what to change; exit code 1 when something fails',
    )
    .option('-c, --config <file>', 'TOML document to read, as for serve')
    .option('--json', 'report as JSON')
    .action(async ({ config, json }: RawOptions) =>
      done(await actions.doctor({ configFile: config, asJson: json ?? false })),
    )
}
