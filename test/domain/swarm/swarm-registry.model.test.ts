// The registry against the naive model: random announces in small worlds, compared after every step.

import { describe, expect, it } from '@jest/globals'
import { Game, SMALL_WORLD, type World } from '../../model/world.ts'

/** What differed after so many games of a world. */
function differencesAfter(games: number, world: World, steps: number): string[] {
  for (let seed = 1; seed <= games; seed++) {
    const game = new Game(world, seed)
    for (let part = 0; part < 10; part++) {
      game.play(steps / 10).check()
      if (part % 3 === 2) game.sweep(30, part === 8).check()
      if (game.differences.length > 0) return [`seed ${seed}`, ...game.differences]
    }
    game.sweep(-1, true).check()
    if (game.registry.heap.usedBytes() !== 0) game.differences.push('memory is not empty')
    if (game.differences.length > 0) return [`seed ${seed}`, ...game.differences]
  }
  return []
}

describe('the swarm registry against the naive model', () => {
  it('agrees in worlds where everything collides', () => {
    expect(differencesAfter(30, SMALL_WORLD, 1000)).toEqual([])
  })

  it('agrees in a world of one address and many ports', () => {
    expect(differencesAfter(10, { ...SMALL_WORLD, torrents: 1, hosts: 1, ports: 60, peerIds: 50 }, 2000)).toEqual([])
  })
})
