// Tracker URLs as they are shown: without what may be a key.

const LONG_WORD = /[0-9A-Za-z_-]{16,}/g

const PARTS = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?]*)(\?.*)?$/is

/** Long words of the path, all values of the query, and a user with a password are masked. */
export function shownUrl(text: string): string {
  const [, origin = '', path = '', query = ''] = PARTS.exec(text) ?? []
  return (
    origin.replace(/\/\/.*@/, '//[masked]@') +
    path.replace(LONG_WORD, '[masked]') +
    query.replace(/=[^&]*/g, '=[masked]')
  )
}
