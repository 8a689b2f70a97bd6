// Tracker URLs as they are shown: without what may be a key.

const LONG_WORD = /[0-9A-Za-z_-]{16,}/g

/** Long words of the path, and all values of the query, are masked. */
export function shownUrl(text: string): string {
  const [, origin = '', path = '', query = ''] = /^([a-z]+:\/\/[^/?#]*)([^?]*)(\?.*)?$/i.exec(text) ?? ['', text]
  return origin + path.replace(LONG_WORD, '[masked]') + query.replace(/=[^&]*/g, '=[masked]')
}
