// The shape word of a peer list: bit 0 its family, bits 1 to 4 its scope, the bits above its capacity in peers. Family
// and scope together are the list's kind: a torrent has at most one list of each kind. These functions are small enough
// for the compiler to inline.

import { type AnnounceRequest, type Family, MAX_SCOPE, type Scope } from '../announce.ts'
import { PAGE_PEERS, PAGE_SHIFT } from './layout.ts'

const FAMILY_BIT = 1
const SCOPE_SHIFT = 1
const SCOPE_MASK = MAX_SCOPE
const KIND_MASK = (SCOPE_MASK << SCOPE_SHIFT) | FAMILY_BIT
const CAPACITY_SHIFT = 5

export function kindOf(family: Family, scope: Scope): number {
  return family | (scope << SCOPE_SHIFT)
}

/** The kind of list that the announcing peer belongs to. */
export function ownKindOf(request: AnnounceRequest): number {
  return kindOf(request.family, request.scope)
}

/** The shape of a list with room for `capacity` peers; for 0 it equals the kind. */
export function shapeOf(kind: number, capacity: number): number {
  return (capacity << CAPACITY_SHIFT) | kind
}

// For a shape or a kind. The cast: a single bit is a family, which the compiler cannot know.
export function familyOf(shape: number): Family {
  return (shape & FAMILY_BIT) as Family
}

export function scopeOf(shape: number): Scope {
  return (shape >> SCOPE_SHIFT) & SCOPE_MASK
}

export function kindOfShape(shape: number): number {
  return shape & KIND_MASK
}

export function capacityOf(shape: number): number {
  return shape >> CAPACITY_SHIFT
}

/** True when the list has a directory of pages. */
export function isPagedShape(shape: number): boolean {
  return shape >> CAPACITY_SHIFT > PAGE_PEERS
}

/** Number of pages of a list with a directory. */
export function pagesOf(shape: number): number {
  return shape >> (CAPACITY_SHIFT + PAGE_SHIFT)
}

/** What one more page adds to a shape. */
export const PAGE_IN_SHAPE = shapeOf(0, PAGE_PEERS)

/** The page that holds a position, as its number in the directory, and the place on that page. */
export function pageOf(position: number): number {
  return position >> PAGE_SHIFT
}

export function placeOnPage(position: number): number {
  return position & (PAGE_PEERS - 1)
}
