import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { describeHolder, holderOf } from '../../../src/config/threads/port-holder.ts'

let child: ChildProcess | undefined
afterEach(() => void child?.kill('SIGKILL'))

async function otherProgram(script: string): Promise<number> {
  child = spawn(process.execPath, ['-e', script])
  if (child.stdout === null) throw new Error('no process')
  const [port] = await once(child.stdout, 'data')
  return Number(port)
}

describe('the holder of a port', () => {
  it('is this process, for TCP and for UDP', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = createSocket('udp6').bind(0, '::1')
    await once(socket, 'listening')
    const tcpPort = (server.address() as { readonly port: number }).port
    expect(holderOf('tcp', tcpPort)?.pid).toBe(process.pid)
    expect(holderOf('udp', socket.address().port)?.pid).toBe(process.pid)
    server.close()
    socket.close()
  })

  it('is another process', async () => {
    const port = await otherProgram(
      'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))',
    )
    expect(holderOf('tcp', port)).toEqual({ pid: child?.pid, dataDirectory: undefined })
  })

  it('is unknown for a port that is free', () => {
    expect(holderOf('udp', 1)).toBeUndefined()
  })
})

describe('the words for the holder of a port', () => {
  it.each([
    [undefined, 'another program'],
    [{ pid: process.pid, dataDirectory: '/data' }, 'another listener of this configuration'],
    [{ pid: 1, dataDirectory: undefined }, 'another program, process 1'],
    [
      { pid: 1, dataDirectory: '/data' },
      'the Muster of process 1, which serves from /data: stop it, use another port, or replace it (muster serve --take-over with process.data_directory = "/data")',
    ],
  ])('%j', (holder, words) => {
    expect(describeHolder(holder)).toBe(words)
  })
})
