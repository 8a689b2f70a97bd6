import { describe, expect, it } from '@jest/globals'
import { DumpStatements } from '../../../../../src/adapters/cli/import/sql-dump/dump-statements.ts'
import { SqlTokens } from '../../../../../src/adapters/cli/import/sql-dump/sql-tokens.ts'

const TABLE = 'create table t (a int, b text);\n'

/** The rows of a dump, read in pieces of one byte, and whether it is cut off. */
function read(dump: string) {
  const statements = new DumpStatements(new Set(['t']))
  const tokens = new SqlTokens(statements)
  for (const byte of Buffer.from(dump)) tokens.push(Uint8Array.of(byte))
  tokens.end()
  return {
    rows: statements.rows.map(({ values }) => Object.fromEntries(values)),
    isOpen: tokens.isOpen || statements.isOpen,
  }
}

const one = { a: '1', b: 'x' }
const two = { a: '2', b: 'y' }

describe('the rows of a dump', () => {
  it.each([
    ['on duplicate key update b=values(b)'],
    ['on duplicate key update b=concat(values(b), (7)), a=(8)'],
    ['as new (c, d) on duplicate key update b=new.d'],
    ['returning (a), (b)'],
  ])('end before "%s"', (more) => {
    expect(read(`${TABLE}insert into t values (1,'x'), (2,'y') ${more}; insert into t values (1,'x');`)).toEqual({
      rows: [one, two, one],
      isOpen: false,
    })
  })

  it('may be rows by name', () => {
    expect(read(`${TABLE}insert into t values row(1,'x'), row(2,'y');`).rows).toEqual([one, two])
  })

  it.each([
    ['mysqldump', 'DELIMITER ;;\n', ' ;;\nDELIMITER ;\n'],
    ['phpMyAdmin', 'DELIMITER $$\n', '$$\nDELIMITER ;\n'],
    ['others', 'delimiter //\n', '\n//\ndelimiter ;\n'],
    ['a server', '', ';\n'],
  ])('are not those of procedures and triggers, as %s writes them', (_, before, after) => {
    const body = `create procedure p() begin
      insert into t values (7,'body');
      insert into t values (8,'body');
      if delimiter > 1 then insert into t values (9, 'body'); end if;
      case a when 1 then begin select case a when 1 then 2 end; end; end case;
      insert into t values (9,'body');
    end`
    const dump = `${TABLE}insert into t values (1,'x');\n${before}${body}${after}${before}${body}${after}insert into t values (2,'y');\n`
    expect(read(dump)).toEqual({ rows: [one, two], isOpen: false })
    expect(read(`${dump}${before}${body}${after}`.trimEnd())).toEqual({ rows: [one, two], isOpen: false })
    expect(read(`${dump}${before}${body}`)).toEqual({ rows: [one, two], isOpen: true })
  })
})
