// Where the APIs of the tracker with a given document listen, for commands on the same machine.

import { type ApiAddress, CommandFailure } from '../adapters/cli/cli-environment.ts'
import { pageUrl } from '../adapters/client/http-get.ts'
import { socketPathOf, writeHostPort } from '../adapters/protocol/endpoint-text.ts'
import { SettingsError } from './settings/problems.ts'
import { readSettings } from './settings/read-settings.ts'
import type { BindSettings, Settings } from './settings/settings.ts'
import type { SettingsEnvironment } from './settings/sources.ts'

/** Throws a `CommandFailure` that says what to do. */
export async function managementAddress(configFile: string, environment: SettingsEnvironment): Promise<ApiAddress> {
  const { httpApi } = await settingsOf(configFile, environment)
  if (httpApi === undefined) throw new CommandFailure(`${configFile} has no [http_api], so there is nothing to ask.`)
  const { host, tls, publicUrl, tokens, tokenFile } = httpApi
  const path = socketPathOf(host)
  if (path !== undefined) {
    throw new CommandFailure(
      `${configFile} has the management API on a Unix domain socket, which this command cannot use: give the URL of a proxy in front of it (--url), or ask it with curl --unix-socket ${path} http://localhost/api/v2/...`,
    )
  }
  const local = localUrl(httpApi, tls === undefined ? 'http' : 'https', configFile)
  // A certificate is for the public name.
  const url = tls !== undefined && publicUrl !== undefined ? new URL(publicUrl).origin : local
  const token = tokens.find(({ scope }) => scope === 'manage') ?? tokens[0]
  return { url, token: token?.token, tokenFile }
}

/** The URL of the health API. Throws a `CommandFailure` that says what to do. */
export async function healthUrl(configFile: string, environment: SettingsEnvironment): Promise<string> {
  const { healthCheckApi } = await settingsOf(configFile, environment)
  return pageUrl(localUrl(healthCheckApi, 'http', configFile), '/health_check')
}

async function settingsOf(configFile: string, environment: SettingsEnvironment): Promise<Settings> {
  try {
    return (await readSettings(configFile, environment)).settings
  } catch (error) {
    throw error instanceof SettingsError ? new CommandFailure(error.message) : error
  }
}

function localUrl({ host, port }: BindSettings, scheme: 'http' | 'https', configFile: string): string {
  if (socketPathOf(host) !== undefined) return `${scheme}://${host}`
  if (port === 0) throw new CommandFailure(`${configFile} lets the system choose the port: give the URL instead.`)
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${scheme}://${writeHostPort(local, port)}`
}
