// Checks that alerts have somewhere to go: the host of the URL is known here. Nothing is sent. Only the host is named,
// because the URL may contain a token.

import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

export const alertWebhook: Check = async ({ plan: { alertHost }, machine }) => {
  const findings = new Findings('alert-webhook')
  if (alertHost === undefined) return findings.ok('no URL for alerts is configured').found
  const failure = await machine.lookUp(alertHost)
  if (failure !== undefined) {
    findings.warn(
      `alerts cannot be delivered: ${alertHost} cannot be resolved (${failure})`,
      'correct the host in attack.alert_webhook, or the name servers in /etc/resolv.conf',
    )
  }
  return findings.okIfNone(`alerts are sent to ${alertHost}, which has an address`).found
}
