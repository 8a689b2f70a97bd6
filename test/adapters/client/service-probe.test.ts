import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { probeHttp, probeUdpTracker } from '../../../src/adapters/client/service-probe.ts'
import { closeServices, connectReply, freePort, httpService, udpService } from '../../fixtures/answering-services.ts'
import { certify } from '../../fixtures/dated-certificates.ts'

afterEach(closeServices)

describe('probing a UDP tracker', () => {
  it('succeeds if it answers the connect request of transaction 123', async () => {
    const requests: string[] = []
    const port = await udpService((request) => {
      requests.push(request.toString('hex'))
      return connectReply(request)
    })
    expect(await probeUdpTracker({ host: '127.0.0.1', port })).toEqual({ Ok: 'Connected' })
    expect(requests).toEqual(['0000041727101980000000000000007b'])
  })

  it('uses the loopback address for a wildcard', async () => {
    const port = await udpService(connectReply)
    expect(await probeUdpTracker({ host: '0.0.0.0', port })).toEqual({ Ok: 'Connected' })
    const port6 = await udpService(connectReply, '::1')
    expect(await probeUdpTracker({ host: '::', port: port6 })).toEqual({ Ok: 'Connected' })
  })

  it.each([
    [
      'another action',
      (request: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 1]), connectReply(request).subarray(4)]),
    ],
    [
      'an error',
      (request: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 3]), request.subarray(12, 16), Buffer.from('no')]),
    ],
  ])('fails if it answers with %s', async (_, answer) => {
    const port = await udpService(answer)
    expect(await probeUdpTracker({ host: '127.0.0.1', port })).toEqual({ Err: 'Did not Connect' })
  })

  it('fails without an answer or without a tracker', async () => {
    const port = await udpService(() => undefined)
    expect(await probeUdpTracker({ host: '127.0.0.1', port })).toEqual({ Err: 'Timed Out' })
    expect(await probeUdpTracker({ host: '127.0.0.1', port: await freePort() })).toEqual({ Err: 'Did not Connect' })
  })
})

describe('probing an HTTP service', () => {
  it('succeeds if the page answers 200', async () => {
    const asked: unknown[] = []
    const port = await httpService((request, response) => {
      asked.push([request.method, request.url])
      response.end('{}')
    })
    const page = { scheme: 'http', host: '0.0.0.0', port, path: '/health_check' }
    expect(await probeHttp(page)).toEqual({ Ok: '200 OK' })
    expect(asked).toEqual([['GET', '/health_check']])
  })

  it('fails with any other status or without a service', async () => {
    const port = await httpService((_, response) => void response.writeHead(503).end())
    expect(await probeHttp({ scheme: 'http', host: '127.0.0.1', port, path: '/' })).toEqual({
      Err: '503 Service Unavailable',
    })
    const gone = await freePort()
    expect(await probeHttp({ scheme: 'http', host: '127.0.0.1', port: gone, path: '/health_check' })).toEqual({
      Err: `error sending request for url (http://127.0.0.1:${gone}/health_check)`,
    })
  })

  it('accepts a certificate for any name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-'))
    try {
      const { certPath, keyPath } = certify(folder, 'tls', { name: 'tracker.example.org' })
      const tls = { cert: readFileSync(certPath), key: readFileSync(keyPath) }
      const port = await httpService((_, response) => response.end(), '127.0.0.1', tls)
      expect(await probeHttp({ scheme: 'https', host: '127.0.0.1', port, path: '/' })).toEqual({ Ok: '200 OK' })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
