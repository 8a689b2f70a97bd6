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
import { extendKey, issueKey, labelKey, revokeKey } from './key-changes.ts'
import { exportKeys, importKeys, listKeys } from './key-list.ts'

interface ValidOption {
  readonly valid: Lifetime
}

interface LabelOption {
  readonly label?: string
}

interface ExportOptions {
  readonly plain?: boolean
}

type IssueOptions = Partial<ValidOption> & LabelOption

const FOREVER: Lifetime = { seconds: null }

function addIssueOptions(command: Command): Command {
  return command
    .option('--valid <duration>', `lifetime from now: ${DURATION_FORMS} (default: forever)`, lifetimeArgument)
    .option('--label <text>', 'who holds it; shown in lists, never in the log')
}

export function registerKeys(program: Command, registry: CommandRegistration): void {
  const keys = addGroup(program, 'keys', 'manage the keys of a private tracker', 'muster keys issue --valid 4w')

  addApiAction(
    addPagingOptions(keys.command('list'))
      .description('list keys by number, without revealing them')
      .option('--label <text>', 'only keys whose label contains this'),
    'muster keys list --label alice',
    registry,
    (session, options: PagingOptions & LabelOption) => listKeys(maxEntries(options), options.label, session),
  )
  addApiAction(
    addIssueOptions(keys.command('issue')).description('create a random key and print it; it is shown only once'),
    'muster keys issue --valid 4w --label alice',
    registry,
    (session, { valid = FOREVER, label }: IssueOptions) =>
      issueKey({ key: null, valid: valid.seconds, label: label ?? null }, session),
  )
  addApiAction(
    addIssueOptions(keys.command('add'))
      .description('register a key of your own')
      .argument('<key>', '32 letters and digits; other users of this machine can see it while the command runs'),
    'muster keys add YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ --valid 7d',
    registry,
    (session, key: string, { valid = FOREVER, label }: IssueOptions) =>
      issueKey({ key, valid: valid.seconds, label: label ?? null }, session),
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
  addApiAction(
    keys
      .command('label')
      .description('set or remove the label of a key; exit code 1 if it does not exist')
      .argument('<id>', 'its number', countArgument)
      .argument('<text>', 'who holds it; empty: no label'),
    'muster keys label 7 "alice, seedbox"',
    registry,
    (session, id: number, label: string) => labelKey(id, label, session),
  )
  registerTransfers(keys, registry)
}

function registerTransfers(keys: Command, registry: CommandRegistration): void {
  addApiAction(
    keys
      .command('import')
      .description('add the keys of a file; existing keys stay; exit code 1 if a line is invalid')
      .argument('<file>', 'NDJSON, or lines of "KEY [EXPIRY] [LABEL]"; - for standard input'),
    'muster keys import keys.txt',
    registry,
    (session, path: string) => importKeys(path, session),
  )
  addApiAction(
    keys
      .command('export')
      .description('print all keys in full as NDJSON that can be imported again; the output is secret')
      .option('--plain', 'print lines of key, expiry and label'),
    'muster keys export > keys.ndjson',
    registry,
    (session, { plain }: ExportOptions) => exportKeys(plain ?? false, session),
  )
}
