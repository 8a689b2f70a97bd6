// What the policy makes of addresses and ports (protocol rules SEC-14, SEC-15, HTTP-13).

import { describe, expect, it } from '@jest/globals'
import { AddressRanges } from '../../src/domain/address-ranges.ts'
import { AnnounceRequest, Scope, Warning } from '../../src/domain/announce.ts'
import { PeerPolicy, type PrivatePeers } from '../../src/domain/peer-policy.ts'
import { anAnnounce, anEndpoint, fillRequest } from '../model/announcing.ts'

/** Privileged ports except 80 and 443, and a few services. */
function* deniedPorts(): Generator<number> {
  for (let port = 2; port <= 1023; port++) if (port !== 80 && port !== 443) yield port
  yield* [3389, 65_535]
}

function place(policy: PeerPolicy, address: readonly number[], port = 6881) {
  const request = fillRequest(new AnnounceRequest(), anAnnounce({ endpoint: anEndpoint(address, port) }))
  request.scope = Scope.Private
  request.isHidden = true
  const isPlaced = policy.place(request)
  return isPlaced ? { scope: request.scope, isHidden: request.isHidden, warning: policy.warning } : undefined
}

const LISTED = { scope: Scope.Global, isHidden: false, warning: Warning.None }
const GLOBAL = [20, 0, 0, 1]
const PRIVATE = [192, 168, 0, 1]

describe('ports', () => {
  it.each([80, 443, 1024, 3388, 3390, 65_534])('%d is listed', (port) => {
    expect(place(new PeerPolicy('scope', deniedPorts()), GLOBAL, port)).toEqual(LISTED)
  })

  it.each([2, 31, 32, 63, 64, 79, 81, 442, 444, 1022, 1023, 3389, 65_535])('%d is denied with a warning', (port) => {
    const expected = { ...LISTED, isHidden: true, warning: Warning.DeniedPort }
    expect(place(new PeerPolicy('scope', deniedPorts()), GLOBAL, port)).toEqual(expected)
  })

  it('denies exactly the ports it was given', () => {
    const policy = new PeerPolicy('scope', deniedPorts())
    const expected = new Set(deniedPorts())
    const denied: number[] = []
    for (let port = 0; port < 65_536; port++)
      if (place(policy, GLOBAL, port)?.warning === Warning.DeniedPort) denied.push(port)
    expect(denied).toEqual([...expected])
  })

  it('hides port 1 without a warning', () => {
    expect(place(new PeerPolicy('scope', []), GLOBAL, 1)).toEqual({ ...LISTED, isHidden: true })
  })

  it('forgets the warning of the previous peer', () => {
    const policy = new PeerPolicy('scope', deniedPorts())
    place(policy, GLOBAL, 25)
    expect(place(policy, GLOBAL)?.warning).toBe(Warning.None)
  })
})

describe('addresses', () => {
  const privately: readonly (readonly [PrivatePeers, object])[] = [
    ['scope', { ...LISTED, scope: Scope.Private }],
    ['all', LISTED],
    ['none', { ...LISTED, isHidden: true }],
  ]

  it.each(privately)('of private networks under "%s"', (privatePeers, expected) => {
    const policy = new PeerPolicy(privatePeers, [])
    expect(place(policy, PRIVATE)).toEqual(expected)
    expect(place(policy, [0xfd, ...new Array(15).fill(1)])).toEqual(expected)
    expect(place(policy, GLOBAL)).toEqual(LISTED)
  })

  it('of documentation are counted and never handed out', () => {
    expect(place(new PeerPolicy('all', []), [203, 0, 113, 7])).toEqual({ ...LISTED, isHidden: true })
  })

  it.each([0x02, 0x03])(
    'of an overlay network (%d00::/8) are a class of their own, whatever the policy for private ones',
    (first) => {
      for (const privatePeers of ['scope', 'all', 'none'] as const) {
        const policy = new PeerPolicy(privatePeers, [])
        expect(place(policy, [first, ...new Array(15).fill(1)])).toEqual({ ...LISTED, scope: Scope.Overlay })
        expect(place(policy, [first, ...new Array(15).fill(1)], 1)).toMatchObject({ isHidden: true })
      }
    },
  )

  describe('of named ranges', () => {
    const network = (bytes: readonly number[], prefixBits: number) => ({ bytes: Uint8Array.from(bytes), prefixBits })
    const ranges = new AddressRanges([
      [network([10, 8, 0, 0], 16), network([0xfd, 0, 0, 8, ...new Array(12).fill(0)], 32)],
      [network([20, 0, 0, 0], 31), network([203, 0, 113, 0], 24), network([2, ...new Array(15).fill(0)], 8)],
      [network([192, 168, 0, 1], 32), network([128, 0, 0, 0], 3)],
    ])
    const v6 = (front: readonly number[]) => [...front, ...new Array(16 - front.length).fill(1)]

    it.each([
      { address: [10, 8, 0, 0], scope: Scope.FirstRange },
      { address: [10, 8, 255, 255], scope: Scope.FirstRange },
      { address: [10, 7, 255, 255], scope: Scope.Private },
      { address: [10, 9, 0, 0], scope: Scope.Private },
      { address: v6([0xfd, 0, 0, 8]), scope: Scope.FirstRange },
      { address: v6([0xfd, 0, 0, 9]), scope: Scope.Private },
      { address: [20, 0, 0, 1], scope: Scope.FirstRange + 1 },
      { address: [20, 0, 0, 2], scope: Scope.Global },
      { address: [203, 0, 113, 255], scope: Scope.FirstRange + 1 },
      { address: v6([2]), scope: Scope.FirstRange + 1 },
      { address: v6([3]), scope: Scope.Overlay },
      { address: [192, 168, 0, 1], scope: Scope.FirstRange + 2 },
      { address: [192, 168, 0, 0], scope: Scope.Private },
      { address: [128, 0, 0, 0], scope: Scope.FirstRange + 2 },
      { address: [159, 255, 255, 255], scope: Scope.FirstRange + 2 },
      { address: [160, 0, 0, 0], scope: Scope.Global },
      { address: [127, 255, 255, 255], scope: Scope.Private },
    ])('$address is in scope $scope', ({ address, scope }) => {
      expect(place(new PeerPolicy('scope', [], ranges), address)).toEqual({ ...LISTED, scope })
    })

    it('are classes whatever the policy for private ones, and still hide denied ports', () => {
      const named = { ...LISTED, scope: Scope.FirstRange }
      for (const privatePeers of ['all', 'none'] as const) {
        const policy = new PeerPolicy(privatePeers, [25], ranges)
        expect(place(policy, [10, 8, 0, 1])).toEqual(named)
        expect(place(policy, [10, 8, 0, 1], 1)).toEqual({ ...named, isHidden: true })
        expect(place(policy, [10, 8, 0, 1], 25)).toEqual({ ...named, isHidden: true, warning: Warning.DeniedPort })
      }
    })

    it('do not make unusable addresses usable', () => {
      const everything = new AddressRanges([[network([0, 0, 0, 0], 0)]])
      expect(place(new PeerPolicy('scope', [], everything), [224, 0, 0, 1])).toBeUndefined()
      expect(place(new PeerPolicy('scope', [], everything), [8, 8, 8, 8])).toMatchObject({ scope: Scope.FirstRange })
    })
  })

  it('that no peer can have are rejected', () => {
    const policy = new PeerPolicy('all', [])
    expect(place(policy, [0, 0, 0, 0])).toBeUndefined()
    expect(place(policy, [255, 255, 255, 255])).toBeUndefined()
    expect(place(policy, new Array(16).fill(0))).toBeUndefined()
  })
})
