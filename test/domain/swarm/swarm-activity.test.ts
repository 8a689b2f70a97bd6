import { describe, expect, it } from '@jest/globals'
import { AnnounceEvent, AnnounceRequest } from '../../../src/domain/announce.ts'
import { SHARD_WORDS, Shard } from '../../../src/domain/swarm/layout.ts'
import { SwarmActivity } from '../../../src/domain/swarm/swarm-activity.ts'
import { swarmTotals } from '../../../src/domain/swarm/swarm-totals.ts'
import { anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../../model/announcing.ts'
import { aRegistry, Game, SMALL_WORLD } from '../../model/world.ts'

function aWorld() {
  const registry = aRegistry()
  const activity = new SwarmActivity(registry.memory)
  const announce = (changes = {}) =>
    registry.announce(fillRequest(new AnnounceRequest(), anAnnounce(changes)), aReply())
  return { registry, activity, announce }
}

describe('the activity of swarms', () => {
  it('counts peers added, updated, changing sides and removed, by role', () => {
    const { activity, announce } = aWorld()
    announce()
    announce({ left: 0n, event: AnnounceEvent.Completed })
    announce({ left: 5n })
    announce({ event: AnnounceEvent.Stopped })
    announce({ infoHash: twentyBytes(2), left: 0n })
    expect(activity.read()).toEqual({
      torrentsAdded: 2,
      torrentsRemoved: 0,
      peersAdded: { seeders: 1, leechers: 1 },
      peersRemoved: { seeders: 0, leechers: 1 },
      peersUpdated: { seeders: 1, leechers: 1 },
      seedersReverted: 1,
    })
    announce({ infoHash: twentyBytes(2), left: 0n, event: AnnounceEvent.Stopped })
    expect(activity.read()).toMatchObject({ torrentsRemoved: 1, peersRemoved: { seeders: 1, leechers: 1 } })
  })

  it('treats a peer at another port as one removed and one added', () => {
    const { activity, announce } = aWorld()
    announce()
    announce({ endpoint: anEndpoint([1, 2, 3, 4], 6882) })
    expect(activity.read()).toMatchObject({
      peersAdded: { seeders: 0, leechers: 2 },
      peersRemoved: { seeders: 0, leechers: 1 },
    })
  })

  it('continues counting when the words of a shard wrap around', () => {
    const { registry, activity, announce } = aWorld()
    announce()
    const { words, plan } = registry.memory
    for (let shard = 0; shard < plan.shards; shard++) {
      words[plan.shardsAt + shard * SHARD_WORDS + Shard.PeersUpdated + 1] = -1
    }
    const before = activity.read().peersUpdated.leechers
    announce()
    expect(activity.read().peersUpdated.leechers).toBe(before + 1)
  })

  it.each([1, 2, 3, 4])('agrees with what is there after any announces and clean-ups (seed %i)', (seed) => {
    const game = new Game(SMALL_WORLD, seed)
    const activity = new SwarmActivity(game.registry.memory)
    for (let round = 0; round < 10; round++) {
      game.play(300).sweep(200, round % 2 === 0)
      const { peersAdded, peersRemoved, torrentsAdded, torrentsRemoved } = activity.read()
      const { ipv4Peers, ipv6Peers, torrents } = swarmTotals(game.registry.memory)
      const came = peersAdded.seeders + peersAdded.leechers
      const left = peersRemoved.seeders + peersRemoved.leechers
      expect(came - left).toBe(ipv4Peers + ipv6Peers)
      expect(torrentsAdded - torrentsRemoved).toBe(torrents)
    }
    expect(game.differences).toEqual([])
  })
})
