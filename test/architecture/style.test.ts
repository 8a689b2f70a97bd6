// Style rules that neither compiler nor linter checks: one form of function, the width of comments, one meaning per
// exported name, and the standard terms.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import ts from 'typescript'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const MAX_COLUMNS = 120

/** Names that were replaced, and the standard terms that replaced them. */
const FORMER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^#?(most|MOST)(?=[A-Z_])/, 'max'],
  [/(Outside|^outside)$/, 'dependencies'],
  [/(Wishes|^wishes|Orders|^orders)$/, 'options'],
  [/^#?([lL]ookAhead)/, 'prefetch'],
  [/^#?(Dice|dice)$/, 'random'],
]

/** Names that are exported from more than one file of src for a reason. */
const SHARED_NAMES: Readonly<Record<string, string>> = {}

interface Source {
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
}

function sources(...folders: readonly string[]): readonly Source[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...folders], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const paths = listed.split('\0').filter((path) => path.endsWith('.ts'))
  return paths.map((path) => parse(path, readFileSync(join(ROOT, path), 'utf8')))
}

function parse(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }
}

function placeOf({ path, tree }: Source, at: number): string {
  return `${path}:${tree.getLineAndCharacterOfPosition(at).line + 1}`
}

/** Arrows with a type annotation are allowed, because a declaration cannot have one. */
function arrowsAtTopLevel(source: Source): readonly string[] {
  return source.tree.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .filter(
      ({ type, initializer }) => type === undefined && initializer !== undefined && ts.isArrowFunction(initializer),
    )
    .map((declaration) => `${placeOf(source, declaration.getStart())}: write "function ${declaration.name.getText()}"`)
}

function wideComments(source: Source): readonly string[] {
  const lines = source.text.split('\n')
  const wide = new Set<number>()
  for (const [from, to] of commentsOf(source)) {
    const first = source.tree.getLineAndCharacterOfPosition(from).line
    const last = source.tree.getLineAndCharacterOfPosition(to).line
    for (let line = first; line <= last; line++) if (lines[line].length > MAX_COLUMNS) wide.add(line)
  }
  return [...wide].map((line) => `${source.path}:${line + 1}: ${lines[line].length} columns`)
}

/** Start and end of each comment; look-alikes inside strings do not count. */
function commentsOf({ text, tree }: Source): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = []
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(tree)
    for (const child of children) visit(child)
    if (children.length > 0) return
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ]
    for (const { pos, end } of ranges) found.push([pos, end])
  }
  visit(tree)
  return found
}

function formerWords(source: Source): readonly string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && !isQuotedName(node)) {
      const former = FORMER_WORDS.find(([pattern]) => pattern.test(node.text))
      if (former !== undefined) found.push(`${placeOf(source, node.getStart())}: ${node.text}, say ${former[1]}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source.tree)
  return found
}

function isQuotedName(node: ts.Identifier | ts.PrivateIdentifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.expression.getText() === 'Counter'
}

function exportedNames(source: Source): readonly string[] {
  return source.tree.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return []
    if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name.getText())
    }
    const isNamed =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    return isNamed && statement.name !== undefined ? [statement.name.text] : []
  })
}

function homonyms(all: readonly Source[]): readonly string[] {
  const places = new Map<string, Set<string>>()
  for (const source of all) {
    for (const name of exportedNames(source)) places.set(name, (places.get(name) ?? new Set()).add(source.path))
  }
  return [...places]
    .filter(([name, paths]) => paths.size > 1 && SHARED_NAMES[name] === undefined)
    .map(([name, paths]) => `${name}: ${[...paths].join(', ')}`)
}

describe('the code style', () => {
  const shipped = sources('src')
  const all = [...shipped, ...sources('test')]

  it('declares functions at the top level instead of assigning them', () => {
    expect(all.flatMap(arrowsAtTopLevel)).toEqual([])
  })

  it('keeps comments within the page width', () => {
    expect(all.flatMap(wideComments)).toEqual([])
  })

  it('uses the standard terms', () => {
    expect(all.flatMap(formerWords)).toEqual([])
  })

  it('exports a name from only one file of src', () => {
    expect(homonyms(shipped)).toEqual([])
  })

  it('detects an offender of each kind', () => {
    const comment = `// ${'x'.repeat(MAX_COLUMNS)}`
    const offender = parse('a.ts', `${comment}\nexport const f = (mostPeers: number) => mostPeers\n`)
    expect(arrowsAtTopLevel(offender)).toEqual(['a.ts:2: write "function f"'])
    expect(wideComments(offender)).toEqual(['a.ts:1: 123 columns'])
    expect(formerWords(offender)).toHaveLength(2)
    expect(homonyms([offender, parse('b.ts', 'export function f() {}\n')])).toEqual(['f: a.ts, b.ts'])
    expect(homonyms([parse('c.ts', 'export type T = 1\nexport const T = 1\n')])).toEqual([])
  })
})
