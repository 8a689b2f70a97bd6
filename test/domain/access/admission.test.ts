import { describe, expect, it } from '@jest/globals'
import { type AccessModes, Admission } from '../../../src/domain/access/admission.ts'
import { KeyTable } from '../../../src/domain/access/key-table.ts'
import { Mark, TorrentMarks } from '../../../src/domain/access/torrent-marks.ts'
import { AnnounceRequest } from '../../../src/domain/announce.ts'
import { Verdict } from '../../../src/domain/verdict.ts'
import { ACCESS_EPOCH, anAccessMemory, entryWords } from '../../model/access.ts'

const NOW = ACCESS_EPOCH + 1000
const { Served, KeyRequired, Unregistered } = Verdict
const GOOD = 1
const EXPIRED = 2
const UNKNOWN = 3

/** Torrents 1 listed, 2 blocked, 3 both, 4 neither; keys GOOD and EXPIRED. */
function anAdmission(modes: Partial<AccessModes> = {}) {
  const memory = anAccessMemory()
  const marks = new TorrentMarks(memory)
  const keys = new KeyTable(memory)
  for (const n of [1, 3]) marks.mark(entryWords(n, 5), 0, Mark.Listed)
  for (const n of [2, 3]) marks.mark(entryWords(n, 5), 0, Mark.Blocked)
  keys.put(entryWords(GOOD, 8), NOW)
  keys.put(entryWords(EXPIRED, 8), NOW - 1)
  const admission = new Admission(marks, keys, { isPrivate: false, isListed: false, checksExpiration: true, ...modes })
  return { admission, marks, keys }
}

function aRequest(torrent: number, key?: number): AnnounceRequest {
  const request = new AnnounceRequest()
  request.words.set(entryWords(torrent, 5))
  if (key !== undefined) request.credentials.words.set(entryWords(key, 8))
  request.credentials.isPresent = key !== undefined
  return request
}

const TORRENTS = [1, 2, 3, 4]
const KEYS = [undefined, GOOD, EXPIRED, UNKNOWN]

describe('admission', () => {
  it.each([
    { mode: 'public', modes: {}, torrents: [Served, Unregistered, Unregistered, Served] },
    { mode: 'listed', modes: { isListed: true }, torrents: [Served, Unregistered, Unregistered, Unregistered] },
  ])('to a $mode tracker depends on the torrent, whatever the key', ({ modes, torrents }) => {
    const { admission } = anAdmission(modes)
    for (const key of KEYS) {
      expect(TORRENTS.map((n) => admission.judgeAnnounce(aRequest(n, key), NOW))).toEqual(torrents)
      const { credentials } = aRequest(1, key)
      const scrapes = TORRENTS.map((n) => admission.admitsScrape(entryWords(n, 5), 0, credentials, NOW))
      expect(scrapes).toEqual(torrents.map((verdict) => verdict === Served))
    }
  })

  it.each([
    { mode: 'private', modes: { isPrivate: true }, torrents: [Served, Unregistered, Unregistered, Served] },
    {
      mode: 'private and listed',
      modes: { isPrivate: true, isListed: true },
      torrents: [Served, Unregistered, Unregistered, Unregistered],
    },
  ])('to a $mode tracker requires a key, then depends on the torrent', ({ modes, torrents }) => {
    const { admission } = anAdmission(modes)
    for (const key of KEYS) {
      const expected = key === GOOD ? torrents : TORRENTS.map(() => KeyRequired)
      expect(TORRENTS.map((n) => admission.judgeAnnounce(aRequest(n, key), NOW))).toEqual(expected)
      const { credentials } = aRequest(1, key)
      const scrapes = TORRENTS.map((n) => admission.admitsScrape(entryWords(n, 5), 0, credentials, NOW))
      expect(scrapes).toEqual(expected.map((verdict) => verdict === Served))
    }
  })

  it('accepts an expired key when expiry is not checked', () => {
    const { admission } = anAdmission({ isPrivate: true, checksExpiration: false })
    expect(admission.judgeAnnounce(aRequest(1, EXPIRED), NOW)).toBe(Served)
    expect(admission.judgeAnnounce(aRequest(1, UNKNOWN), NOW)).toBe(KeyRequired)
  })

  it('does not treat a key as present because of what is left in its words', () => {
    const { admission } = anAdmission({ isPrivate: true })
    const request = aRequest(1, GOOD)
    request.credentials.isPresent = false
    expect(admission.judgeAnnounce(request, NOW)).toBe(KeyRequired)
  })

  it('follows every change at once', () => {
    const { admission, marks, keys } = anAdmission({ isPrivate: true, isListed: true })
    const judge = () => admission.judgeAnnounce(aRequest(4, GOOD), NOW)
    marks.mark(entryWords(4, 5), 0, Mark.Listed)
    expect(judge()).toBe(Served)
    marks.mark(entryWords(4, 5), 0, Mark.Blocked)
    expect(judge()).toBe(Unregistered)
    marks.unmark(entryWords(4, 5), 0, Mark.Blocked)
    expect(judge()).toBe(Served)
    keys.remove(entryWords(GOOD, 8))
    expect(judge()).toBe(KeyRequired)
  })

  it('judges the same after a prefetch, and again when what it has noted is cleared', () => {
    const { admission, marks } = anAdmission({ isPrivate: true, isListed: true })
    const requests = TORRENTS.flatMap((n) => KEYS.map((key) => aRequest(n, key)))
    const verdicts = requests.map((request) => admission.judgeAnnounce(request, NOW))
    admission.prefetch(requests, requests.length)
    expect(requests.every((request) => request.prefetchedMarksSlot !== 0)).toBe(true)
    expect(requests.map((request) => admission.judgeAnnounce(request, NOW))).toEqual(verdicts)
    for (const request of requests) request.clearPrefetched()
    expect(requests.some((request) => request.prefetchedMarksSlot !== 0 || request.prefetchedKeySlot !== 0)).toBe(false)
    marks.mark(entryWords(4, 5), 0, Mark.Listed)
    requests[0].words.set(entryWords(4, 5))
    requests[0].credentials.words.set(entryWords(GOOD, 8))
    requests[0].credentials.isPresent = true
    expect(admission.judgeAnnounce(requests[0], NOW)).toBe(Served)
  })

  it('to a public tracker without a blocklist notes nothing', () => {
    const memory = anAccessMemory()
    const modes = { isPrivate: false, isListed: false, checksExpiration: true }
    const admission = new Admission(new TorrentMarks(memory), new KeyTable(memory), modes)
    const request = aRequest(1)
    admission.prefetch([request], 1)
    expect(request.prefetchedMarksSlot).toBe(0)
    expect(admission.judgeAnnounce(request, NOW)).toBe(Served)
  })
})
