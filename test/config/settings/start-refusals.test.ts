import { describe, expect, it } from '@jest/globals'
import { complaints, documentWith, load } from './loading.ts'

const LONG = 'sixteen bytes ok'
function api(text: string) {
  return documentWith(`[http_api]\n${text}`)
}

async function refusals(text: string, env: Record<string, string> = {}) {
  return (await load(api(text), env)).refusals
}

describe('the start', () => {
  it.each(['0.0.0.0:1212', '192.168.1.2:1212', '[::]:1212'])('is refused for short tokens on %s', async (address) => {
    const tokens = `access_tokens = { admin = "${LONG.slice(1)}", good = "${LONG}" }\nread_tokens = { "a b" = "short" }`
    expect(await refusals(`bind_address = "${address}"\n${tokens}`)).toEqual([
      `http_api.access_tokens.admin, http_api.read_tokens."a b": shorter than 16 bytes, and ${address} can be reached ` +
        'from other machines. Use a longer token or a loopback bind_address, or accept it with ' +
        'http_api.allow_weak_tokens (MUSTER_CONFIG_OVERRIDE_HTTP_API__ALLOW_WEAK_TOKENS=true).',
    ])
  })

  it.each(['127.0.0.1:1212', '127.255.0.9:1212', '[::1]:1212', '[0:0:0:0:0:0:0:1]:1212', '[::ffff:127.0.0.1]:1212'])(
    'accepts short tokens on %s, which other machines cannot reach',
    async (address) => {
      expect(await refusals(`bind_address = "${address}"\naccess_tokens.admin = "x"`)).toEqual([])
    },
  )

  it('accepts tokens of 16 bytes, however few characters that is', async () => {
    expect(await refusals('bind_address = "0.0.0.0:1212"\naccess_tokens.admin = "ääääääää"')).toEqual([])
  })

  it('accepts short tokens if the operator allows them, in the document or by the variable that the message names', async () => {
    const weak = 'bind_address = "0.0.0.0:1212"\naccess_tokens.admin = "x"'
    expect(await refusals(`${weak}\nallow_weak_tokens = true`)).toEqual([])
    expect(await refusals(weak, { MUSTER_CONFIG_OVERRIDE_HTTP_API__ALLOW_WEAK_TOKENS: 'true' })).toEqual([])
  })

  it('never accepts an empty token', async () => {
    expect(await complaints(api('allow_weak_tokens = true\nread_tokens.monitor = ""'))).toEqual([
      'tracker.toml:11:23: http_api.read_tokens.monitor: must be text, and not empty; got ***',
    ])
  })
})
