// Records the reports of a database's outages, in order.

import type { OutageWatch } from '../../src/adapters/outbound/persistence/database-options.ts'

export class OutageNotes {
  readonly notes: string[] = []
  readonly callbacks: OutageWatch = {
    operationFailed: () => this.notes.push('refused'),
    unavailable: ({ code, reason }) => this.notes.push(`${code}: ${reason}`),
    available: () => this.notes.push('available'),
  }
}
