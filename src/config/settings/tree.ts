// A document as parsed: nested tables, and paths into it.

export type Path = readonly (string | number)[]
export type Table = Record<string, unknown>

/** Not an array and not one of TOML's dates. */
export function isTable(value: unknown): value is Table {
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** Own properties only: a document may well have a key named `constructor`. */
function childOf(parent: unknown, key: string | number): unknown {
  if (Array.isArray(parent)) return typeof key === 'number' ? parent[key] : undefined
  return isTable(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce(childOf, root)
}

export function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.length <= path.length && prefix.every((key, index) => key === path[index])
}

/** One string per path, for maps. */
export function pathKey(path: Path): string {
  return JSON.stringify(path)
}

/** As an operator writes it: `udp_trackers.0.bind_address`; anything but a bare TOML key is quoted. */
export function showPath(path: Path): string {
  return path.map((key) => (/^[\w-]+$/.test(String(key)) ? key : JSON.stringify(key))).join('.')
}

/** No option is deeper than six levels; deeper nesting than this is an attempt to exhaust the stack. */
export const MAX_DEPTH = 32

/** A deep copy; dates become text, because no option is a date. */
export function copyTree(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return 'nested too deeply'
  if (Array.isArray(value)) return value.map((element) => copyTree(element, depth + 1))
  if (isTable(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copyTree(child, depth + 1)]))
  }
  return Object.prototype.toString.call(value) === '[object Date]' ? (value as Date).toISOString() : value
}

/** Sets a value, creating tables and arrays on the way; false if something else is in the way. */
export function putAt(root: Table, path: Path, value: unknown): boolean {
  let parent: unknown = root
  for (const [index, key] of path.entries()) {
    const isLast = index === path.length - 1
    if (Array.isArray(parent) ? typeof key !== 'number' || key > parent.length : !isTable(parent)) return false
    const room = parent as Record<string | number, unknown>
    if (isLast) room[key] = value
    else if (childOf(room, key) === undefined) room[key] = typeof path[index + 1] === 'number' ? [] : {}
    parent = room[key]
  }
  return true
}

/** Removes a value from its table and returns it; undefined if it does not exist. */
export function takeAt(root: unknown, path: Path): unknown {
  const parent = valueAt(root, path.slice(0, -1))
  const key = path.at(-1)
  const value = key === undefined ? undefined : childOf(parent, key)
  if (isTable(parent) && key !== undefined) delete parent[key]
  return value
}
