// Where the files are that survive a restart, unless an option of their own says otherwise.

import type { SettingsDocument } from './document-schema.ts'
import { membersOf } from './options/members.ts'
import { processOptions } from './options/process.ts'

export function dataDirectoryOf({ process }: SettingsDocument): string {
  return membersOf(processOptions, process).dataDirectory
}
