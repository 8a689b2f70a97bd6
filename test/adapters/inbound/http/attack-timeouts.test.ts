import { createServer } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from '@jest/globals'
import { shortenUnderAttack } from '../../../../src/adapters/inbound/http/attack-timeouts.ts'
import { AttackMode, createAttackMemory } from '../../../../src/domain/attack-mode.ts'

it('time limits of requests are halved with the first connection of an attack, and whole with the first after it', () => {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 15_001, keepAliveTimeout: 5000 })
  const attack = new AttackMode(createAttackMemory())
  shortenUnderAttack(server, { headersTimeoutMs: 10_000, requestTimeoutMs: 15_001 }, attack)
  const limits = () => [server.headersTimeout, server.requestTimeout, server.keepAliveTimeout]
  const limitsAfterConnection = () => {
    server.listeners('connection').at(-1)?.call(server, new Socket())
    return limits()
  }
  expect(limitsAfterConnection()).toEqual([10_000, 15_001, 5000])
  attack.set(true)
  expect(limits()).toEqual([10_000, 15_001, 5000])
  expect(limitsAfterConnection()).toEqual([5000, 7501, 5000])
  expect(limitsAfterConnection()).toEqual([5000, 7501, 5000])
  attack.set(false)
  expect(limitsAfterConnection()).toEqual([10_000, 15_001, 5000])
})
