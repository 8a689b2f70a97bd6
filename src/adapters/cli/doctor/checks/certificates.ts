// Checks that certificates can be read, match their keys, are valid, and cover the public names of the tracker.

import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { pluralize } from '../../../../domain/pluralize.ts'
import type { CertificateFiles, Check, ListenerPlan } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { quote } from '../formatting.ts'

const DAY_MS = 86_400_000
const SOON_DAYS = 30
const RENEW = 'renew it (certbot renew), and send the tracker SIGHUP if it does not notice the new files'

export const certificates: Check = async ({ plan, machine }) => {
  const findings = new Findings('certificates').failStart(await plan.certificateFaults())
  const secured = plan.listeners.filter((listener) => listener.tls !== undefined)
  if (secured.length === 0) return findings.ok('no listener uses TLS').found
  for (const { option, tls, publicUrl } of secured) {
    if (tls !== undefined) examineCertificate(findings, { option, tls, publicUrl }, machine.now())
  }
  return findings.okIfNone('certificates are valid and match their keys and names').found
}

interface ExaminedCertificate extends Pick<ListenerPlan, 'option' | 'publicUrl'> {
  readonly tls: CertificateFiles
}

/** What is missing or unreadable, or not a pair, has been reported as what the start would say. */
function examineCertificate(findings: Findings, { option, tls, publicUrl }: ExaminedCertificate, now: Date): void {
  const { certPath, keyPath } = tls
  const keyStats = attempt(() => statSync(keyPath))
  if (process.platform !== 'win32' && keyStats !== undefined && (keyStats.mode & 0o007) !== 0) {
    findings.fail(
      `${keyPath} (${option}) is a private key that every user of this machine can access`,
      `chmod o= ${quote(keyPath)}`,
    )
  }
  const certificate = attempt(() => new X509Certificate(readFileSync(certPath)))
  if (certificate === undefined) return
  const at = `${certPath} (${option})`
  examineDates(findings, at, certificate, now)
  examineNames(findings, at, certificate, publicUrl)
}

function examineDates(
  findings: Findings,
  at: string,
  { validFromDate, validToDate }: X509Certificate,
  now: Date,
): void {
  const daysLeft = Math.floor((validToDate.getTime() - now.getTime()) / DAY_MS)
  const end = validToDate.toISOString().slice(0, 10)
  if (validToDate <= now) findings.fail(`${at} expired on ${end}`, RENEW)
  else if (validFromDate > now)
    findings.fail(
      `${at} is not valid before ${validFromDate.toISOString().slice(0, 19)}Z`,
      'correct the clock, or wait',
    )
  else if (daysLeft < SOON_DAYS) findings.warn(`${at} expires on ${end}, in ${pluralize(daysLeft, 'day')}`, RENEW)
}

function examineNames(
  findings: Findings,
  at: string,
  certificate: X509Certificate,
  publicUrl: string | undefined,
): void {
  if (certificate.issuer === certificate.subject) {
    findings.warn(
      `${at} is self-signed: clients that verify certificates will reject it`,
      'get one from a certificate authority, for example with certbot certonly',
    )
  }
  const host = publicUrl && URL.canParse(publicUrl) ? new URL(publicUrl).hostname : undefined
  if (host === undefined) return
  const fits = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)
  if (fits === undefined) {
    findings.fail(
      `${at} is not for ${host}, the name in public_url, but for ${certificate.subjectAltName ?? 'no name'}`,
      `get one for ${host}, or correct public_url`,
    )
  }
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
