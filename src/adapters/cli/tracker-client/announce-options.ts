// The options that both announces of `tracker-client` have.

import { type Command, Option } from 'commander'
import { bytesArgument, peerIdArgument } from '../tracker/announce-arguments.ts'
import { formatOption } from './output.ts'

export function addAnnounceOptions(command: Command, events: readonly string[]): Command {
  return command
    .addOption(new Option('--event <event>', 'default: started').choices(events))
    .option('--uploaded <bytes>', 'default: 0', bytesArgument)
    .option('--downloaded <bytes>', 'default: 0', bytesArgument)
    .option('--left <bytes>', 'default: 0', bytesArgument)
    .option('--peer-id <text>', '20 bytes', peerIdArgument)
    .addOption(formatOption())
}
