import { describe, expect, it } from '@jest/globals'
import type { BegunRequest, BoundedConnection } from '../../../src/adapters/inbound/bounded-connection.ts'
import { Stage } from '../../../src/adapters/inbound/connection-budget.ts'
import {
  type BudgetKind,
  type ConnectionBounds,
  ConnectionTable,
} from '../../../src/adapters/inbound/connection-table.ts'
import { IpAddress, readAddress } from '../../../src/adapters/protocol/address-text.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

const BOUNDS: ConnectionBounds = { maxConnections: 40, maxConnectionsPerAddress: 4, appliesToPrivate: false }
/** Of these bounds. */
const NETWORK_SHARE = 10
const SITE_SHARE = 20

function remote(text: string, isProxy = false) {
  const address = new IpAddress()
  const isKnown = readAddress(text, 0, text.length, address)
  return { address, isKnown, isProxy }
}

/** A request that is read as a whole, unless said otherwise. */
function aRequest(complete = true): { complete: boolean } {
  return { complete }
}

function aTable(changes: Partial<ConnectionBounds> = {}) {
  const displaced: [string, BudgetKind][] = []
  const closed: string[] = []
  let refused = 0
  const table = new ConnectionTable(
    { ...BOUNDS, ...changes },
    { refused: () => void refused++, displaced: (above) => displaced.push([closed.at(-1) ?? '', above]) },
  )
  const admit = (name: string, from: string, isProxy = false): BoundedConnection | undefined =>
    table.admit({ destroy: () => closed.push(name) }, remote(from, isProxy))
  /** Must be admitted. */
  const open = (name: string, from: string, isProxy = false): BoundedConnection => {
    const connection = admit(name, from, isProxy)
    if (connection === undefined) throw new Error(`${name} was refused`)
    return connection
  }
  return { table, displaced, admit, open, timesRefused: () => refused }
}

/** As many connections as asked for, each from the address that `from` returns for its number. */
function fill(open: (name: string, from: string) => BoundedConnection, count: number, from: (i: number) => string) {
  return Array.from({ length: count }, (_, i) => open(`${i}`, from(i)))
}

/** Addresses of networks that have nothing in common. */
function farApart(i: number): string {
  return `${20 + i}.0.0.1`
}

describe('at the total limit', () => {
  it('the oldest connection that has sent nothing gives way to a newcomer', () => {
    const { displaced, open } = aTable()
    fill(open, 40, farApart)
    expect(displaced).toEqual([])
    open('newcomer', '9.9.9.9')
    open('another', '9.9.9.10')
    expect(displaced).toEqual([
      ['0', 'total'],
      ['1', 'total'],
    ])
  })

  it('one that is owed a reply stays, and one without a whole request goes before it', () => {
    const { displaced, open } = aTable()
    const [first, second, third] = fill(open, 40, farApart)
    first.begin(aRequest())
    second.begin(aRequest(false))
    third.begin(aRequest())
    open('newcomer', '9.9.9.9')
    open('another', '9.9.9.10')
    expect(displaced.map(([name]) => name)).toEqual(['1', '3'])
  })

  it('a body that arrives late makes its request whole', () => {
    const { displaced, open } = aTable()
    const [first] = fill(open, 40, farApart)
    const request = aRequest(false)
    first.begin(request)
    request.complete = true
    open('newcomer', '9.9.9.9')
    expect(displaced).toEqual([['1', 'total']])
  })

  it('idle ones go after all half-open ones, in the order in which they were last used', () => {
    const { displaced, open } = aTable({ maxConnections: 4 })
    const connections = fill(open, 4, farApart)
    for (const connection of connections.slice(0, 3)) {
      const request = aRequest()
      connection.begin(request)
      connection.end(request)
    }
    open('a', '9.9.9.9')
    const again = aRequest()
    connections[0].begin(again)
    connections[0].end(again)
    const whole = aRequest()
    open('b', '9.9.9.10').begin(whole)
    open('c', '9.9.9.11').begin(whole)
    open('d', '9.9.9.12').begin(whole)
    expect(displaced.map(([name]) => name)).toEqual(['3', 'a', '1', '2'])
  })

  it('a newcomer is refused if all others are owed replies, until one has got its own', () => {
    const { admit, displaced, open, timesRefused } = aTable()
    const requests = fill(open, 40, farApart).map((connection) => {
      const request = aRequest()
      connection.begin(request)
      return { connection, request }
    })
    expect(admit('newcomer', '9.9.9.9')).toBeUndefined()
    expect([timesRefused(), displaced]).toEqual([1, []])
    requests[7].connection.end(requests[7].request)
    open('newcomer', '9.9.9.9')
    expect([timesRefused(), displaced]).toEqual([1, [['7', 'total']]])
  })

  it('a pipelined request that is not whole does not endanger the reply to the one before it', () => {
    const { admit, displaced, open } = aTable({ maxConnections: 1 })
    const only = open('only', '9.9.9.9')
    const first = aRequest()
    only.begin(first)
    only.begin(aRequest(false))
    expect(admit('newcomer', '9.9.9.10')).toBeUndefined()
    only.end(first)
    open('newcomer', '9.9.9.10')
    expect(displaced).toEqual([['only', 'total']])
  })

  it('a connection that is kept stays until its request is answered', () => {
    const { admit, open, displaced } = aTable({ maxConnections: 1 })
    const only = open('only', '9.9.9.9')
    const request = aRequest(false)
    only.begin(request)
    only.keep()
    expect(admit('newcomer', '9.9.9.10')).toBeUndefined()
    only.end(request)
    open('newcomer', '9.9.9.10')
    expect(displaced).toEqual([['only', 'total']])
  })

  it('a connection that has gone gives way no second time, whatever happens to its requests', () => {
    const { displaced, open } = aTable({ maxConnections: 1 })
    const only = open('only', '9.9.9.9')
    const request = aRequest(false)
    only.begin(request)
    const newcomer = open('newcomer', '9.9.9.10')
    only.end(request)
    only.begin(aRequest(false))
    only.leave()
    newcomer.leave()
    open('last', '9.9.9.11')
    expect(displaced).toEqual([['only', 'total']])
  })
})

