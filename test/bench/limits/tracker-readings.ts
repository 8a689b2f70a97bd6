// What a running tracker says it has rejected, and what its threads have spent.

import { readdirSync, readFileSync } from 'node:fs'
import { API_TOKEN } from '../../e2e/documents.ts'
import { readSeries, sumBy } from '../../e2e/series.ts'
import type { RunningTracker } from '../tracker.ts'

/** To be appended to the document of a tracker whose metrics are read. */
export const WITH_API = `[http_api]\nbind_address = "127.0.0.1:0"\naccess_tokens = { admin = "${API_TOKEN}" }`

/** UDP datagrams rejected so far for this reason. */
export async function rejectsOf({ api }: RunningTracker, reason: string): Promise<number> {
  const response = await fetch(`${api}/api/v2/metrics`, { headers: { Authorization: `Bearer ${API_TOKEN}` } })
  return sumBy('reason', readSeries(await response.text()), 'muster_udp_rejects_total')[reason] ?? Number.NaN
}

/** CPU time of the threads with this name (proc(5), "schedstat": nanoseconds on a CPU first). */
export function threadSeconds(pid: number, name: string): number {
  const tasks = `/proc/${pid}/task`
  const nanoseconds = readdirSync(tasks)
    .filter((task) => readFileSync(`${tasks}/${task}/comm`, 'latin1').trimEnd() === name)
    .map((task) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'latin1').split(' ')[0]))
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9
}
