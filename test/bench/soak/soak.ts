// The schedule of the soak: what the machine can do for a short while, then a mix at 60 % of it, first alone, then
// beside each attack with a calm phase after it.

import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { progress } from '../bench.ts'
import { LOAD_CORES, outputOf, pinnedTo, SERVER_CORES, startServer } from '../processes.ts'
import { HOLDERS, HTTP_CLIENTS, NEWCOMERS, PORTS, TRACKER } from './addresses.ts'
import type { Attack } from './attacks.ts'
import type { Enclosure } from './enclosure.ts'
import { Generator, type HttpFigures, type UdpFigures } from './generator.ts'
import { Subject, type Usage } from './subject.ts'
import { type SwarmCheck, SwarmWatch } from './swarm-watch.ts'

const SHARE = 0.6
const FLOORS_PER_SECOND = 200
const WINDOW = { udp: 128, kept: 16, fresh: 4 } as const
/** A request is given up after this time with all its repetitions. */
const PATIENCE_SECONDS = 8
const CALIBRATION_SHARE = 0.03
const CALM_SHARE = 0.3
const MIN_SECONDS = 1.5
/** What it takes to see who is stored after an attack, which is not part of a phase. */
const CHECK_SECONDS = 1
/** Processes of an attack get what the clients leave of their core. */
const LOWEST_PRIORITY = ['nice', '-n', '19'] as const
/** From the end of an attack until the last of its datagrams is out of the receive buffer. */
const SETTLING_MS = 500

interface Rates {
  readonly announces: number
  readonly newcomers: number
  readonly scrapes: number
  readonly kept: number
  readonly fresh: number
}

export interface Phase {
  readonly name: string
  readonly isAttack: boolean
  readonly udp: UdpFigures
  readonly http: HttpFigures
  readonly usage: Usage
  /** Datagrams or connections per second, of each program of the attack. */
  readonly attackPerSecond: readonly number[]
  readonly swarm?: SwarmCheck
}

export interface Soak {
  readonly rates: Rates
  readonly budgetBytes: number
  readonly phases: readonly Phase[]
  readonly warnings: readonly string[]
}

interface Scene {
  readonly tools: string
  readonly subject: Subject
  readonly udp: Generator<UdpFigures>
  readonly http: Generator<HttpFigures>
  readonly swarm: SwarmWatch
}

/** A phase whose requests may still come to an end. */
interface OpenPhase extends Omit<Phase, 'udp' | 'http'> {
  readonly number: number
}

/** Both generators number their phases alike. */
function nextPhase({ udp, http }: Scene): number {
  http.next()
  return udp.next()
}

async function calibrate(scene: Scene, seconds: number): Promise<Rates> {
  const { udp, http } = scene
  udp.tell(`window ${WINDOW.udp}`)
  http.tell(`window ${WINDOW.kept} ${WINDOW.fresh}`)
  await pause(SETTLING_MS)
  const number = nextPhase(scene)
  await pause(1000 * seconds)
  nextPhase(scene)
  const [datagrams, requests] = await Promise.all([udp.report(number), http.report(number)])
  const rate = (answered: number): number => Math.round((SHARE * answered) / datagrams.seconds)
  return {
    announces: rate(datagrams.announce.answered),
    newcomers: rate(datagrams.newcomer.answered),
    scrapes: rate(datagrams.scrape.answered),
    kept: rate(requests.kept.answered),
    fresh: rate(requests.fresh.answered),
  }
}

async function besideAttack(scene: Scene, attack: Attack, seconds: number): Promise<OpenPhase> {
  progress(`${attack.name}: ${attack.what}`)
  await scene.subject.next()
  const number = nextPhase(scene)
  const commands = attack.commands(seconds, scene.swarm.infoHash.toString('hex'))
  const running = commands.map(([program = '', ...words]) =>
    outputOf([...LOWEST_PRIORITY, ...pinnedTo(LOAD_CORES), join(scene.tools, program), ...words]),
  )
  await pause((1000 * seconds) / 2)
  const joined = scene.swarm.join()
  await pause((1000 * seconds) / 2)
  nextPhase(scene)
  const usage = await scene.subject.next()
  const printed = await Promise.all(running)
  await joined
  await pause(SETTLING_MS)
  const attackPerSecond = printed.map((line): number => JSON.parse(line).sentPerSecond)
  return { number, name: attack.name, isAttack: true, usage, attackPerSecond, swarm: await scene.swarm.check() }
}

async function inCalm(scene: Scene, name: string, seconds: number): Promise<OpenPhase> {
  await scene.subject.next()
  const number = nextPhase(scene)
  await pause(1000 * seconds)
  nextPhase(scene)
  return { number, name, isAttack: false, usage: await scene.subject.next(), attackPerSecond: [] }
}

async function closePhase({ udp, http }: Scene, { number, ...phase }: OpenPhase): Promise<Phase> {
  return { ...phase, udp: await udp.report(number), http: await http.report(number) }
}

async function runPhases(scene: Scene, attacks: readonly Attack[], seconds: number): Promise<Soak> {
  const calibrationSeconds = Math.max(MIN_SECONDS, seconds * CALIBRATION_SHARE)
  progress('what the machine can do')
  const rates = await calibrate(scene, calibrationSeconds)
  scene.udp.tell(`rate ${rates.announces} ${rates.newcomers} ${rates.scrapes} ${FLOORS_PER_SECOND}`)
  scene.http.tell(`rate ${rates.kept} ${rates.fresh}`)
  const length = (seconds - calibrationSeconds - PATIENCE_SECONDS) / (attacks.length + CALM_SHARE) - CHECK_SECONDS
  const calmSeconds = Math.max(MIN_SECONDS, length * CALM_SHARE)
  const attackSeconds = Math.max(MIN_SECONDS, length - calmSeconds)
  await pause(SETTLING_MS)
  const open = [await inCalm(scene, 'before all attacks', calmSeconds)]
  for (const attack of attacks) {
    open.push(await besideAttack(scene, attack, attackSeconds))
    open.push(await inCalm(scene, `after ${attack.name}`, calmSeconds))
  }
  await pause(1000 * PATIENCE_SECONDS)
  const phases: Phase[] = []
  for (const phase of open) phases.push(await closePhase(scene, phase))
  const { budgetBytes, warnings } = scene.subject
  return { rates, budgetBytes, phases, warnings }
}

/** `tools`: the folder of the native programs. */
export async function soak(
  tools: string,
  enclosure: Enclosure,
  attacks: readonly Attack[],
  seconds: number,
): Promise<Soak> {
  await using stack = new AsyncDisposableStack()
  const subject = await Subject.start(enclosure.within)
  stack.defer(() => subject.stop())
  const floor = [...enclosure.within, ...pinnedTo(SERVER_CORES), join(tools, 'udp-floor'), String(PORTS.floor), '0']
  const echo = await startServer([...floor, TRACKER.ipv4])
  stack.defer(() => echo.stop())
  const places = [TRACKER.ipv4, String(PORTS.udp), String(PORTS.floor), HOLDERS, NEWCOMERS]
  const udp = new Generator<UdpFigures>(join(tools, 'udp-crowd'), places)
  stack.defer(() => udp.stop())
  const http = new Generator<HttpFigures>(join(tools, 'http-crowd'), [TRACKER.ipv4, String(PORTS.http), HTTP_CLIENTS])
  stack.defer(() => http.stop())
  progress('clients get their connection ids')
  await udp.line()
  const swarm = await SwarmWatch.open()
  stack.defer(() => swarm.close())
  return await runPhases({ tools, subject, udp, http, swarm }, attacks, seconds)
}
