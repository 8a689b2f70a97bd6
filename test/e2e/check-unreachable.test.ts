// muster check of a tracker with an address that this machine has no route to, in a network of its own.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { isNetworkAvailable } from './network.ts'
import { ROOT } from './tracker-process.ts'

const run = promisify(execFile)

/** Serves a tracker, checks it in each format, and prints exit codes and outputs. Its argument is the program. */
const SCRIPT = `
const { execFile } = require('node:child_process')
const answer = ({ url }) => (url.startsWith('/scrape') ? 'd5:filesdee' : 'd8:intervali1800e5:peers0:e')
const server = require('node:http').createServer((request, response) => response.end(answer(request)))
server.listen(0, '127.0.0.1', async () => {
  const url = 'http://tracker.test:' + server.address().port + '/announce'
  const checked = (format) => new Promise((resolve) => {
    const words = [process.argv[1], 'check', url, '--format', format]
    execFile(process.execPath, words, (error, out) => resolve([error === null ? 0 : error.code, JSON.parse(out)]))
  })
  console.log(JSON.stringify([await checked('json'), await checked('torrust')]))
  server.close()
})`

const itIfPossible = isNetworkAvailable() || process.env['CI'] === 'true' ? it : it.skip

itIfPossible(
  'an address without a route is no failure of a tracker that has another one, in every format',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-unreachable-'))
    try {
      const hosts = join(folder, 'hosts')
      writeFileSync(hosts, '127.0.0.1 tracker.test\n2001:db8::1 tracker.test\n')
      const inside = 'ip link set lo up && mount --bind "$1" /etc/hosts && exec "$2" -e "$3" "$4"'
      const words = [hosts, process.execPath, SCRIPT, join(ROOT, 'src/config/main.ts')]
      const { stdout } = await run('unshare', ['--net', '--mount', 'sh', '-c', inside, 'sh', ...words])
      const [[jsonCode, json], [torrustCode, torrust]] = JSON.parse(stdout)
      expect([jsonCode, torrustCode]).toEqual([0, 0])
      const { verdict, endpoints } = json.trackers[0]
      expect(verdict).toBe('ok')
      const message = 'this machine cannot reach it (ENETUNREACH)'
      expect(endpoints).toHaveLength(2)
      expect(endpoints).toContainEqual(expect.objectContaining({ address: '127.0.0.1', verdict: 'ok' }))
      expect(endpoints).toContainEqual(expect.objectContaining({ address: '2001:db8::1', verdict: 'unknown', message }))
      const steps = (outcome: object) => [
        ['Announce', outcome],
        ['Scrape', outcome],
      ]
      const url = expect.stringContaining('http://tracker.test:')
      expect(torrust).toHaveLength(2)
      expect(torrust).toContainEqual({ Http: { Ok: { url, results: steps({ Ok: null }) } } })
      expect(torrust).toContainEqual({ Http: { Err: { url, results: steps({ Err: message }) } } })
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
