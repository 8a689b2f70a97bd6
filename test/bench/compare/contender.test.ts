import { describe, expect, it } from '@jest/globals'
import { coresOf, readContender, residentMib } from './contender.ts'

describe('a contender of the comparison', () => {
  it('is named with its URL and its process', () => {
    expect(readContender(`a b=udp://127.0.0.1:3000:${process.pid}`)).toEqual({
      name: 'a b',
      transport: 'udp',
      host: '127.0.0.1',
      port: 3000,
      url: 'udp://127.0.0.1:3000',
      pid: process.pid,
    })
    expect(readContender(`x=http://[::1]:7070/announce:${process.pid}`)).toMatchObject({
      transport: 'http',
      host: '::1',
      url: 'http://[::1]:7070/announce',
    })
  })

  it.each([
    'udp://127.0.0.1:3000:1',
    'x=udp://127.0.0.1:3000',
    'x=https://127.0.0.1:1:1',
    'x=udp://127.0.0.1:1:999999999',
  ])('is not %s', (text) => {
    expect(() => readContender(text)).toThrow(text)
  })

  it('shows its memory and its cores', () => {
    expect(residentMib(process.pid)).toBeGreaterThan(10)
    expect(coresOf(process.pid)).toMatch(/^\d/)
  })
})
