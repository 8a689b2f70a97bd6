// The command line: names, options and help. The actions of the commands are passed in.

import { Command, CommanderError } from 'commander'
import type { CommandRegistration } from './api-command.ts'
import { addCheckCommand } from './check/command.ts'
import { type CliEnvironment, USAGE_ERROR } from './cli-environment.ts'
import { registerBans } from './commands/ban-commands.ts'
import { registerKeys } from './commands/key-commands.ts'
import { registerLists } from './commands/list-commands.ts'
import { registerStats } from './commands/stats-command.ts'
import { registerTorrents } from './commands/torrent-commands.ts'
import { registerTrace } from './commands/trace-command.ts'
import { addCompletionCommand } from './completion/command.ts'
import { addDoctorCommand, type DoctorActions } from './doctor/command.ts'
import { addHealthCommand, type HealthActions } from './health/command.ts'
import { addHelpCommand, pointToHelp } from './help-command.ts'
import { registerImports } from './import/commands.ts'
import { registerLoad } from './load/command.ts'
import { addMonitorCommand } from './monitor/command.ts'
import { registerTrackerQueries } from './tracker/command.ts'
import { withoutSeparator } from './tracker-client/check-commands.ts'
import { registerTrackerClient } from './tracker-client/command.ts'

interface ConfigFileOptions {
  /** From `--config`. */
  readonly configFile: string | undefined
}

export interface ServeOptions extends ConfigFileOptions {
  /** From `--take-over`. */
  readonly takesOver: boolean
  /** From `--yes-change-access`. */
  readonly acceptsAccessChange: boolean
}

export interface ConfigOptions extends ConfigFileOptions {
  readonly asJson: boolean
}

/** Each action returns the exit code of the process. */
export interface ProgramActions extends CliEnvironment, HealthActions, DoctorActions {
  readonly version: string
  /** Runs before every command but `serve`. */
  readonly beforeCommand: () => void
  readonly serve: (options: ServeOptions) => Promise<number>
  readonly checkConfig: (options: ConfigOptions) => Promise<number>
  readonly printConfig: (options: ConfigOptions) => Promise<number>
}

interface RawOptions {
  readonly config?: string
  readonly json?: boolean
  readonly takeOver?: boolean
  readonly yesChangeAccess?: boolean
}

/** Runs when no command is given. */
const DEFAULT_COMMAND = 'serve'

const EXAMPLES = `
Examples:
  muster                     serve on ports 6969 (UDP) and 7070 (HTTP) without
                             a file
  muster -c tracker.toml     serve with the settings of a file
  muster serve --take-over   replace the running tracker without a gap
  muster config check -c tracker.toml
                             report every problem in the file, or summarize it
  muster config print > tracker.toml
                             save every option with its effective value
  muster doctor -c tracker.toml
                             diagnose machine, settings and tracker, and suggest
                             fixes
  muster health              check the health of the running tracker
  muster stats --watch       watch its counts and rates
  muster keys issue --valid 4w
                             issue a key on the running tracker
  muster torrents list --sort seeders
                             list its largest torrents
  muster check udp://tracker.example.org:6969
                             check any tracker
  muster trace 192.0.2.1 --for 5m
                             log the requests of one client for five minutes
  muster announce udp://192.0.2.1:6969 HASH
                             announce to any tracker; scrape asks for counts
  muster load udp udp://127.0.0.1:6969
                             load a tracker of your own and measure it
  muster help keys issue     print the help of a command
  MUSTER_CONFIG_OVERRIDE_LOGGING__TRACE_FILTER=debug muster
                             change one option for one run

The commands whitelist, blocklist, keys, bans, torrents, import, stats and trace
use the management API of a running tracker; for the options of the connection
see, for example, muster keys issue --help.

The configuration is read from the first of these that is set: --config,
MUSTER_CONFIG_TOML (the document itself), MUSTER_CONFIG_TOML_PATH (its path),
TORRUST_TRACKER_CONFIG_TOML, TORRUST_TRACKER_CONFIG_TOML_PATH. Without any of
them the built-in defaults apply. MUSTER_CONFIG_OVERRIDE_* variables (or
TORRUST_TRACKER_CONFIG_OVERRIDE_*) override single options.`