describe('the budget', () => {
  it.each<[string, number, BudgetKind, (i: number) => string]>([
    ['an IPv4 address', 4, 'address', () => '9.9.9.9'],
    ['a /24', NETWORK_SHARE, 'prefix', (i) => `9.9.9.${i * 20}`],
    ['a /64', 4, 'address', (i) => `2a00:1:2:3::${i + 1}`],
    ['a /56', NETWORK_SHARE, 'prefix', (i) => `2a00:1:2:4${(i * 20).toString(16).padStart(2, '0')}::1`],
    ['a /48', SITE_SHARE, 'prefix', (i) => `2a00:1:2:${i + 1}00::1`],
    ['an IPv4 address as IPv6', 4, 'address', () => '::ffff:9.9.9.9'],
  ])('of %s is %i, and its own oldest gives way', (_, max, kind, from) => {
    const { displaced, open } = aTable()
    open('stranger', '30.0.0.1')
    fill(open, max, from)
    expect(displaced).toEqual([])
    open('newcomer', from(max))
    expect(displaced).toEqual([['0', kind]])
  })

  it.each<[string, string, string]>([
    ['IPv4 addresses', '9.9.9.9', '9.9.9.10'],
    ['/24s', '9.9.9.9', '9.9.8.9'],
    ['/64s', '2a00:1:2:3::1', '2a00:1:2:4::1'],
    ['/56s', '2a00:1:2:3ff::1', '2a00:1:2:400::1'],
    ['/48s', '2a00:1:2::1', '2a00:1:3::1'],
  ])('of %s next to each other are apart', (_, one, other) => {
    const { displaced, open } = aTable()
    fill(open, 4, () => one)
    fill(open, 4, () => other)
    expect(displaced).toEqual([])
  })

  it('of a prefix refuses a newcomer if all of its connections are owed replies', () => {
    const { admit, open, timesRefused } = aTable()
    open('stranger', '30.0.0.1')
    for (const connection of fill(open, NETWORK_SHARE, (i) => `9.9.9.${i}`)) connection.begin(aRequest())
    expect(admit('newcomer', '9.9.9.99')).toBeUndefined()
    expect(timesRefused()).toBe(1)
    open('neighbour', '9.9.8.99')
  })

  it('of a prefix is at least what one address may have', () => {
    const { displaced, open } = aTable({ maxConnectionsPerAddress: 15 })
    fill(open, 15, () => '9.9.9.9')
    expect(displaced).toEqual([])
    open('neighbour', '9.9.9.8')
    expect(displaced).toEqual([['0', 'prefix']])
  })

  it.each(['9.9.9.9', 'fe80::1', ''])('of trusted proxies, here %j, is only the total', (from) => {
    const { displaced, open } = aTable()
    for (let i = 0; i < 40; i++) open(`${i}`, from, from !== '')
    expect(displaced).toEqual([])
    open('newcomer', '20.0.0.1')
    expect(displaced).toEqual([['0', 'total']])
  })

  it.each<[string, (i: number) => string]>([
    ['loopback', (i) => `127.0.0.${i}`],
    ['private', (i) => `10.1.1.${i}`],
    ['carrier', (i) => `100.64.0.${i}`],
    ['unique local', (i) => `fd00:1:2:3${i.toString(16).padStart(2, '0')}::1`],
  ])('of a %s prefix is the total, unless limits apply to private addresses', (_, from) => {
    const spared = aTable()
    fill(spared.open, 40, from)
    expect(spared.displaced).toEqual([])
    const limited = aTable({ appliesToPrivate: true })
    fill(limited.open, NETWORK_SHARE, from)
    expect(limited.displaced).toEqual([])
    limited.open('newcomer', from(NETWORK_SHARE))
    expect(limited.displaced).toEqual([['0', 'prefix']])
  })

  it('of a private address is that of any address', () => {
    const { displaced, open } = aTable()
    fill(open, 5, () => '127.0.0.2')
    expect(displaced).toEqual([['0', 'address']])
  })

  it('is freed by connections that close', () => {
    const { displaced, open } = aTable()
    for (let i = 0; i < 50; i++) for (const connection of fill(open, 4, () => '9.9.9.9')) connection.leave()
    expect(displaced).toEqual([])
  })
})

