// The reports of the git hooks, with a stand-in for npm that notes what it is asked for.

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const HOOK = join(import.meta.dirname, '../../tools/git-hook.mjs')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-hook-'))
  writeFileSync(
    join(folder, 'npm'),
    `#!/bin/sh\necho "$3" >> ${folder}/asked\n[ "$3" = "$FAILING" ] && echo "$3 is wrong" && exit 3\nexit 0\n`,
  )
  chmodSync(join(folder, 'npm'), 0o755)
})
afterEach(() => rmSync(folder, { recursive: true }))

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const PATH = [folder, dirname(process.execPath), process.env['PATH']].join(delimiter)
  const { status, stdout, stderr } = spawnSync(process.execPath, [HOOK, ...words], {
    encoding: 'utf8',
    env: { ...process.env, PATH, ...env },
  })
  return { status, stdout, stderr, asked: () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n') }
}

describe('a git hook', () => {
  it('runs quick checks before a commit, and all before a push', () => {
    expect(run(['pre-commit']).asked()).toEqual(['check:style', 'check:architecture'])
    expect(run(['pre-push', 'origin', 'git@example.org:muster']).asked().slice(2)).toEqual([
      'check:types',
      'check:domain',
      'check:architecture',
      'check:style',
      'check:unused',
      'test',
    ])
  })

  it('reports a line for each check, and the output of those that fail', () => {
    const { status, stdout } = run(['pre-commit'], { FAILING: 'check:style' })
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /^FAIL {2}check:style {2}[\d.]+ s\ncheck:style is wrong\nok {4}check:architecture {2}[\d.]+ s\n$/,
    )
    expect(run(['pre-commit']).status).toBe(0)
  })

  it('reports one JSON value, by an option or a variable', () => {
    const { status, stdout, stderr } = run(['pre-commit', '--format', 'json'], { FAILING: 'check:architecture' })
    expect([status, stderr.trim().split('\n').length]).toEqual([1, 2])
    const seconds = expect.any(Number)
    expect(JSON.parse(stdout)).toEqual({
      hook: 'pre-commit',
      ok: false,
      checks: [
        { name: 'check:style', ok: true, seconds, output: '' },
        { name: 'check:architecture', ok: false, seconds, output: 'check:architecture is wrong' },
      ],
    })
    expect(JSON.parse(run(['pre-commit'], { MUSTER_HOOK_FORMAT: 'json' }).stdout).ok).toBe(true)
  })

  it.each([[[]], [['post-commit']], [['pre-push', '--format', 'xml']], [['pre-push', '--quiet']]])(
    'makes no sense as %j',
    (words) => {
      expect(run(words)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('usage: ') })
    },
  )
})
