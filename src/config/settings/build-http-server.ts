// The settings of all HTTP listeners, and timeouts that contradict each other: Node's server would not start with them.

import type { SettingsDocument } from './document-schema.ts'
import { httpServerOptions } from './options/http-server.ts'
import { membersOf } from './options/members.ts'
import type { DocumentIssues } from './problems.ts'
import type { Settings } from './settings.ts'

const AT = 'http_tracker_server'

/** Each may be given without the other. */
export function buildHttpServer(
  { http_tracker_server: table }: SettingsDocument,
  issues: DocumentIssues,
): Settings['http'] {
  const server = membersOf(httpServerOptions, table)
  const { headersTimeoutSeconds: headers, requestTimeoutSeconds: request } = server
  if (headers <= request) return server
  const note = (option: keyof typeof httpServerOptions): string => (table?.[option] === undefined ? ' by default' : '')
  if (table?.headers_timeout !== undefined) {
    issues.problem(
      [AT, 'headers_timeout'],
      `must be at most request_timeout, which is ${request} s${note('request_timeout')}; got ${headers} s`,
    )
  } else {
    issues.problem(
      [AT, 'request_timeout'],
      `must be at least headers_timeout, which is ${headers} s${note('headers_timeout')}; got ${request} s`,
    )
  }
  return server
}
