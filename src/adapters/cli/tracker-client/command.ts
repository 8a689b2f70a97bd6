// `muster tracker-client`, which is also the program `tracker_client`: arguments, options, output and exit codes of
// Torrust's program of that name, for scripts that use it. A subcommand is a file of its own.

import type { Command } from 'commander'
import type { CommandRegistration } from '../api-command.ts'
import { addTorrustCheck } from './check-commands.ts'
import { addHttpCommands } from './http-command.ts'
import { addUdpCommands } from './udp-command.ts'

export function registerTrackerClient(program: Command, registry: CommandRegistration): void {
  const client = program
    .command('tracker-client')
    .description("Torrust's tracker_client: the same arguments, JSON and exit codes")
    .helpCommand(false)
  addUdpCommands(client, registry)
  addHttpCommands(client, registry)
  addTorrustCheck(client, registry)
}
