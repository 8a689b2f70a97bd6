import { describe, expect, it } from '@jest/globals'
import * as v from 'valibot'
import { isGiven, membersOf, membersWithFiles, printMembers } from '../../../../src/config/settings/options/members.ts'
import {
  derivedOption,
  fileOption,
  option,
  optionWithoutDefault,
  requiredOption,
} from '../../../../src/config/settings/options/option.ts'
import { entriesOf, placedOptions } from '../../../../src/config/settings/options/schema-entries.ts'
import {
  boolean,
  listOf,
  secondsBetween,
  size,
  table,
  text,
  wholeNumber,
} from '../../../../src/config/settings/schema-types.ts'
import { writeSize } from '../../../../src/config/settings/sizes.ts'

const meaning = 'for this test'
const moons = {
  max_moons_per_planet: option({ schema: wholeNumber(0, 9), default: 2, meaning }),
  orbit_time: option({ schema: secondsBetween(1, 99), unit: 'Seconds', default: 60, meaning }),
  crater: option({ schema: size(1024, 8192), unit: 'Bytes', default: 2048, meaning, print: writeSize }),
  visible: requiredOption({ schema: boolean, member: 'isVisible', meaning }),
  nickname: optionWithoutDefault({ schema: text('must be text'), meaning }),
  pass_word: option({ schema: v.string(), default: '', meaning, isSecret: true }),
}
const charts = { chart_file: fileOption({ schema: text('must be a path'), default: 'chart', meaning }) }
const tides = {
  tide: derivedOption({ schema: wholeNumber(1, 9), unit: 'Seconds', defaultInWords: 'as the moon has it', meaning }),
}

describe('the members of a table', () => {
  it('are named after their options and units, or by the row', () => {
    expect(membersOf(moons, { visible: true })).toEqual({
      maxMoonsPerPlanet: 2,
      orbitTimeSeconds: 60,
      craterBytes: 2048,
      isVisible: true,
      nickname: undefined,
      passWord: '',
    })
  })

  it('are the values of the document rather than defaults, even if 0, false or empty', () => {
    const given = { max_moons_per_planet: 0, visible: false, pass_word: '', nickname: 'Luna' }
    expect(membersOf(moons, given)).toMatchObject({ maxMoonsPerPlanet: 0, isVisible: false, nickname: 'Luna' })
  })

  it('are defaults if the table is missing', () => {
    expect(membersOf({ orbit_time: moons.orbit_time }, undefined)).toEqual({ orbitTimeSeconds: 60 })
  })

  it('are files in the data directory, or exactly where the document puts them', () => {
    expect(membersWithFiles(charts, undefined, '/data')).toEqual({ chartFile: '/data/chart' })
    expect(membersWithFiles(charts, { chart_file: 'mine' }, '/data')).toEqual({ chartFile: 'mine' })
  })

  it('are left to a build step if they depend on other options', () => {
    expect(membersOf(tides, {})).toEqual({ tideSeconds: undefined })
    expect(isGiven(tides, {})).toBe(false)
    expect(isGiven(tides, { tide: 3 })).toBe(true)
  })

  it('are printed as options, with masked secrets and without undefined values', () => {
    expect(printMembers(moons, { ...membersOf(moons, { visible: true }), passWord: 'xyzzy' })).toEqual({
      max_moons_per_planet: 2,
      orbit_time: '1m',
      crater: '2 KiB',
      visible: true,
      pass_word: '***',
    })
  })

  it('mask each secret of a table of secrets', () => {
    const keys = { keys: option({ schema: v.record(v.string(), v.string()), default: {}, meaning, isSecret: true }) }
    expect(printMembers(keys, { keys: { door: 'xyzzy' } })).toEqual({ keys: { door: '***' } })
  })

  it('are checked by the compiler', () => {
    // @ts-expect-error: text is not a number
    option({ schema: wholeNumber(0, 9), default: '2', meaning })
    // @ts-expect-error: the meaning is missing
    option({ schema: boolean, default: true })
    // @ts-expect-error: the default is missing
    option({ schema: boolean, meaning })
    // @ts-expect-error: a number is not a printed size
    const isText: string = membersOf(moons, { visible: true }).craterBytes
    // @ts-expect-error: not before the build step
    const isNumber: number = membersOf(tides, {}).tideSeconds
    // @ts-expect-error: the data directory is missing
    membersOf(charts, {})
    expect([isText, isNumber]).toEqual([2048, undefined])
  })
})

describe('the schema of a table', () => {
  const schema = table({ ...entriesOf(moons), tides: v.optional(listOf(table(entriesOf(tides)))) })

  it('accepts what its rows accept', () => {
    const document = { visible: true, crater: '4 KiB', tides: [{ tide: 3 }] }
    expect(v.parse(schema, document)).toEqual({ ...document, crater: 4096 })
    expect(v.is(schema, { visible: true, max_moons_per_planet: 10 })).toBe(false)
  })

  it('may omit all but the required options', () => {
    expect(v.is(schema, { visible: true })).toBe(true)
    expect(v.is(schema, {})).toBe(false)
  })

  it('still knows its rows and their paths', () => {
    const placed = placedOptions(schema)
    expect(placed.map(({ path }) => path.join('.'))).toEqual([...Object.keys(moons), 'tides.tide'])
    expect(placed.map(({ row }) => row)).toEqual([...Object.values(moons), tides.tide])
  })
})
