// Where the files are that survive a restart, unless an option of their own says otherwise.

import { join } from 'node:path'
import { DEFAULTS } from './defaults.ts'
import type { SettingsDocument } from './document-schema.ts'

export const dataDirectory = ({ process }: SettingsDocument): string =>
  process?.data_directory ?? DEFAULTS.process.dataDirectory

export const inDataDirectory = (document: SettingsDocument, file: string): string => join(dataDirectory(document), file)
