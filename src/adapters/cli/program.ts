// The command line: names, options and help. What the commands do is handed in.

import { Command, CommanderError } from 'commander'
import type { Registry } from './api-command.ts'
import { type CliEnvironment, USAGE_ERROR } from './cli-environment.ts'
import { registerKeys } from './commands/key-commands.ts'
import { registerLists } from './commands/list-commands.ts'
import { registerStats } from './commands/stats-command.ts'
import { registerTorrents } from './commands/torrent-commands.ts'
import { addCompletionCommand } from './completion/command.ts'
import { addDoctorCommand, type DoctorActions } from './doctor/command.ts'
import { addHealthCommand, type HealthActions } from './health/command.ts'

interface ConfigFileOptions {
  /** From `--config`. */
  readonly configFile: string | undefined
}

export interface ServeOptions extends ConfigFileOptions {
  /** From `--take-over`. */
  readonly takesOver: boolean
}

export interface ConfigOptions extends ConfigFileOptions {
  readonly asJson: boolean
}

/** Each action ends with the process's exit code. */
export interface ProgramActions extends CliEnvironment, HealthActions, DoctorActions {
  readonly version: string
  readonly serve: (options: ServeOptions) => Promise<number>
  readonly checkConfig: (options: ConfigOptions) => Promise<number>
  readonly printConfig: (options: ConfigOptions) => Promise<number>
}

interface RawOptions {
  readonly config?: string
  readonly json?: boolean
  readonly takeOver?: boolean
}

/** What no command means. */
const DEFAULT_COMMAND = 'serve'

const EXAMPLES = `
Examples:
  muster                                    serve on ports 6969 (UDP) and 7070 (HTTP), no file needed
  muster --config tracker.toml              serve what the file says
  muster serve --take-over                  put this version in the place of the one that runs, without a gap
  muster config check --config tracker.toml
                                            say what is wrong with it, or what it amounts to
  muster doctor --config tracker.toml       look for what keeps a tracker from running well, and say what to change
  muster health                             ask the running tracker how it is
  muster config print > tracker.toml        write down every option with the value that holds now
  MUSTER_CONFIG_OVERRIDE_LOGGING__TRACE_FILTER=debug muster
                                            change one option for one run
  muster keys issue --valid 4w              have a running tracker make a key
  muster torrents list --sort seeders       ask it for its largest torrents

The commands below config speak to a running tracker over its management API: see muster keys issue --help.

Configuration is looked for in this order: --config, MUSTER_CONFIG_TOML (the document itself),
MUSTER_CONFIG_TOML_PATH (its path), TORRUST_TRACKER_CONFIG_TOML, TORRUST_TRACKER_CONFIG_TOML_PATH, built-in
defaults. Single options from MUSTER_CONFIG_OVERRIDE_* (or TORRUST_TRACKER_CONFIG_OVERRIDE_*) come on top.`

const CONFIG_FLAGS = '-c, --config <file>'
const CONFIG_DESCRIPTION = 'TOML document to read (Torrust Tracker documents work as they are)'

const configOptions = ({ config, json }: RawOptions): ConfigOptions => ({ configFile: config, asJson: json ?? false })

/** `done` is told the exit code of the action that ran. */
const buildProgram = (actions: ProgramActions, done: (exitCode: number) => void): Command => {
  const program = new Command('muster')
    .description('A BitTorrent tracker for UDP and HTTP.')
    .version(actions.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({ writeOut: actions.out, writeErr: actions.err })
    .showHelpAfterError('(muster --help tells what is possible)')
    .addHelpText('after', EXAMPLES)
    .exitOverride()

  program
    .command('serve')
    .description('run the tracker until it is told to stop (what muster does when no command is given)')
    .option(CONFIG_FLAGS, CONFIG_DESCRIPTION)
    .option('--take-over', 'take ports and swarms over from the tracker that runs from the same data directory')
    .action(async ({ config, takeOver }: RawOptions) =>
      done(await actions.serve({ configFile: config, takesOver: takeOver ?? false })),
    )

  const config = program.command('config').description('look at the configuration without serving').helpCommand(false)
  config
    .command('check')
    .description('report every problem, with file, line and option; exit code 0 when there is none, else 1')
    .option(CONFIG_FLAGS, CONFIG_DESCRIPTION)
    .option('--json', 'report as JSON')
    .action(async (options: RawOptions) => done(await actions.checkConfig(configOptions(options))))
  config
    .command('print')
    .description('print all options with the values that hold, as TOML; secrets are masked')
    .option(CONFIG_FLAGS, CONFIG_DESCRIPTION)
    .option('--json', 'print as JSON')
    .action(async (options: RawOptions) => done(await actions.printConfig(configOptions(options))))

  const registry: Registry = { environment: actions, done }
  registerLists(program, registry)
  registerKeys(program, registry)
  registerTorrents(program, registry)
  registerStats(program, registry)
  addHealthCommand(program, actions, done)
  addDoctorCommand(program, actions, done)
  addCompletionCommand(program, { out: actions.out, defaultCommand: DEFAULT_COMMAND }, done)
  return program
}

const PROGRAM_FLAGS = ['-h', '--help', '-V', '--version']

/** No command means `serve`. Commander's own default command would take a mistyped one for an argument of it. */
const withCommand = (args: readonly string[]): readonly string[] => {
  const [first] = args
  const hasNoCommand = first === undefined || first.startsWith('-')
  return hasNoCommand && !PROGRAM_FLAGS.includes(first ?? '') ? [DEFAULT_COMMAND, ...args] : args
}

/** Runs the command that `args` (without interpreter and script) name, and returns the exit code. */
export const runProgram = async (args: readonly string[], actions: ProgramActions): Promise<number> => {
  let exitCode = 0
  const program = buildProgram(actions, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(withCommand(args), { from: 'user' })
    return exitCode
  } catch (error) {
    // Help and version end this way too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR
    throw error
  }
}
