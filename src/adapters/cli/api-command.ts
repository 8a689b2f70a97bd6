// What all commands of the management API have in common: a client, an exit code, and a sentence when something goes wrong.

import type { Command } from 'commander'
import { ClientError } from '../client/client-error.ts'
import type { RestClient } from '../client/rest-client.ts'
import { type CliEnvironment, CommandFailure } from './cli-environment.ts'
import { addConnectionOptions, type ConnectionOptions, findConnection } from './connection.ts'
import { explainClientError } from './explain-client-error.ts'
import { visible } from './output.ts'

/** What the commands are registered with. */
export interface Registry {
  readonly environment: CliEnvironment
  /** Is told the exit code of the command that ran. */
  readonly done: (exitCode: number) => void
}

/** What a command works with. */
export interface ApiSession extends CliEnvironment {
  readonly client: RestClient
  readonly asJson: boolean
}

/** A group of commands, with the example that its help shows. */
export const addGroup = (program: Command, name: string, description: string, example: string): Command =>
  program
    .command(name)
    .description(description)
    .helpCommand(false)
    .addHelpText('after', `\nExample:\n  ${example}\n\n(muster ${name} COMMAND --help tells more)`)

/**
 * Adds the common options to `command`, and an example to its help. `work` is handed the command's own arguments and options, as
 * commander hands them over, and ends with the exit code.
 */
export const addApiAction = <Args extends unknown[]>(
  command: Command,
  example: string,
  { environment, done }: Registry,
  work: (session: ApiSession, ...args: Args) => Promise<number>,
): Command =>
  addConnectionOptions(command)
    .addHelpText('after', `\nExample:\n  ${example.replaceAll('\n', '\n  ')}`)
    // Behind arguments and options commander hands over the command itself.
    .action(async (...passed: unknown[]) => {
      const options = command.opts<ConnectionOptions>()
      const args = passed.slice(0, -1) as Args
      done(await runApiCommand(options, environment, (session) => work(session, ...args)))
    })

const runApiCommand = async (
  options: ConnectionOptions,
  environment: CliEnvironment,
  work: (session: ApiSession) => Promise<number>,
): Promise<number> => {
  try {
    const connection = await findConnection(options, environment)
    // Other commands start without the contract of the API.
    const { RestClient } = await import('../client/rest-client.ts')
    const client = new RestClient(connection)
    try {
      return await work({ ...environment, client, asJson: options.json ?? false })
    } catch (error) {
      if (error instanceof ClientError) throw new CommandFailure(explainClientError(error, connection))
      throw error
    }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    // Some of it may be the tracker's own words.
    environment.err(`${visible(error.message)}\n`)
    return error.exitCode
  }
}

/** Whether the tracker says that there is no such thing. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof ClientError && error.problem?.code === 'not-there'