describe('under 1,300 silent connections from one IPv6 /57', () => {
  it('other clients are served, and the /57 has a quarter of the connections', () => {
    const { displaced, open } = aTable({ maxConnections: 1000, maxConnectionsPerAddress: 100 })
    for (let i = 0; i < 1300; i++) open(`silent ${i}`, `2a00:1:2:${(i % 128).toString(16)}::${i + 1}`)
    expect(displaced).toHaveLength(1300 - 250)
    for (let i = 0; i < 498; i++) open(`client ${i}`, `${20 + (i % 100)}.${i}.0.1`).leave()
    expect(displaced).toHaveLength(1300 - 250)
  })
})

interface Opened {
  readonly name: string
  readonly connection: BoundedConnection
  request: BegunRequest | undefined
}

describe('any order of events', () => {
  it.each([1, 2, 3, 4])(
    'keeps to all bounds, never closes one that is owed a reply, and leaves nothing (seed %i)',
    (seed) => {
      const random = new SeededRandom(seed)
      const { table, displaced, admit } = aTable()
      const opened = new Map<string, Opened>()
      for (let i = 0; i < 5000; i++) {
        const all = [...opened.values()]
        const one = all.length === 0 ? undefined : random.pick(all)
        const choice = random.below(5)
        if (one === undefined || choice < 2) {
          const closable = all.filter(({ connection }) => connection.stage !== Stage.Answering).map(({ name }) => name)
          const silent = all.filter(({ connection }) => connection.stage === Stage.HalfOpen)
          const isFull = all.length === BOUNDS.maxConnections
          const before = displaced.length
          const connection = admit(`${i}`, `9.9.${random.below(7)}.${random.below(3)}`)
          const [victim] = displaced[before] ?? []
          if (victim !== undefined) {
            expect(closable).toContain(victim)
            if (displaced[before][1] === 'total' && silent.length > 0) {
              expect(silent.map(({ name }) => name)).toContain(victim)
            }
            opened.delete(victim)
          } else if (isFull) expect(connection).toBeUndefined()
          if (connection !== undefined) opened.set(`${i}`, { name: `${i}`, connection, request: undefined })
        } else if (choice === 2 && one.request === undefined) {
          one.request = aRequest(random.oneIn(2))
          one.connection.begin(one.request)
        } else if (choice === 3 && one.request !== undefined) {
          one.connection.end(one.request)
          one.request = undefined
        } else if (random.oneIn(4)) {
          one.connection.leave()
          opened.delete(one.name)
        }
        expect(opened.size).toBeLessThanOrEqual(BOUNDS.maxConnections)
      }
      expect(displaced.length).toBeGreaterThan(100)
      // At most an address and a /24 for each connection, and the total.
      expect(table.prefixCount).toBeLessThanOrEqual(2 * opened.size + 1)
      for (const { connection } of opened.values()) connection.leave()
      expect(table.prefixCount).toBe(0)
    },
  )
})
