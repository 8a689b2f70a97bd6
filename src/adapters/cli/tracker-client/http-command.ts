// `tracker-client http announce` and `http scrape`: arguments and options. URL and info hashes are checked when the
// command runs, and are run-time failures then, as with Torrust's program.

import { type Command, Option } from 'commander'
import type { CommandRegistration } from '../api-command.ts'
import { portArgument } from '../tracker/announce-arguments.ts'
import { addAnnounceOptions } from './announce-options.ts'
import type { HttpAnnounceOptions } from './options.ts'
import { formatOption, type OutputFormat } from './output.ts'

const URL_HELP = 'http://host:port, with or without /announce; no query, no fragment'

export function addHttpCommands(client: Command, { environment, done }: CommandRegistration): void {
  const http = client.command('http').description('ask an HTTP tracker').helpCommand(false)
  const announce = http
    .command('announce')
    .description('announce, and print the answer')
    .argument('<url>', URL_HELP)
    .argument('<hash>', '40 hex digits')
  addAnnounceOptions(announce, ['started', 'stopped', 'completed'])
    .option('--port <port>', 'not zero (default: 17548)', portArgument)
    .option('--peer-addr <address>', 'address of the peer')
    .addOption(new Option('--compact <0|1>', 'default: 0').choices(['0', '1']))
    .action(async (url: string, infoHash: string, options: HttpAnnounceOptions) => {
      const { printHttpAnnounce } = await import('./http.ts')
      done(await printHttpAnnounce(url, infoHash, options, environment))
    })
  http
    .command('scrape')
    .description('ask for the counts of torrents')
    .argument('<url>', URL_HELP)
    .argument('<hash...>', '40 hex digits')
    .addOption(formatOption())
    .action(async (url: string, infoHashes: readonly string[], { format }: { format: OutputFormat }) => {
      const { printHttpScrape } = await import('./http.ts')
      done(await printHttpScrape(url, infoHashes, format, environment))
    })
}
