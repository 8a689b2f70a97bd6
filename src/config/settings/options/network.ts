// [network]: ranges of addresses, such as a VPN or a lab, whose peers see only each other.

import * as v from 'valibot'
import { listOf, network } from '../schema-types.ts'
import { isTable } from '../tree.ts'
import { option } from './option.ts'

export const networkOptions = {
  /** Networks by range name; no two of them overlap. */
  ranges: option({
    schema: v.pipe(
      v.custom<Record<string, string[]>>(isTable, 'must be a table of names and lists of networks'),
      v.record(v.string(), listOf(network)),
    ),
    default: {},
    defaultInWords: 'none',
    meaning: 'peers whose addresses are in a range see only each other, and no other peer sees them',
  }),
}
