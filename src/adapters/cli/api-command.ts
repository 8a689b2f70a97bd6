// Shared by all commands of the management API: the client, the exit code, and a sentence on failure.

import type { Command } from 'commander'
import { ClientError } from '../client/client-error.ts'
import type { RestClient } from '../client/rest-client.ts'
import { type CliEnvironment, CommandFailure, USAGE_ERROR } from './cli-environment.ts'
import { addConnectionOptions, type ConnectionOptions, findConnection } from './connection.ts'
import { explainClientError } from './explain-client-error.ts'
import { helpHint } from './help-command.ts'
import { reportCommandFailure } from './report-command-failure.ts'

/** What commands need in order to be registered. */
export interface CommandRegistration {
  readonly environment: CliEnvironment
  /** Receives the exit code of the command that ran. */
  readonly done: (exitCode: number) => void
}

/** What a running command works with. */
export interface ApiSession extends CliEnvironment {
  readonly client: RestClient
  readonly asJson: boolean
}

/** Adds a group of commands whose help shows `example`. */
export function addGroup(program: Command, name: string, description: string, example: string): Command {
  return program
    .command(name)
    .description(description)
    .helpCommand(false)
    .addHelpText('after', `\nExample:\n  ${example}\n\n(run muster ${name} COMMAND --help for details)`)
}

/**
 * Adds the common options to `command` and an example to its help. `work` receives the arguments and options of the
 * command, as commander passes them, and returns the exit code.
 */
export function addApiAction<Args extends unknown[]>(
  command: Command,
  example: string,
  { environment, done }: CommandRegistration,
  work: (session: ApiSession, ...args: Args) => Promise<number>,
): Command {
  return (
    addConnectionOptions(command)
      .addHelpText('after', `\nExample:\n  ${example.replaceAll('\n', '\n  ')}`)
      // After arguments and options commander passes the command itself.
      .action(async (...passed: unknown[]) => {
        const options = command.opts<ConnectionOptions>()
        const args = passed.slice(0, -1) as Args
        const exitCode = await runApiCommand(options, environment, (session) => work(session, ...args))
        if (exitCode === USAGE_ERROR) environment.err(`${helpHint(command)}\n`)
        done(exitCode)
      })
  )
}

async function runApiCommand(
  options: ConnectionOptions,
  environment: CliEnvironment,
  work: (session: ApiSession) => Promise<number>,
): Promise<number> {
  try {
    const connection = await findConnection(options, environment)
    // Imported here so that other commands start without loading the contract of the API.
    const { RestClient } = await import('../client/rest-client.ts')
    const client = new RestClient(connection)
    try {
      return await work({ ...environment, client, asJson: options.json ?? false })
    } catch (error) {
      if (error instanceof ClientError) throw new CommandFailure(await explainClientError(error, connection))
      throw error
    }
  } catch (error) {
    return reportCommandFailure(error, environment)
  }
}

/** Whether the tracker reports that the entry does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ClientError && error.problem?.code === 'not-there'
}
