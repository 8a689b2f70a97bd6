// Whether the tracker can keep its files: tried by making one, because permissions do not tell of read-only disks.

import { accessSync, closeSync, constants, existsSync, openSync, unlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { reasonOf } from '../../../../domain/reason-of.ts'
import { Findings } from '../finding.ts'
import type { Check } from '../patient.ts'
import { quote } from '../words.ts'

export const dataDirectory: Check = ({ plan }) => {
  const findings = new Findings('data-directory')
  const directory = resolve(plan.dataDirectory)
  const user = process.getuid?.() ?? 'this user'
  const remedy = `install -d -m 0750 -o ${user} ${quote(directory)}, or another process.data_directory in the configuration`
  if (!existsSync(directory)) {
    const above = nearest(directory)
    const trouble = complaintAbout(() => accessSync(above, constants.W_OK))
    if (trouble !== undefined) findings.fail(`${directory} is not there and cannot be made: ${trouble}`, remedy)
    return findings.otherwise(`${directory} is not there yet; it will be made`).found
  }
  const probe = join(directory, `.muster-doctor-${process.pid}`)
  const trouble = complaintAbout(() => {
    closeSync(openSync(probe, 'wx', 0o600))
    unlinkSync(probe)
  })
  if (trouble !== undefined) findings.fail(`user ${user} cannot write in ${directory}: ${trouble}`, remedy)
  return findings.otherwise(`user ${user} can write in ${directory}`).found
}

/** The first of the folders above that is there. */
const nearest = (path: string): string => (existsSync(path) ? path : nearest(dirname(path)))

const complaintAbout = (act: () => void): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}
