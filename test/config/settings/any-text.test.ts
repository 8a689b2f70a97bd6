import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { SettingsError } from '../../../src/config/settings/problems.ts'
import { documentWith, load } from './loading.ts'

/** Whether loading ended in one of the two permitted ways. */
async function endsWell(text: string, env: Record<string, string> = {}): Promise<boolean> {
  try {
    return (await load(text, env)).settings.schemaVersion.endsWith('.0.0')
  } catch (error) {
    return error instanceof SettingsError && error.problems.length > 0
  }
}

const KEYS = [
  'core',
  'listed',
  'udp_trackers',
  'network',
  'database',
  'path',
  'url',
  'http_api',
  'read_tokens',
  'net',
  'tsl_config',
  'metadata',
  'logging',
]
const key = fc.oneof(fc.constantFrom(...KEYS), fc.constantFrom('constructor', 'toString', 'hasOwnProperty', '"a b"'))
const value = fc.constantFrom(
  '1',
  'true',
  '"x"',
  '[]',
  '{}',
  '[{}]',
  '[[1]]',
  '{ a = 1 }',
  '2026-01-01',
  '07:32:00',
  'nan',
  '99999999999999999999',
  '"""\n"""',
)
const line = fc.oneof(
  fc.tuple(fc.array(key, { minLength: 1, maxLength: 4 }), value).map(([keys, text]) => `${keys.join('.')} = ${text}`),
  fc.array(key, { minLength: 1, maxLength: 4 }).map((keys) => `[${keys.join('.')}]`),
  fc.array(key, { minLength: 1, maxLength: 4 }).map((keys) => `[[${keys.join('.')}]]`),
)

describe('any text at all', () => {
  it('loads or is refused with problems', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => expect(await endsWell(text)).toBe(true)),
    )
  })

  it('that looks like a document loads or is refused with problems', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.constantFrom('2.0.0', '3.0.0'), async (lines, version) => {
        expect(await endsWell(`metadata.schema_version = "${version}"\n${lines.join('\n')}`)).toBe(true)
        const document = documentWith(lines.join('\n')).replace('3.0.0', version)
        expect(await endsWell(version === '2.0.0' ? document.replace('trace_filter', 'threshold') : document)).toBe(
          true,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('as an override loads or is refused with problems', async () => {
    const name = fc.array(fc.constantFrom('CORE', 'DATABASE', 'UDP_TRACKERS', '0', '1', '', 'CONSTRUCTOR', 'X'), {
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(name, fc.oneof(value, fc.string()), async (path, text) => {
        expect(await endsWell(documentWith(), { [`MUSTER_CONFIG_OVERRIDE_${path.join('__')}`]: text })).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['a long dotted key', `${'a.'.repeat(20_000)}a = 1`],
    ['many nested arrays', `a = ${'['.repeat(900)}${']'.repeat(900)}`],
    ['many nested tables', `a = ${'{ a = '.repeat(900)}1${' }'.repeat(900)}`],
    ['arrays that never end', `a = ${'['.repeat(100_000)}`],
  ])('nested out of all reason is refused with problems: %s', async (_, text) => {
    expect(await endsWell(text)).toBe(true)
    expect(await endsWell('', { [`MUSTER_CONFIG_OVERRIDE_${'A__'.repeat(1000)}B`]: '1' })).toBe(true)
  })
})
