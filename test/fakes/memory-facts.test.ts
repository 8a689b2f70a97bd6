import { describe } from '@jest/globals'
import { EVERYTHING, factsContract } from '../contracts/facts-contract.ts'
import { MemoryFacts } from './memory-facts.ts'

describe('facts in memory', () => {
  factsContract(() => {
    const facts = new MemoryFacts(10)
    facts.want(EVERYTHING)
    return { facts, inbox: facts, room: 10, dropped: () => facts.dropped, lost: () => facts.lost }
  })
})
