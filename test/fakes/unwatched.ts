/** For a database of which nobody wants to hear. */
export const UNWATCHED = { lost: () => {}, refused: () => {}, unavailable: () => {}, available: () => {} }
