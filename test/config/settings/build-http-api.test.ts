import { describe, expect, it } from '@jest/globals'
import { complaints, documentWith, load } from './loading.ts'

function api(text: string) {
  return documentWith(`[http_api]\n${text}`)
}

async function built(text: string, env: Record<string, string> = {}) {
  const { settings, warnings } = await load(api(text), env)
  return { api: settings.httpApi, warnings }
}

describe('the management API', () => {
  it('is for this machine by default, with a token that the tracker creates', async () => {
    expect(await built('')).toEqual({
      api: {
        host: '127.0.0.1',
        port: 1212,
        tls: undefined,
        publicUrl: undefined,
        tokens: [],
        tokenFile: 'storage/tracker/lib/api-token',
        allowWeakTokens: false,
        allowedOrigins: [],
        allowedHosts: [],
        trustedProxies: [],
      },
      warnings: [],
    })
  })

  it('has tokens with full access and read-only tokens', async () => {
    const { api } = await built('access_tokens = { admin = "a" }\nread_tokens = { admin = "b", "a chart" = "c" }')
    expect(api?.tokens).toEqual([
      { label: 'admin', token: 'a', scope: 'manage' },
      { label: 'admin', token: 'b', scope: 'read' },
      { label: 'a chart', token: 'c', scope: 'read' },
    ])
    expect(api?.tokenFile).toBeUndefined()
  })

  it('needs a token with full access besides read-only ones', async () => {
    expect((await built('token_file = "/run/token"\nread_tokens.monitor = "b"')).api?.tokenFile).toBe('/run/token')
  })

  it('warns about an unused token file', async () => {
    expect(await built('token_file = "/run/token"\naccess_tokens.admin = "a"')).toMatchObject({
      api: { tokenFile: undefined },
      warnings: ['http_api.token_file: is not used, because access_tokens are set'],
    })
  })

  it('reads tokens from variables', async () => {
    const env = { MUSTER_CONFIG_OVERRIDE_HTTP_API__READ_TOKENS__MONITOR: '271828' }
    expect((await built('', env)).api?.tokens).toEqual([{ label: 'monitor', token: '271828', scope: 'read' }])
  })

  it('refuses a token in both tables', async () => {
    expect(await complaints(api('access_tokens.admin = "secret"\nread_tokens."a chart" = "secret"'))).toEqual([
      'tracker.toml:11:25: http_api.read_tokens."a chart": is the same token as http_api.access_tokens.admin',
    ])
  })

  it('refuses the mask of a printed configuration as a token', async () => {
    expect(await complaints(api('access_tokens.admin = "***"'))).toEqual([
      'tracker.toml:10:23: http_api.access_tokens.admin: is the mask shown instead of a token: enter the token itself',
    ])
  })

  it('warns if other machines can reach it without TLS', async () => {
    expect((await built('bind_address = "[::]:1212"')).warnings).toEqual([
      'http_api.bind_address: [::]:1212 can be reached from other machines without TLS: tokens can be read in transit',
    ])
    const tls = 'tls_config = { ssl_cert_path = "a", ssl_key_path = "b" }'
    expect((await built(`bind_address = "[::]:1212"\n${tls}`)).warnings).toEqual([])
  })

  it('is open to pages of the listed origins', async () => {
    const origins = ['https://admin.example.org', 'http://localhost:8080', 'http://[::1]:3000']
    expect((await built(`allowed_origins = ${JSON.stringify(origins)}`)).api?.allowedOrigins).toEqual(origins)
  })

  it('may be named by the hosts that are listed', async () => {
    const hosts = ['api.example.org', 'Tracker', '192.0.2.1', '2001:db8::1', 'a_b.c-d']
    expect((await built(`allowed_hosts = ${JSON.stringify(hosts)}`)).api?.allowedHosts).toEqual(hosts)
  })

  it.each(['', '*', '*.example.org', 'example.org:443', 'https://example.org', '[::1]', 'a..b', '.b', 'a/b', 'a b'])(
    'may be named by no such host: %j',
    async (host) => {
      expect(await complaints(api(`allowed_hosts = [${JSON.stringify(host)}]`))).toEqual([
        'tracker.toml:10:18: http_api.allowed_hosts.0: must be the name or the IP address of a host, without a port ' +
          `and without wildcards; got ${JSON.stringify(host)}`,
      ])
    },
  )

  it('trusts the proxies that are listed', async () => {
    const { api: trusting } = await built('trusted_proxies = ["10.0.0.0/8", "2001:db8::1"]')
    expect(trusting?.trustedProxies).toEqual(['10.0.0.0/8', '2001:db8::1/128'])
    expect(await complaints(api('trusted_proxies = ["proxy.example"]'))).toEqual([
      'tracker.toml:10:20: http_api.trusted_proxies.0: must be an address or a network such as "10.0.0.0/8" or ' +
        '"fc00::/7"; got "proxy.example"',
    ])
  })

  it.each([
    '*',
    'null',
    '',
    'admin.example.org',
    'https://*.example.org',
    'https://admin.example.org/',
    'https://admin.example.org/path',
    'https://admin.example.org:443',
    'https://Admin.example.org',
    'https://user@admin.example.org',
    'ftp://admin.example.org',
    'file:///',
  ])('is open to no such origin: %j', async (origin) => {
    expect(await complaints(api(`allowed_origins = [${JSON.stringify(origin)}]`))).toEqual([
      'tracker.toml:10:20: http_api.allowed_origins.0: must be an origin such as "https://admin.example.org", ' +
        `without a path and without the usual port; got ${JSON.stringify(origin)}`,
    ])
  })
})
