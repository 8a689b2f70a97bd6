// Every rule of .dependency-cruiser.cjs is broken on purpose, in a real run over a tree of offending files, and the
// real tree passes the same rules. The domain's own compiler settings are tested the same way.

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import ts from 'typescript'
import { DEVELOPMENT, INNOCENT, OFFENDERS, SHIPPED, UNDECLARED } from './offenders.ts'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const RULES = join(ROOT, '.dependency-cruiser.cjs')

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
}

/** Runs the real tool over `src` in `folder` with the project's rule file. */
function cruise(folder: string): Promise<Violation[]> {
  const tool = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [tool, '--config', RULES, '--output-type', 'json', 'src'],
      { cwd: folder, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        if (stdout === '') fail(new Error(stderr, { cause: error }))
        else done(JSON.parse(stdout).summary.violations)
      },
    )
  })
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), source)
  }
}

function emptyPackages(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, ''],
    ]),
  )
}

describe('the layers', () => {
  let folder: string
  let violations: Violation[]

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'layers-'))
    const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1.0.0']))
    write(folder, {
      'package.json': JSON.stringify({
        type: 'module',
        dependencies: versions(SHIPPED),
        devDependencies: versions(DEVELOPMENT),
      }),
      'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'nodenext', allowImportingTsExtensions: true } }),
      ...emptyPackages([...SHIPPED, ...DEVELOPMENT, ...UNDECLARED]),
      ...INNOCENT,
      ...Object.fromEntries(OFFENDERS.map(({ file, source }) => [file, `${source}\n`])),
    })
    violations = await cruise(folder)
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const accusations = (file: string) => [
    ...new Set(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)),
  ]

  it.each(OFFENDERS)('rejects $file by the rule $rule', ({ rule, file }) => {
    expect(accusations(file)).toEqual([rule])
  })

  it.each(Object.keys(INNOCENT))('finds nothing wrong with %s', (file) => {
    expect(accusations(file)).toEqual([])
  })

  it('breaks every rule', () => {
    const rules: { forbidden: { name: string }[] } = createRequire(import.meta.url)(RULES)
    expect(new Set(OFFENDERS.map(({ rule }) => rule))).toEqual(new Set(rules.forbidden.map(({ name }) => name)))
  })

  it('are followed by the project itself', async () => {
    expect(await cruise(ROOT)).toEqual([])
  }, 60_000)
})

describe("the domain's compiler settings", () => {
  const CONFIG = join(ROOT, 'src/domain/tsconfig.json')
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'domain-'))
    write(folder, { 'package.json': JSON.stringify({ type: 'module' }) })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function complaints(files?: readonly string[]): string[] {
    const { config } = ts.readConfigFile(CONFIG, ts.sys.readFile)
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(CONFIG))
    const program = ts.createProgram(files ?? fileNames, options)
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  }

  it('accept the domain as it is', () => {
    expect(complaints()).toEqual([])
  }, 60_000)

  it.each(['process', 'Buffer', 'setTimeout', 'console', 'performance'])(
    'refuse a domain file that uses %s',
    (name) => {
      const file = join(folder, `${name}.ts`)
      writeFileSync(file, `export const borrowed = ${name}\n`)
      expect(complaints([file])).toEqual([expect.stringContaining(`Cannot find name '${name}'`)])
    },
    60_000,
  )
})
