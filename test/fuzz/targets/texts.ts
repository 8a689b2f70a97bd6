// Texts that operators and management clients write: what is read is written back as something that reads the same.
// The first byte chooses the kind.

import { isShallow } from '../../../src/adapters/inbound/rest/v2/json-depth.ts'
import { readDurationText, writeDurationText } from '../../../src/adapters/protocol/duration-text.ts'
import { readInfoHashText } from '../../../src/adapters/protocol/rest/info-hash-text.ts'
import { readKeyForm, readKeyOfForm } from '../../../src/adapters/protocol/rest/v1/key-form.ts'
import { debugText } from '../../../src/adapters/protocol/rest/v1/rust-text.ts'
import { readBindAddress, writeBindAddress } from '../../../src/config/settings/bind-address.ts'
import { driverOfUrl, readDatabaseUrl } from '../../../src/config/settings/database-url.ts'
import { readLogFilter, writeLogFilter } from '../../../src/config/settings/log-filter.ts'
import { readSize, writeSize } from '../../../src/config/settings/sizes.ts'
import { type FuzzTarget, hold, same, utf8, withControls } from '../target.ts'

function checkDuration(text: string): void {
  const seconds = readDurationText(text)
  if (seconds === undefined) return
  hold(Number.isInteger(seconds) && seconds >= 0, 'a duration is whole seconds')
  if (Number.isSafeInteger(seconds)) same(readDurationText(writeDurationText(seconds)), seconds, 'duration read back')
}

function checkSize(text: string): void {
  const bytes = readSize(text)
  if (bytes !== undefined && Number.isSafeInteger(bytes)) same(readSize(writeSize(bytes)), bytes, 'size read back')
}

function checkInfoHash(text: string): void {
  const written = readInfoHashText(text)
  if (written === undefined) return
  hold(/^[0-9a-f]{40}$/.test(written.infoHash), 'an info hash is 40 lower-case digits')
  same(readInfoHashText(written.infoHash)?.infoHash, written.infoHash, 'info hash read back')
  const { truncatedFrom } = written
  hold(truncatedFrom === undefined || truncatedFrom.startsWith(written.infoHash), 'a v2 hash is cut, not changed')
}

function checkBindAddress(text: string): void {
  const address = readBindAddress(text)
  if (address !== undefined) same(readBindAddress(writeBindAddress(address)), address, 'bind address read back')
}

function checkLogFilter(text: string): void {
  const filter = readLogFilter(text)
  if (typeof filter === 'string') {
    hold(filter.length > 0, 'a bad filter is explained')
    return
  }
  same(readLogFilter(writeLogFilter(filter)), filter, 'log filter read back')
}

/** Nesting of a parsed document: `{}` is 1. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Object.values(value).reduce<number>((most, one) => Math.max(most, depthOf(one)), 0)
}

function checkJson(text: string): void {
  const isWithin = isShallow(text, 16)
  try {
    // Of names that occur twice, only the last is parsed.
    if (isWithin) hold(depthOf(JSON.parse(text)) <= 16, 'a shallow document is shallow')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
}

function checkKeyForm(text: string): void {
  const form = readKeyForm(text)
  if ('status' in form) return
  if (typeof form.key === 'string') {
    const key = readKeyOfForm(form.key)
    hold(typeof key !== 'string' || /^[0-9A-Za-z]{32}$/.test(key), 'a key is 32 letters and digits')
  }
  hold(form.secondsValid === null || (form.secondsValid >= 0n && form.secondsValid < 2n ** 64n), 'seconds are a u64')
}

function checkDatabaseUrl(text: string): void {
  const driver = driverOfUrl(text)
  const read = readDatabaseUrl(driver ?? 'postgresql', text)
  hold('options' in read || read.complaint !== '', 'a database URL is read or explained')
  // SEC-41: the password may be anywhere in a URL that cannot be read.
  hold('options' in read || !read.complaint.includes('s3cretCANARY'), 'what is wrong with a URL names no password')
}

const CHECKS = [
  checkDuration,
  checkSize,
  checkInfoHash,
  checkBindAddress,
  checkLogFilter,
  checkJson,
  checkKeyForm,
  checkDatabaseUrl,
  (text: string) => hold(!/[\r\n]/.test(debugText(text)), 'a quoted text is one line'),
]

const HASH = '040b6b563f5c7214a6b798ad43c3c92e402400b9'
const SEEDS = [
  ['0s', '90s', '15m', '12h', '7d', '4w'],
  ['8192', '512 MiB', '1.5 GiB', '3kb'],
  [HASH, `urn:btih:${HASH}`, `magnet:?xt=urn:btih:${HASH}&dn=x`, `urn:btmh:1220${'ab'.repeat(32)}`, 'a2'.repeat(16)],
  ['0.0.0.0:6969', '[::]:6969', '[::1]:70000'],
  ['info', 'warn,udp=debug', 'torrust_udp_tracker::x=trace', '3'],
  [`${'{"a":['.repeat(9)}${']}'.repeat(9)}`, '{"a":"[[[[\\""}', '[[]]'],
  ['{"key":null,"seconds_valid":7200}', `{"key":"${'k'.repeat(32)}","seconds_valid":18446744073709551616}`],
  [
    'mysql://u:s3cretCANARY@h:3306/db?ssl-mode=REQUIRED',
    'postgresql://u:s3cretCANARY@%2Fvar%2Frun/db?sslmode=verify-full',
  ],
  ['plain', 'a"b\\c\n\u2028\u{1f600}'],
]

function check(input: Uint8Array): void {
  CHECKS[(input[0] ?? 0) % CHECKS.length]?.(utf8(input.subarray(1)))
}

export function openTexts(): FuzzTarget {
  return {
    seeds: SEEDS.flatMap((texts, kind) => texts.map((text) => withControls([kind], Buffer.from(text)))),
    dictionary: [
      ...[
        's',
        'm',
        'h',
        'd',
        'w',
        ' MiB',
        '.5',
        'e9',
        '-1',
        '0x',
        '9'.repeat(20),
        'urn:btih:',
        'magnet:?xt=',
        '&xt.1=',
      ],
      ...[
        '{',
        '}',
        '[',
        ']',
        '"',
        '\\',
        '\\u0000',
        'null',
        ':',
        ',',
        '=',
        'udp=',
        'trace',
        '://',
        '@',
        '%',
        '%2',
        '?',
        '#',
      ],
    ],
    maxBytes: 5000,
    check,
  }
}
