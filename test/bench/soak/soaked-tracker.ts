// The tracker of the soak: both protocols, its defaults, and limits by address that apply to loopback too.

import { TrackerProcess } from '../../e2e/tracker-process.ts'
import { pinnedTo } from '../processes.ts'

export interface SoakedTracker {
  readonly pid: number
  readonly host: string
  readonly udpPort: number
  readonly httpPort: number
  stop(): Promise<void>
}

function documentOf(swarmBudget: string): string {
  return [
    '[metadata]\nschema_version = "3.0.0"',
    '[logging]\ntrace_filter = "info"',
    '[core]\nlisted = false\nprivate = false',
    `[memory]\nswarm_budget = "${swarmBudget}"`,
    '[threads]\nudp = 1\nhttp = 1',
    '[limits]\napply_to_private = true',
    '[[udp_trackers]]\nbind_address = "127.0.0.1:0"',
    '[[http_trackers]]\nbind_address = "127.0.0.1:0"',
    '[health_check_api]\nbind_address = "127.0.0.1:0"',
  ].join('\n\n')
}

export async function startSoakedTracker(cores: string, swarmBudget: string): Promise<SoakedTracker> {
  const tracker = await TrackerProcess.start(documentOf(swarmBudget), { within: pinnedTo(cores) })
  const portOf = (url: string | undefined): number => Number(new URL(url ?? '').port)
  return {
    pid: tracker.pid,
    host: '127.0.0.1',
    udpPort: portOf(tracker.udp[0]),
    httpPort: portOf(tracker.http[0]),
    stop: async () => {
      if (!tracker.isRunning) throw new Error(`the tracker ended unexpectedly: ${tracker.errors}`)
      await tracker.stop()
    },
  }
}
