// Checks that only the owner can access files with tokens and keys.

import { statSync } from 'node:fs'
import { errorMessage } from '../../../../domain/error-message.ts'
import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { quote } from '../formatting.ts'

const OTHERS_BITS = 0o077

export const secretFiles: Check = ({ plan, machine }) => {
  const findings = new Findings('secret-files')
  if (machine.platform === 'win32') return findings.ok('file modes are not checked on this system').found
  for (const path of plan.secretFiles) examineSecretFile(findings, path)
  return findings.okIfNone('only the owner can access files with secrets').found
}

function examineSecretFile(findings: Findings, path: string): void {
  try {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode
    if (mode === undefined || (mode & OTHERS_BITS) === 0) return
    const octal = (mode & 0o777).toString(8).padStart(4, '0')
    findings.fail(
      `${path} contains a secret, but other users can access it (mode ${octal})`,
      `chmod 600 ${quote(path)}`,
    )
  } catch (error) {
    findings.fail(`${path} cannot be examined: ${errorMessage(error)}`, "give its folder to the tracker's user")
  }
}
