// Host names as they are shown: trackers may have their keys as a part of them, such as `KEY.tracker.example`.

export const URL_MASK = '[masked]'
const LABEL = /[\w-]+/g

/** Of a host name, or of a text that has one: parts that look like keys are masked. */
export function shownHost(text: string): string {
  return text.replace(LABEL, (label) => (isKeyLike(label) ? URL_MASK : label))
}

/** Long, and with digits or as long as a hash. Names in other scripts look the same, but begin with `xn--`. */
function isKeyLike(label: string): boolean {
  if (/^xn--/i.test(label)) return false
  return label.length >= 32 || (/\w{16,}/.test(label) && label.replace(/\D/g, '').length >= 2)
}
