// Snapshot files: whatever a file contains, it is opened or refused with a reason, and what is loaded from it leaves
// the swarm memory consistent. By the first byte the checksums of a changed file are made right again, so that what is
// behind them is reached.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { FileSnapshotStore } from '../../../src/adapters/outbound/snapshot/file-snapshot-store.ts'
import {
  FRAME_BYTES,
  HEAD_BYTES,
  HEAD_CHECKSUM_AT,
  TAIL_COUNTS_BYTES,
} from '../../../src/adapters/outbound/snapshot/snapshot-format.ts'
import { SwarmSnapshots } from '../../../src/application/swarm-snapshots.ts'
import { AnnounceRequest } from '../../../src/domain/announce.ts'
import { PeerPolicy } from '../../../src/domain/peer-policy.ts'
import type { SwarmRegistry } from '../../../src/domain/swarm/swarm-registry.ts'
import { CountingPause } from '../../fakes/counting-pause.ts'
import { StoppedClock } from '../../fakes/stopped-clock.ts'
import { anAnnounce, anEndpoint, aReply, fillRequest, twentyBytes } from '../../model/announcing.ts'
import { memoryProblems } from '../../model/check-memory.ts'
import { aRegistry, EPOCH } from '../../model/world.ts'
import { type FuzzTarget, hold, same, withControls } from '../target.ts'

const CLEAN_UP = { peerTimeoutSeconds: 1000, dropsEmptyTorrents: false }
const MAX_BYTES = 4096

function snapshotsOf(registry: SwarmRegistry, path: string): SwarmSnapshots {
  const clock = new StoppedClock(EPOCH + 200)
  const dependencies = { store: new FileSnapshotStore(path), clock, wallClock: clock, pause: new CountingPause() }
  return new SwarmSnapshots(registry, new PeerPolicy('scope', [25]), CLEAN_UP, dependencies)
}

/** Peers of both families in a few torrents; some keys are shared, so that there are twins. */
function aCrowd(peers: number): SwarmRegistry {
  const registry = aRegistry()
  const [request, reply] = [new AnnounceRequest(), aReply()]
  for (let n = 0; n < peers; n++) {
    const host = n % 3 === 0 ? [0x20, 1, 0xd, 0xb9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n] : [20, 0, 0, n]
    const changes = { infoHash: twentyBytes(n & 3), peerId: twentyBytes(n + 1), endpoint: anEndpoint(host, 6881) }
    const announce = anAnnounce({ ...changes, key: 1 + (n >> 1), numwant: 0, nowSeconds: EPOCH + 100 })
    registry.announce(fillRequest(request, announce), reply)
  }
  return registry
}

/** Sets the checksum of the head and of each frame that follows. */
function withRightChecksums(file: Uint8Array): Uint8Array {
  const bytes = file.slice()
  const wire = new DataView(bytes.buffer)
  if (bytes.length < HEAD_BYTES) return bytes
  let checksum = crc32(bytes.subarray(0, HEAD_CHECKSUM_AT))
  wire.setUint32(HEAD_CHECKSUM_AT, checksum)
  for (let at = HEAD_BYTES; at + FRAME_BYTES <= bytes.length; ) {
    const length = wire.getUint32(at, true) || TAIL_COUNTS_BYTES
    checksum = crc32(bytes.subarray(at + FRAME_BYTES, at + FRAME_BYTES + length), checksum)
    wire.setUint32(at + 4, checksum, true)
    at += FRAME_BYTES + length
  }
  return bytes
}

export async function openSnapshots(): Promise<FuzzTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-fuzz-'))
  const path = join(folder, 'swarms.snapshot')
  const seeds: Uint8Array[] = []
  for (const peers of [0, 1, 9, 40]) {
    await snapshotsOf(aCrowd(peers), path).save()
    const file = readFileSync(path)
    seeds.push(withControls([0], file), withControls([1], file))
  }
  const check = async (input: Uint8Array): Promise<void> => {
    const file = input.subarray(1)
    writeFileSync(path, ((input[0] ?? 0) & 1) === 1 ? withRightChecksums(file) : file)
    const registry = aRegistry(2)
    const outcome = await snapshotsOf(registry, path).load()
    hold(outcome !== undefined && (outcome.kind === 'loaded' || outcome.reason !== ''), 'a file is read or refused')
    same(memoryProblems(registry.memory), [], 'the swarm memory')
  }
  const close = async (): Promise<void> => rmSync(folder, { recursive: true, force: true })
  return { seeds, dictionary: ['MUSTERSW', '\x00\x00\x00\x00', '\xff\xff\xff\x7f'], maxBytes: MAX_BYTES, check, close }
}
