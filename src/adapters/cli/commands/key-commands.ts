// muster keys: the keys that clients of a private tracker announce with.

import type { Command } from 'commander'
import { addApiAction, addGroup, type CommandRegistration } from '../api-command.ts'
import {
  addPagingOptions,
  countArgument,
  type Lifetime,
  lifetimeArgument,
  maxEntries,
  type PagingOptions,
} from '../arguments.ts'
import { DURATION_FORMS } from '../duration.ts'
import { extendKey, issueKey, listKeys, revokeKey } from './key-actions.ts'

interface ValidOption {
  readonly valid: Lifetime
}

const FOREVER: Lifetime = { seconds: null }

function addValidOption(command: Command): Command {
  return command.option(
    '--valid <duration>',
    `lifetime from now: ${DURATION_FORMS} (default: forever)`,
    lifetimeArgument,
  )
}

export function registerKeys(program: Command, registry: CommandRegistration): void {
  const keys = addGroup(program, 'keys', 'manage the keys of a private tracker', 'muster keys issue --valid 4w')

  addApiAction(
    addPagingOptions(keys.command('list')).description('list keys by number, without revealing them'),
    'muster keys list',
    registry,
    (session, options: PagingOptions) => listKeys(maxEntries(options), session),
  )
  addApiAction(
    addValidOption(keys.command('issue')).description('create a random key and print it; it is shown only once'),
    'muster keys issue --valid 4w',
    registry,
    (session, { valid = FOREVER }: Partial<ValidOption>) => issueKey(null, valid.seconds, session),
  )
  addApiAction(
    addValidOption(keys.command('add'))
      .description('register a key of your own')
      .argument('<key>', '32 letters and digits; other users of this machine can see it while the command runs'),
    'muster keys add YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ --valid 7d',
    registry,
    (session, key: string, { valid = FOREVER }: Partial<ValidOption>) => issueKey(key, valid.seconds, session),
  )
  addApiAction(
    keys
      .command('revoke')
      .description('revoke a key permanently; exit code 1 if it does not exist')
      .argument('<id|key>', 'its number, or the key itself'),
    'muster keys revoke 7',
    registry,
    (session, idOrKey: string) => revokeKey(idOrKey, session),
  )
  addApiAction(
    keys
      .command('extend')
      .description('set a new lifetime for a key; exit code 1 if it does not exist')
      .argument('<id>', 'its number', countArgument)
      .requiredOption('--valid <duration>', `lifetime from now: ${DURATION_FORMS}`, lifetimeArgument),
    'muster keys extend 7 --valid 4w',
    registry,
    (session, id: number, { valid }: ValidOption) => extendKey(id, valid.seconds, session),
  )
}
