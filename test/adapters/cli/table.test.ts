import { describe, expect, it } from '@jest/globals'
import { writeBytes, writeCount, writeDuration, writeRate } from '../../../src/adapters/cli/quantities.ts'
import { writeFieldTable, writeTable } from '../../../src/adapters/cli/table.ts'
import { hangText, wrapText } from '../../../src/adapters/cli/wrap-text.ts'

const HASH = 'a'.repeat(40)
const TIME = '2023-11-14T22:13:20Z'

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length))
}

describe('a table', () => {
  it('has a header, left-aligned text and right-aligned numbers', () => {
    expect(
      writeTable(
        ['Name', 'N'],
        [
          ['x', 7],
          ['yy', 12],
        ],
        80,
      )
        .split('\n')
        .slice(1, -2),
    ).toEqual(['│ Name │  N │', '├──────┼────┤', '│ x    │  7 │', '│ yy   │ 12 │'])
  })

  it('fits the terminal, and wraps only at spaces', () => {
    const reason = 'a court order of the seventh chamber, case 12/345, against three works of fiction'
    const table = writeTable(['Info hash', 'Added', 'Reason'], [[HASH, TIME, reason]], 80)
    expect(widest(table)).toBeLessThanOrEqual(80)
    const words = table.split(/[│─┌┐└┘├┤┬┴┼\s]+/).filter((word) => word !== '')
    for (const word of [HASH, '2023-11-14', '22:13:20Z', ...reason.split(' ')]) expect(words).toContain(word)
    expect(widest(writeTable(['Info hash', 'Added', 'Reason'], [[HASH, TIME, reason]], 300))).toBeGreaterThan(130)
  })

  it('becomes lines where even its longest words do not fit', () => {
    const table = writeTable(
      ['Info hash', 'Reason'],
      [
        [HASH, 'one two three four'],
        [HASH, 'x'.repeat(50)],
      ],
      60,
    )
    expect(table).toBe(
      `Info hash  ${HASH}\nReason     one two three four\n\nInfo hash  ${HASH}\nReason     ${'x'.repeat(50)}\n`,
    )
  })

  it('of one record wraps its values', () => {
    const table = writeFieldTable(
      [
        ['Label', 'word '.repeat(30).trim()],
        ['Id', 7],
      ],
      40,
    )
    expect(widest(table)).toBeLessThanOrEqual(40)
    expect(table.match(/word/g)).toHaveLength(30)
    expect(writeFieldTable([['Hash', HASH]], 30)).toBe(`Hash: ${HASH}\n`)
  })
})

describe('what a tracker may send', () => {
  it.each([80, 10])('is a table of a megabyte of peers, %d columns wide', (columns) => {
    const rows = Array.from({ length: 174_000 }, () => ['192.0.2.1:6881', null])
    expect(writeTable(['Peer', 'Peer id'], rows, columns).match(/192\.0\.2\.1/g)).toHaveLength(174_000)
  })

  it('is a field of half a million words', () => {
    expect(writeFieldTable([['Warning', 'x '.repeat(450_000)]], 80).match(/x/g)).toHaveLength(450_000)
  })
})

describe('text', () => {
  it.each([
    ['', 5, ['']],
    ['one two', 7, ['one two']],
    ['one two', 6, ['one', 'two']],
    ['a longword b', 4, ['a', 'longword', 'b']],
  ])('%j in lines of %d', (text, width, lines) => expect(wrapText(text, width)).toEqual(lines))

  it('hangs below its start, or at an indent', () => {
    expect(hangText('note: ', 'one two three', 12)).toBe('note: one\n      two\n      three')
    expect(hangText('note: ', 'one two three', 12, 2)).toBe('note: one\n  two three')
    expect(hangText('note: ', 'one two', 13)).toBe('note: one two')
    expect(hangText('note: ', '', 12)).toBe('note: ')
  })
})

describe('a quantity', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [10 * 1024, '10 KiB'],
    [1023.7 * 1024, '1 MiB'],
    [2 ** 63 - 1, '8 EiB'],
    [2 ** 64, '16 EiB'],
  ])('of %d bytes is %s', (bytes, text) => expect(writeBytes(bytes)).toBe(text))

  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min 0 s'],
    [3725, '1 h 2 min'],
    [86_400, '1 d 0 h'],
    [90_061, '1 d 1 h'],
  ])('of %d seconds is %s', (seconds, text) => expect(writeDuration(seconds)).toBe(text))

  it.each([
    [0, '0/s'],
    [1 / 3, '0.33/s'],
    [12.345_678_901_234, '12.3/s'],
    [1_234_567.89, '1,234,568/s'],
  ])('of %d a second is %s', (rate, text) => expect(writeRate(rate)).toBe(text))

  it('of many has commas', () => expect(writeCount(1_234_567)).toBe('1,234,567'))
})
