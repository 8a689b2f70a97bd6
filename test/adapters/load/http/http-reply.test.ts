import { describe, expect, it } from '@jest/globals'
import { LoadedHttpReply } from '../../../../src/adapters/load/http/http-reply.ts'

const BODY = `d8:completei3e10:incompletei4e8:intervali1800e5:peers12:${'x'.repeat(12)}e`

function read(text: string, hasEnded = false, isScrape = false): LoadedHttpReply {
  const bytes = Buffer.from(text, 'latin1')
  const reply = new LoadedHttpReply()
  reply.read(bytes, bytes.length, hasEnded)
  if (reply.isComplete) reply.readBody(bytes, isScrape)
  return reply
}

function ofLength(body: string, more = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`
}

describe('the reply to an HTTP load', () => {
  it('is complete at its length, and not before', () => {
    const text = ofLength(BODY)
    for (let length = 0; length < text.length; length++) expect(read(text.slice(0, length)).isComplete).toBe(false)
    expect(read(text)).toMatchObject({ isComplete: true, isOk: true, keepsConnection: true, peers: 2, counted: 7 })
  })

  it('is complete at its last chunk', () => {
    const text = `HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`
    expect(read(text.slice(0, -1)).isComplete).toBe(false)
    expect(read(text)).toMatchObject({ isComplete: true, isProper: true, peers: 2, keepsConnection: true })
  })

  it('is read across its chunks', () => {
    const chunks = Array.from(BODY, (letter) => `1;x=y\r\n${letter}\r\n`).join('')
    const text = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`
    expect(read(text)).toMatchObject({ isComplete: true, isProper: true, peers: 2, counted: 7 })
  })

  it('is proper only if it answers what was asked', () => {
    const files = ofLength('d5:filesdee')
    expect(read(files, false, true)).toMatchObject({ isProper: true, isFailure: false })
    expect(read(files)).toMatchObject({ isProper: false })
    expect(read(ofLength(BODY), false, true)).toMatchObject({ isProper: false })
    // Some trackers leave out peers if there are none.
    expect(read(ofLength('d8:completei1e10:incompletei0e8:intervali1800ee'))).toMatchObject({
      isProper: true,
      peers: 0,
    })
    for (const body of ['', '<html>5:peers8:interval</html>', 'x'.repeat(99), 'i1e', 'de']) {
      expect(read(ofLength(body))).toMatchObject({ isComplete: true, isProper: false, isFailure: false })
    }
  })

  it('is complete at the end of the connection if nothing tells its length', () => {
    const text = `HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n${BODY}`
    expect(read(text).isComplete).toBe(false)
    expect(read(text, true)).toMatchObject({ isComplete: true, keepsConnection: false, peers: 2 })
  })

  it('says whether the connection is kept', () => {
    expect(read(ofLength(BODY, 'connection: close\r\n')).keepsConnection).toBe(false)
    expect(read(ofLength(BODY, 'CONNECTION: keep-alive\r\n')).keepsConnection).toBe(true)
  })

  it('counts IPv6 peers too', () => {
    const body = `d8:completei0e10:incompletei1e5:peers0:6:peers636:${'y'.repeat(36)}e`
    expect(read(ofLength(body))).toMatchObject({ peers: 2, counted: 1 })
  })

  it('is a refusal if it says so', () => {
    const refusal = ofLength('d14:failure reason4:nonee')
    expect(read(refusal)).toMatchObject({ isFailure: true, peers: 0 })
    expect(read(refusal, false, true)).toMatchObject({ isFailure: true })
    expect(read('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n')).toMatchObject({ isComplete: true, isOk: false })
  })

  it('never throws, whatever the bytes', () => {
    const text = ofLength(BODY)
    for (let at = 0; at < text.length; at++) {
      for (const byte of ['\0', '\n', '9', '\xff']) read(text.slice(0, at) + byte + text.slice(at + 1), true)
    }
    expect(read(ofLength('d8:completei99999999999999999999e8:intervali1ee')).counted).toBeLessThan(10_000_000_000)
  })
})
