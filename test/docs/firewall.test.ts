// The example rules of docs/firewall.md are accepted by nft itself, in a network namespace of their own.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const [, rules] = /^```nft\n([\s\S]*?)^```$/m.exec(readFileSync('docs/firewall.md', 'utf8')) ?? []

function loads(input: string) {
  const { status, stderr } = spawnSync('unshare', ['--net', 'nft', '--check', '--file', '-'], {
    input,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
  })
  return { status, stderr }
}

const isAvailable = loads('').status === 0
if (!isAvailable) {
  if (process.env['CI']) throw new Error('the firewall example needs nftables, and root')
  console.warn('SKIPPED: the firewall example needs nftables, and root')
}
const testWithNft = isAvailable ? test : test.skip

test('the page has rules', () => {
  expect(rules).toContain('udp dport 6969 notrack')
})

testWithNft('nft accepts the rules, and would refuse faulty ones', () => {
  expect(loads(rules ?? '')).toEqual({ status: 0, stderr: '' })
  expect(loads(`${rules}\nnonsense`).status).toBe(1)
})
