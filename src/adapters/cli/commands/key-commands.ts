// muster keys: who may announce to a private tracker.

import type { Command } from 'commander'
import { type ApiWork, apiAction, type Registry } from '../api-command.ts'
import { addPagingOptions, countArgument, durationArgument, limitOf, type PagingOptions } from '../arguments.ts'
import { DURATION_FORMS } from '../duration.ts'
import { extendKey, issueKey, listKeys, revokeKey } from './key-work.ts'

interface ValidOption {
  /** Seconds; null: for ever. */
  readonly valid: number | null
}

const addValidOption = (command: Command): Command =>
  command.option('--valid <duration>', `from now on: ${DURATION_FORMS} (default: forever)`, durationArgument)

export const registerKeys = (program: Command, registry: Registry): void => {
  const keys = program.command('keys').description('the keys of a private tracker').helpCommand(false)

  apiAction(
    addPagingOptions(keys.command('list')).description('print which keys there are, without showing them'),
    'muster keys list',
    registry,
    (options: PagingOptions): ApiWork =>
      (session) =>
        listKeys(limitOf(options), session),
  )
  apiAction(
    addValidOption(keys.command('issue')).description('make a key and print it; it is shown this once'),
    'muster keys issue --valid 4w',
    registry,
    ({ valid = null }: Partial<ValidOption>): ApiWork =>
      (session) =>
        issueKey(null, valid, session),
  )
  apiAction(
    addValidOption(keys.command('add'))
      .description('register a key that you have made')
      .argument('<key>', '32 letters and digits; other users of this machine can see it while the command runs'),
    'muster keys add YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ --valid 7d',
    registry,
    (key: string, { valid = null }: Partial<ValidOption>): ApiWork =>
      (session) =>
        issueKey(key, valid, session),
  )
  apiAction(
    keys
      .command('revoke')
      .description('make a key invalid for good; exit code 1 when there is none')
      .argument('<id|key>', 'its number, or the key itself'),
    'muster keys revoke 7',
    registry,
    (idOrKey: string): ApiWork =>
      (session) =>
        revokeKey(idOrKey, session),
  )
  apiAction(
    keys
      .command('extend')
      .description('give a key another lifetime; exit code 1 when there is none')
      .argument('<id>', 'its number', countArgument)
      .requiredOption('--valid <duration>', `from now on: ${DURATION_FORMS}`, durationArgument),
    'muster keys extend 7 --valid 4w',
    registry,
    (id: number, { valid }: ValidOption): ApiWork =>
      (session) =>
        extendKey(id, valid, session),
  )
}
