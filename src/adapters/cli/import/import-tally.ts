// The counts of an import, and its bad rows: the first of them by name, all by number.

import { pluralize } from '../../../domain/pluralize.ts'
import type { BadRow, ImportTarget } from './source-row.ts'

const IMPORT_TARGETS = ['whitelist', 'blocklist', 'keys'] as const satisfies readonly ImportTarget[]

const NOUNS: Readonly<Record<ImportTarget, string>> = { whitelist: 'torrent', blocklist: 'torrent', keys: 'key' }
const MAX_NAMED = 100

export interface TargetCounts {
  added: number
  present: number
  /** Of a dry run: the first that would be added. */
  readonly examples: string[]
}

export class ImportTally {
  readonly targets = new Map<ImportTarget, TargetCounts>()
  readonly leftOut = new Map<string, number>()
  readonly problems: Pick<BadRow, 'at' | 'message'>[] = []
  invalid = 0

  countsOf(target: ImportTarget): TargetCounts {
    const counts = this.targets.get(target) ?? { added: 0, present: 0, examples: [] }
    this.targets.set(target, counts)
    return counts
  }

  noteLeftOut(reason: string): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1)
  }

  noteBad({ at, message }: Pick<BadRow, 'at' | 'message'>): void {
    this.invalid++
    if (this.problems.length < MAX_NAMED) this.problems.push({ at, message })
  }

  get isEmpty(): boolean {
    return this.targets.size === 0 && this.leftOut.size === 0 && this.invalid === 0
  }

  toJson(isDryRun: boolean): object {
    const targets = IMPORT_TARGETS.flatMap((target) => {
      const counts = this.targets.get(target)
      if (counts === undefined) return []
      const { added, present, examples } = counts
      return [[target, isDryRun ? { would_add: added, present, examples } : { added, present }] as const]
    })
    const leftOut = Object.fromEntries(this.leftOut)
    return {
      dry_run: isDryRun,
      ...Object.fromEntries(targets),
      left_out: leftOut,
      invalid: this.invalid,
      problems: this.problems,
    }
  }

  /** A line for each target, and one each for what was left out and what was bad. */
  toLines(isDryRun: boolean): readonly string[] {
    const lines = IMPORT_TARGETS.flatMap((target) => {
      const counts = this.targets.get(target)
      return counts === undefined ? [] : targetLines(target, counts, isDryRun)
    })
    const leftOut = [...this.leftOut].map(([reason, count]) => `${reason} (${count})`)
    if (leftOut.length > 0) lines.push(`left out: ${leftOut.join(', ')}`)
    if (this.invalid > 0) lines.push(`${pluralize(this.invalid, 'row')} cannot be imported`)
    return lines.length > 0 ? lines : ['nothing to import']
  }
}

function targetLines(target: ImportTarget, counts: TargetCounts, isDryRun: boolean): readonly string[] {
  const { added, present, examples } = counts
  const sentence = `${target}: ${pluralize(added, NOUNS[target])} ${isDryRun ? 'would be added' : 'added'}, ${present} already there`
  const more = added > examples.length && examples.length > 0 ? ['  ...'] : []
  return [sentence, ...examples.map((example) => `  ${example}`), ...more]
}
