// Colours on a terminal: what is well, what deserves a look, and what does not work. Nothing is said by a colour alone.

import { styleText } from 'node:util'

export type Tone = 'good' | 'warning' | 'bad'

export interface TonedText {
  readonly text: string
  readonly tone: Tone
}

/** Adds the escape sequences of a colour. Widths are those of the text without them. */
export type Paint = (text: string, tone: Tone) => string

const COLOURS = { good: 'green', warning: 'yellow', bad: 'red' } as const

export function unpainted(text: string): string {
  return text
}

/** For a stream that is a terminal. Node.js knows its colours, and honours NO_COLOR and FORCE_COLOR. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (text, tone) => styleText(COLOURS[tone], text, { stream })
}
