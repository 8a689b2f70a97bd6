// The access mode in words, for the log at start and `muster config check`: an operator must see that a tracker is
// public, because a document that says nothing about access has that mode.

import type { AccessSettings } from './settings.ts'

export function describeAccess({ isListed, isPrivate }: Pick<AccessSettings, 'isListed' | 'isPrivate'>): string {
  if (isListed && isPrivate) return 'private and listed: torrents on the whitelist, for clients with a key'
  if (isPrivate) return 'private: any torrent, for clients with a key'
  if (isListed) return 'listed: torrents on the whitelist, for any client'
  return 'public: any torrent, for any client (core.listed and core.private are false)'
}
