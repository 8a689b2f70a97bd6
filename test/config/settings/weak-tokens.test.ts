import { describe, expect, it } from '@jest/globals'
import { complaints, documentWith, load } from './loading.ts'

const LONG = 'sixteen bytes ok'
function api(text: string) {
  return documentWith(`[http_api]\n${text}`)
}

/** Where the API listens, and the warnings but for that of a missing TLS. */
async function listens(text: string, env: Record<string, string> = {}) {
  const { settings, warnings } = await load(api(text), env)
  return {
    host: settings.httpApi?.host,
    port: settings.httpApi?.port,
    warnings: warnings.filter((warning) => !warning.includes('without TLS')),
  }
}

const ON_LOOPBACK = { host: '127.0.0.1', port: 1212 }

describe('an API with short tokens', () => {
  it.each(['0.0.0.0:1212', '192.168.1.2:1212', '[::]:1212'])('listens on loopback instead of %s', async (address) => {
    const tokens = `access_tokens = { admin = "${LONG.slice(1)}", good = "${LONG}" }\nread_tokens = { "a b" = "short" }`
    expect(await listens(`bind_address = "${address}"\n${tokens}`)).toEqual({
      ...ON_LOOPBACK,
      warnings: [
        `http_api.bind_address: the API listens on 127.0.0.1:1212 only, because other machines can reach ${address} ` +
          'and could guess a token: http_api.access_tokens.admin, http_api.read_tokens."a b" (less than 16 bytes). ' +
          'Use a longer token, or accept it with http_api.allow_weak_tokens ' +
          '(MUSTER_CONFIG_OVERRIDE_HTTP_API__ALLOW_WEAK_TOKENS=true)',
      ],
    })
  })

  it('has no warning about missing TLS', async () => {
    const { warnings } = await load(api('bind_address = "0.0.0.0:1212"\naccess_tokens.admin = "x"'))
    expect(warnings).toHaveLength(1)
  })

  it.each([
    ['127.0.0.1:1212', '127.0.0.1'],
    ['127.255.0.9:1212', '127.255.0.9'],
    ['[::1]:1212', '::1'],
    ['[0:0:0:0:0:0:0:1]:1212', '0:0:0:0:0:0:0:1'],
    ['[::ffff:127.0.0.1]:1212', '::ffff:127.0.0.1'],
  ])('stays on %s, which other machines cannot reach', async (address, host) => {
    const read = await listens(`bind_address = "${address}"\naccess_tokens.admin = "x"`)
    expect(read).toEqual({ host, port: 1212, warnings: [] })
  })

  it('listens everywhere with tokens of 16 bytes, however few characters that is', async () => {
    const read = await listens('bind_address = "0.0.0.0:1212"\naccess_tokens.admin = "ääääääää"')
    expect(read).toEqual({ host: '0.0.0.0', port: 1212, warnings: [] })
  })

  it('listens everywhere if short tokens are allowed, by the document or the variable from the warning', async () => {
    const weak = 'bind_address = "0.0.0.0:1212"\naccess_tokens.admin = "x"'
    const everywhere = { host: '0.0.0.0', port: 1212, warnings: [] }
    expect(await listens(`${weak}\nallow_weak_tokens = true`)).toEqual(everywhere)
    const env = { MUSTER_CONFIG_OVERRIDE_HTTP_API__ALLOW_WEAK_TOKENS: 'true' }
    expect(await listens(weak, env)).toEqual(everywhere)
  })

  it('never takes an empty token', async () => {
    expect(await complaints(api('allow_weak_tokens = true\nread_tokens.monitor = ""'))).toEqual([
      'tracker.toml:11:23: http_api.read_tokens.monitor: must be text, and not empty; got ***',
    ])
  })
})
