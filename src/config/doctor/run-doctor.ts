// The command `muster doctor`: checks the settings, and if they can be read, everything else.

import type { DoctorOptions } from '../../adapters/cli/doctor/command.ts'
import { runChecks } from '../../adapters/cli/doctor/examine.ts'
import type { Machine } from '../../adapters/cli/doctor/examined-tracker.ts'
import { type Finding, Findings } from '../../adapters/cli/doctor/finding.ts'
import { isWell, writeJsonReport, writeReport } from '../../adapters/cli/doctor/report.ts'
import type { Paint } from '../../adapters/cli/tones.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { SettingsError } from '../settings/problems.ts'
import { type LoadedSettings, readSettings } from '../settings/read-settings.ts'
import type { SettingsEnvironment } from '../settings/sources.ts'
import { trackerPlan } from './tracker-plan.ts'

const SEE_OPTIONS = 'see docs/configuration.md for the values of each option'

interface ReportOutput {
  readonly out: (text: string) => void
  /** Lines are wrapped to this width; undefined: they are not. */
  readonly columns?: number | undefined
  readonly paint?: Paint
}

/** The exit code: 0 unless a check fails. */
export async function runDoctor(
  { configFile, asJson }: DoctorOptions,
  environment: SettingsEnvironment,
  machine: Machine,
  { out, columns, paint }: ReportOutput,
): Promise<number> {
  const findings = await diagnose(configFile, environment, machine)
  out(asJson ? writeJsonReport(findings) : writeReport(findings, columns, paint))
  return isWell(findings) ? 0 : 1
}

async function diagnose(
  configFile: string | undefined,
  environment: SettingsEnvironment,
  machine: Machine,
): Promise<readonly Finding[]> {
  const configuration = new Findings('configuration')
  try {
    const loaded = await readSettings(configFile, environment)
    addConfigurationFindings(loaded, configuration)
    return [
      ...configuration.found,
      ...(await runChecks(await trackerPlan(loaded.settings, loaded.source.kind === 'built-in'), machine)),
    ]
  } catch (error) {
    const message =
      error instanceof SettingsError
        ? error.message.replaceAll('\n', '; ')
        : `could not be carried out: ${errorMessage(error)}`
    return configuration.fail(message, SEE_OPTIONS).found
  }
}

function addConfigurationFindings({ source, warnings, unserved }: LoadedSettings, findings: Findings): void {
  for (const sentence of [...warnings, ...unserved]) findings.warn(sentence, SEE_OPTIONS)
  findings.okIfNone(`${source.name}: no problems`)
}
