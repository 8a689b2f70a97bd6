// `tracker-client udp announce` and `udp scrape`: arguments and options.

import { type Command, InvalidArgumentError } from 'commander'
import type { InfoHash } from '../../../domain/info-hash.ts'
import { CallError } from '../../client/call-error.ts'
import { readTrackerUrl, type TrackerUrl } from '../../client/tracker-url.ts'
import type { CommandRegistration } from '../api-command.ts'
import { infoHashArgument, infoHashArguments } from '../arguments.ts'
import { keyArgument, portArgument } from '../tracker/announce-arguments.ts'
import { addAnnounceOptions } from './announce-options.ts'
import type { UdpAnnounceOptions } from './options.ts'
import { formatOption, type OutputFormat } from './output.ts'

const ADDRESS_HELP = '127.0.0.1:6969 or udp://host:port/path'

export function addUdpCommands(client: Command, { environment, done }: CommandRegistration): void {
  const udp = client.command('udp').description('ask a UDP tracker').helpCommand(false)
  const announce = udp
    .command('announce')
    .description('announce, and print the answer')
    .argument('<address>', ADDRESS_HELP, addressArgument)
    .argument('<hash>', '40 hex digits', infoHashArgument)
  addAnnounceOptions(announce, ['none', 'completed', 'started', 'stopped'])
    .option('--port <port>', 'not zero (default: that of the socket)', portArgument)
    .option('--ip-address <ipv4>', 'address of the peer')
    .option('--key <number>', '32 bits (default: 0)', keyArgument)
    .option('--peers-wanted <number>', 'default: 1', keyArgument)
    .action(async (address: TrackerUrl, infoHash: InfoHash, options: UdpAnnounceOptions) => {
      const { printUdpAnnounce } = await import('./udp.ts')
      done(await printUdpAnnounce(address, infoHash, options, environment))
    })
  udp
    .command('scrape')
    .description('ask for the counts of 1 to 74 torrents')
    .argument('<address>', ADDRESS_HELP, addressArgument)
    .argument('<hash...>', '40 hex digits', infoHashArguments)
    .addOption(formatOption())
    .action(async (address: TrackerUrl, infoHashes: readonly InfoHash[], { format }: { format: OutputFormat }) => {
      const { printUdpScrape } = await import('./udp.ts')
      done(await printUdpScrape(address, infoHashes, format, environment))
    })
}

/** With or without a scheme; the protocol is UDP, whatever that says. */
function addressArgument(text: string): TrackerUrl {
  try {
    return readTrackerUrl(`udp://${text.replace(/^[a-z]+:\/\//i, '')}`)
  } catch (error) {
    if (error instanceof CallError) throw new InvalidArgumentError(`It must be ${ADDRESS_HELP}.`)
    throw error
  }
}
