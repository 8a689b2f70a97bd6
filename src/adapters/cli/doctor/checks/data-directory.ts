// Checks that the tracker can write its files. It creates one, because permissions do not reveal read-only disks.

import { closeSync, existsSync, mkdirSync, openSync, rmdirSync, unlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { errorMessage } from '../../../../domain/error-message.ts'
import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { quote } from '../formatting.ts'

export const dataDirectory: Check = ({ plan }) => {
  const findings = new Findings('data-directory')
  const directory = resolve(plan.dataDirectory)
  const user = process.getuid?.() ?? 'this user'
  const remedy = `install -d -m 0750 -o ${user} ${quote(directory)}, or set another process.data_directory`
  if (!existsSync(directory)) {
    const failure = failureOf(() => tryFolder(firstMissing(directory)))
    if (failure !== undefined) findings.fail(`${directory} does not exist and cannot be created: ${failure}`, remedy)
    return findings.okIfNone(`${directory} does not exist yet; it will be created`).found
  }
  const probe = join(directory, `.muster-doctor-${process.pid}`)
  const failure = failureOf(() => {
    closeSync(openSync(probe, 'wx', 0o600))
    unlinkSync(probe)
  })
  if (failure !== undefined) findings.fail(`user ${user} cannot write to ${directory}: ${failure}`, remedy)
  return findings.okIfNone(`user ${user} can write to ${directory}`).found
}

/** The folder that would be made first: the path, or the highest parent that is missing. */
function firstMissing(path: string): string {
  const parent = dirname(path)
  return existsSync(parent) ? path : firstMissing(parent)
}

function tryFolder(path: string): void {
  mkdirSync(path)
  rmdirSync(path)
}

function failureOf(act: () => void): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return errorMessage(error)
  }
}
