import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readLines } from '../../../../../src/adapters/inbound/rest/v2/lines.ts'

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text)
}

async function linesOf(...texts: readonly string[]) {
  const lines: (string | undefined)[] = []
  for await (const line of readLines(pieces(...texts), 8)) lines.push(line && Buffer.from(line).toString())
  return lines
}

describe('lines', () => {
  it('are assembled from pieces', async () => {
    expect(await linesOf('ab\ncd', 'ef\n', '\ng', '\r\nh')).toEqual(['ab', 'cdef', '', 'g', 'h'])
    expect(await linesOf()).toEqual([])
    expect(await linesOf('\n')).toEqual([''])
  })

  it('that are too long are skipped', async () => {
    expect(await linesOf('12345678\n123456789\nab\n')).toEqual(['12345678', undefined, 'ab'])
    expect(await linesOf('12345', '6789', '123456789', '0\nab')).toEqual([undefined, 'ab'])
    expect(await linesOf('123456789')).toEqual([undefined])
  })

  it('are the same however the pieces are split', async () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 6 }))
    await fc.assert(
      fc.asyncProperty(texts, async (cut) => {
        const whole = cut.join('')
        const lines = whole.split('\n')
        if (lines.at(-1) === '') lines.pop()
        expect(await linesOf(...cut)).toEqual(lines.map((line) => (line.length > 8 ? undefined : line)))
      }),
    )
  })
})
