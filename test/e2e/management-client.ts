// Clients of a running tracker's management API.

import { RestClient } from '../../src/adapters/client/rest-client.ts'
import { API_TOKEN } from './documents.ts'
import type { TrackerProcess } from './tracker-process.ts'

/** The typed client of v2. */
export function managementOf(tracker: TrackerProcess): RestClient {
  return new RestClient({ url: tracker.api, token: API_TOKEN })
}

/** Sends a request to v1 with the token; returns status and text. */
export async function askV1(tracker: TrackerProcess, method: string, path: string, body?: unknown): Promise<string> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
  const response = await fetch(`${tracker.api}/api/v1/${path}?token=${API_TOKEN}`, { method, ...init })
  return `${response.status} ${await response.text()}`
}
