// Follows the body of a procedure or trigger, whose semicolons do not end the statement that creates it: dumps without
// DELIMITER commands have such statements.

const ROUTINES = new Set(['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT'])
/** Their ends have a word more, and their beginnings are also names of functions. */
const UNCOUNTED = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT'])

export class RoutineBody {
  #isRoutine = false
  #depth = 0
  #isAfterEnd = false

  /** Whether BEGIN has not had its END. */
  get isOpen(): boolean {
    return this.#depth > 0
  }

  /** For each CREATE. */
  reset(): void {
    this.#isRoutine = false
    this.#depth = 0
    this.#isAfterEnd = false
  }

  /** `text`: of a word; empty for everything else. */
  token(text: string): void {
    const word = text.toUpperCase()
    const isAfterEnd = this.#isAfterEnd
    this.#isAfterEnd = false
    if (ROUTINES.has(word)) this.#isRoutine = true
    if (!this.#isRoutine) return
    if (isAfterEnd && UNCOUNTED.has(word)) this.#depth++
    else if (word === 'BEGIN' || (word === 'CASE' && !isAfterEnd)) this.#depth++
    else if (word === 'END' && this.#depth > 0) {
      this.#depth--
      this.#isAfterEnd = true
    }
  }
}
