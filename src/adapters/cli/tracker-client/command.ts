// muster tracker-client: what Torrust's tracker_client has, under its names.

import type { Command } from 'commander'
import type { CommandRegistration } from '../api-command.ts'
import { addTorrustCheck } from './check-commands.ts'

export function addTrackerClient(program: Command, registry: CommandRegistration): void {
  const parent = program
    .command('tracker-client')
    .description("the commands of Torrust's tracker_client, with its flags and JSON")
    .helpCommand(false)
  addTorrustCheck(parent, registry)
}
