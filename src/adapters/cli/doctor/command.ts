// `muster doctor`: options and help. The action is passed in.

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

export function addDoctorCommand(program: Command, actions: DoctorActions, done: (exitCode: number) => void): void {
  program
    .command('doctor')
    .description(
      'diagnose the machine, the settings and a running tracker, and suggest fixes; exit code 1 if a check fails',
    )
    .option('-c, --config <file>', 'TOML document to read, as for serve')
    .option('--json', 'report as JSON')
    .action(async ({ config, json }: RawOptions) =>
      done(await actions.doctor({ configFile: config, asJson: json ?? false })),
    )
}
