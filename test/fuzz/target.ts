// What is fuzzed: one codec, or all listeners of a running tracker. A target judges each input against rules of the
// protocol or an independent reading of it, and throws when one is broken.

export interface FuzzTarget {
  /** Run first, each time, and then mutated. */
  readonly seeds: readonly Uint8Array[]
  /** Run first too, but not mutated: cases that must all be tried. */
  readonly always?: Iterable<Uint8Array>
  /** Words of the format, one character per byte. */
  readonly dictionary: readonly string[]
  readonly maxBytes: number
  check(input: Uint8Array): void | Promise<void>
  /** The last check, after all inputs. */
  close?(): Promise<void>
}

export interface FuzzSubject {
  readonly summary: string
  readonly open: () => FuzzTarget | Promise<FuzzTarget>
}

/** An input broke a rule; the message names the rule. */
export class BrokenRule extends Error {}

export function hold(isHeld: boolean, rule: string): asserts isHeld {
  if (!isHeld) throw new BrokenRule(rule)
}

/** Both sides as JSON are the same. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(value))
  if (one !== other) throw new BrokenRule(`${what}: got ${one}, expected ${other}`)
}

export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

/** Control bytes, then the rest of an input. */
export function withControls(controls: readonly number[], rest: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([Uint8Array.from(controls), rest]))
}
