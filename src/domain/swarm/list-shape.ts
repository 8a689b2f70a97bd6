// What the shape word of a peer list says: bit 0 its family, bits 1 to 4 its scope, those above its capacity in peers. Family
// and scope together are the list's kind: a torrent has one list of each kind at most. These functions are small enough that
// the compiler puts them in the place of their calls.

import { type Family, MAX_SCOPE, type Scope } from '../announce.ts'
import { PAGE_PEERS, PAGE_SHIFT } from './layout.ts'

const FAMILY_BIT = 1
const SCOPE_SHIFT = 1
const SCOPE_MASK = MAX_SCOPE
const KIND_MASK = (SCOPE_MASK << SCOPE_SHIFT) | FAMILY_BIT
const CAPACITY_SHIFT = 5

export const kindOf = (family: Family, scope: Scope): number => family | (scope << SCOPE_SHIFT)

/** The shape of a list with room for `capacity` peers; without any, it is the kind itself. */
export const shapeOf = (kind: number, capacity: number): number => (capacity << CAPACITY_SHIFT) | kind

// Of a shape or a kind. A single bit is a family, which the compiler cannot know.
export const familyOf = (shape: number): Family => (shape & FAMILY_BIT) as Family
export const scopeOf = (shape: number): Scope => (shape >> SCOPE_SHIFT) & SCOPE_MASK
export const kindOfShape = (shape: number): number => shape & KIND_MASK

export const capacityOf = (shape: number): number => shape >> CAPACITY_SHIFT

/** True when the peers hang on a directory of pages. */
export const isPagedShape = (shape: number): boolean => shape >> CAPACITY_SHIFT > PAGE_PEERS
/** Pages of a list that has a directory. */
export const pagesOf = (shape: number): number => shape >> (CAPACITY_SHIFT + PAGE_SHIFT)
/** What a page more adds to a shape. */
export const PAGE_IN_SHAPE = shapeOf(0, PAGE_PEERS)

/** The page that holds a position, by its number in the directory, and the place on that page. */
export const pageOf = (position: number): number => position >> PAGE_SHIFT
export const placeOnPage = (position: number): number => position & (PAGE_PEERS - 1)
