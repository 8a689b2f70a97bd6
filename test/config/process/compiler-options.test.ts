import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { COMPILER_OPTIONS } from '../../../src/config/process/compiler-options.ts'

const MODULE = fileURLToPath(new URL('../../../src/config/process/compiler-options.ts', import.meta.url))

describe('compiler options', () => {
  test.each(COMPILER_OPTIONS)('%s is known to this version of V8', (option) => {
    const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
    const name = option.slice(0, option.indexOf('='))
    expect(known.split('\n').map((line) => line.trim().split(' ')[0])).toContain(name)
  })

  test('are set without a word', () => {
    const script = `import { setCompilerOptions } from ${JSON.stringify(MODULE)}; setCompilerOptions()`
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})
