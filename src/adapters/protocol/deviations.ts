// What a foreign tracker's reply gets wrong without becoming unreadable. A reader that is given this list is lenient:
// it notes what it tolerates. Without one it is strict.

const MAX_DEVIATIONS = 20

export class Deviations {
  readonly #texts = new Set<string>()

  /** Each text counts once. */
  note(text: string): void {
    if (this.#texts.size < MAX_DEVIATIONS) this.#texts.add(text)
  }

  get list(): readonly string[] {
    return [...this.#texts]
  }
}
