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
  it('is for this machine, with a token that the tracker makes, when nothing is said', async () => {
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
      },
      warnings: [],
    })
  })

  it('has tokens that may do all and tokens that may look', async () => {
    const { api } = await built('access_tokens = { admin = "a" }\nread_tokens = { admin = "b", "a chart" = "c" }')
    expect(api?.tokens).toEqual([
      { label: 'admin', token: 'a', scope: 'manage' },
      { label: 'admin', token: 'b', scope: 'read' },
      { label: 'a chart', token: 'c', scope: 'read' },
    ])
    expect(api?.tokenFile).toBeUndefined()
  })

  it('needs a token that may do all beside those that may look', async () => {
    expect((await built('token_file = "/run/token"\nread_tokens.monitor = "b"')).api?.tokenFile).toBe('/run/token')
  })

  it('warns of a file for a token that nobody needs', async () => {
    expect(await built('token_file = "/run/token"\naccess_tokens.admin = "a"')).toMatchObject({
      api: { tokenFile: undefined },
      warnings: ['http_api.token_file: is not used, because there are access_tokens'],
    })
  })

  it('takes tokens from variables', async () => {
    const env = { MUSTER_CONFIG_OVERRIDE_HTTP_API__READ_TOKENS__MONITOR: '271828' }
    expect((await built('', env)).api?.tokens).toEqual([{ label: 'monitor', token: '271828', scope: 'read' }])
  })

  it('takes no token for both', async () => {
    expect(await complaints(api('access_tokens.admin = "secret"\nread_tokens."a chart" = "secret"'))).toEqual([
      'tracker.toml:11:25: http_api.read_tokens."a chart": is the same token as http_api.access_tokens.admin',
    ])
  })

  it('does not take the mask of a printed configuration for a token', async () => {
    expect(await complaints(api('access_tokens.admin = "***"'))).toEqual([
      'tracker.toml:10:23: http_api.access_tokens.admin: is the mask that stands for a token: put the token in its place',
    ])
  })

  it('warns when other machines can reach it without TLS', async () => {
    expect((await built('bind_address = "[::]:1212"')).warnings).toEqual([
      'http_api.bind_address: [::]:1212 can be reached from other machines without TLS: tokens can be read on the way there',
    ])
    const tls = 'tls_config = { ssl_cert_path = "a", ssl_key_path = "b" }'
    expect((await built(`bind_address = "[::]:1212"\n${tls}`)).warnings).toEqual([])
  })

  it('is open to pages of the origins that are listed', async () => {
    const origins = ['https://admin.example.org', 'http://localhost:8080', 'http://[::1]:3000']
    expect((await built(`allowed_origins = ${JSON.stringify(origins)}`)).api?.allowedOrigins).toEqual(origins)
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