const CONFIG_FLAGS = '-c, --config <file>'
const CONFIG_DESCRIPTION = 'TOML document to read (Torrust Tracker documents work unchanged)'

function configOptions({ config, json }: RawOptions): ConfigOptions {
  return { configFile: config, asJson: json ?? false }
}

/** `done` receives the exit code of the action that ran. */
function buildProgram(actions: ProgramActions, done: (exitCode: number) => void): Command {
  const program = new Command('muster')
    .description('A BitTorrent tracker for UDP and HTTP.')
    .version(actions.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({ writeOut: actions.out, writeErr: actions.err })
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .hook('preAction', (_, command) => {
      if (command.name() !== DEFAULT_COMMAND) actions.beforeCommand()
    })

  program
    .command('serve')
    .description('run the tracker until it is told to stop (the default command)')
    .option(CONFIG_FLAGS, CONFIG_DESCRIPTION)
    .option('--take-over', 'take over ports and swarms from the tracker that is running with the same data directory')
    .option(
      '--yes-change-access',
      'start although the last tracker on the data directory was private or listed and this one is not, or although a take-over drops listeners',
    )
    .action(async ({ config, takeOver = false, yesChangeAccess = false }: RawOptions) =>
      done(await actions.serve({ configFile: config, takesOver: takeOver, acceptsAccessChange: yesChangeAccess })),
    )

  const config = program.command('config').description('inspect the configuration without serving').helpCommand(false)
  config
    .command('check')
    .description(
      'report every problem with its file, line and option, and what would keep the tracker from starting here; exit code 1 if there are any',
    )
    .option(CONFIG_FLAGS, CONFIG_DESCRIPTION)
    .option('--json', 'report as JSON')
    .action(async (options: RawOptions) => done(await actions.checkConfig(configOptions(options))))
  config
    .command('print')
    .description('print every option with its effective value as TOML; secrets are masked')
    .option(CONFIG_FLAGS, CONFIG_DESCRIPTION)
    .option('--json', 'print as JSON')
    .action(async (options: RawOptions) => done(await actions.printConfig(configOptions(options))))

  const registry: CommandRegistration = { environment: actions, done }
  registerLists(program, registry)
  registerKeys(program, registry)
  registerBans(program, registry)
  registerTorrents(program, registry)
  registerImports(program, registry)
  registerStats(program, registry)
  registerTrace(program, registry)
  registerTrackerQueries(program, registry)
  addCheckCommand(program, registry)
  addMonitorCommand(program, registry)
  registerTrackerClient(program, registry)
  registerLoad(program, registry)
  addHealthCommand(program, actions, done)
  addDoctorCommand(program, actions, done)
  addCompletionCommand(program, { out: actions.out, defaultCommand: DEFAULT_COMMAND }, done)
  addHelpCommand(program, done)
  pointToHelp(program)
  return program
}

const PROGRAM_FLAGS = ['-h', '--help', '-V', '--version']

/** No command means `serve`. Commander's own default command would treat a mistyped command as its argument. */
function withCommand(args: readonly string[]): readonly string[] {
  const [first] = args
  const hasNoCommand = first === undefined || first.startsWith('-')
  return hasNoCommand && !PROGRAM_FLAGS.includes(first ?? '') ? [DEFAULT_COMMAND, ...args] : args
}

/** Runs the command named by `args` (without interpreter and script) and returns the exit code. */
export async function runProgram(args: readonly string[], actions: ProgramActions): Promise<number> {
  let exitCode = 0
  const program = buildProgram(actions, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(withoutSeparator(withCommand(args)), { from: 'user' })
    return exitCode
  } catch (error) {
    // Help and version end this way too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR
    throw error
  }
}
