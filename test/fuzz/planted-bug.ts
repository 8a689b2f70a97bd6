// A reader that fails for one input in four billion, which is found byte by byte if one sees which lines have run.

export function readPlanted(input: Uint8Array): boolean {
  if (input[0] !== 0x6d) return false
  if (input[1] !== 0x75) return false
  if (input[2] !== 0x73) return false
  if (input[3] !== 0x74) return false
  throw new Error('the planted bug')
}
