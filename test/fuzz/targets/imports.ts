// What is imported from elsewhere: torrent files, judged by another reading of bencoding, and dumps of databases, whose
// rows do not depend on where the pieces of the stream end.

import { type DumpRow, DumpStatements } from '../../../src/adapters/cli/import/sql-dump/dump-statements.ts'
import { SqlTokens } from '../../../src/adapters/cli/import/sql-dump/sql-tokens.ts'
import { readMetainfo } from '../../../src/adapters/protocol/metainfo/metainfo.ts'
import { type BencodedMap, decodeMap } from '../../fixtures/bencode.ts'
import { aTorrent } from '../../fixtures/torrent-files.ts'
import { type FuzzTarget, hold, latin1, same } from '../target.ts'

const DUMP = `-- a dump\nCREATE TABLE \`t\` (\`a\` int, \`b\` text DEFAULT 'x', KEY (a));\n/*!40000 ALTER */;
INSERT INTO \`t\` VALUES (1,'it\\'s ''it''\\n'),(NULL,_binary 'b\\0'),(0x41,X'42');\nINSERT INTO t (b) VALUE ("q"),(f(1,2));\n`

function decoded(input: Uint8Array): BencodedMap | undefined {
  try {
    return decodeMap(input)
  } catch {
    return undefined
  }
}

function checkTorrent(input: Uint8Array): void {
  const read = readMetainfo(input)
  const info = decoded(input)?.get('info')
  if (read !== undefined) {
    hold(Buffer.from(input).includes(read.info), 'the info dictionary is a part of the file')
    hold(read.isV1 || read.isV2, 'a torrent has a version')
  } else if (info instanceof Map) hold(!info.has('pieces') || input.length > 1000, 'a torrent that can be read is read')
}

function rowsOf(pieces: readonly Uint8Array[]): readonly DumpRow[] {
  const statements = new DumpStatements(new Set(['t']))
  const tokens = new SqlTokens(statements)
  for (const piece of pieces) tokens.push(piece)
  tokens.end()
  return statements.rows
}

function plain(rows: readonly DumpRow[]): unknown {
  return rows.map(({ table, values, line }) => [table, line, ...values])
}

function check(input: Uint8Array): void {
  checkTorrent(input)
  const at = input.length === 0 ? 0 : input[0] % input.length
  const whole = rowsOf([input])
  same(plain(rowsOf([input.subarray(0, at), input.subarray(at)])), plain(whole), 'the rows of a dump in two pieces')
  for (const { values } of whole) {
    for (const value of values.values())
      hold((value ?? '').length <= 1024, 'no value of a dump is kept beyond its bound')
  }
}

export function openImports(): FuzzTarget {
  const torrents = (['v1', 'v2', 'hybrid'] as const).map((version) => aTorrent(version, ['http://a/', 'udp://b:1']))
  return {
    seeds: [...torrents.map((torrent) => new Uint8Array(torrent)), latin1(DUMP)],
    always: [
      latin1(`d4:info${'l'.repeat(300_000)}`),
      latin1(`d4:infod6:pieces${'9'.repeat(300_000)}`),
      latin1(`INSERT INTO t (a) VALUES ('${"''".repeat(300_000)}`),
      latin1(`INSERT INTO t (a) VALUES ${'('.repeat(300_000)}`),
    ],
    dictionary: [
      'd',
      'l',
      'e',
      'i2e',
      '4:info',
      '6:pieces',
      '0:',
      ':-1:',
      "'",
      "''",
      '\\',
      '`',
      '--\n',
      '/*',
      '*/',
      ';',
      '(',
      '),(',
    ],
    maxBytes: 4096,
    check,
  }
}
