import { describe, expect, it } from '@jest/globals'
import { settingsDocument } from '../../../src/config/settings/settings-document.ts'
import { httpListenerOptions } from '../../../src/config/threads/http-listener-options.ts'
import { complaints, documentWith, load } from './loading.ts'

const SOCKET = 'unix:/run/muster/http.sock'

function listener(bindAddress: string, keys = '', network = ''): string {
  return documentWith(
    `[[http_trackers]]\nbind_address = "${bindAddress}"\n${keys}\n[http_trackers.network]\n${network}`,
  )
}

async function optionsOf(text: string) {
  const { settings } = await load(text)
  const [{ host, port } = { host: '', port: 0 }] = settings.httpListeners
  const plainDriver = { calls: {}, stop: async () => {} } as never
  return httpListenerOptions(settings, 0, { address: host, port }, { sharesPorts: true, plainDriver })
}

describe('a Unix domain socket', () => {
  it('is an address of HTTP listeners and of both APIs', async () => {
    const { settings } = await load(
      `${listener(SOCKET)}\n[http_api]\nbind_address = "unix:/run/api.sock"\nsocket_mode = "600"\n[health_check_api]\nbind_address = "unix:/health"`,
    )
    expect(settings.httpListeners[0]).toMatchObject({ host: SOCKET, port: 0 })
    expect(settings.httpApi).toMatchObject({ host: 'unix:/run/api.sock', port: 0, socketMode: 0o600 })
    expect(settings.healthCheckApi).toMatchObject({ host: 'unix:/health', port: 0 })
  })

  it('is printed as it is written', async () => {
    const { settings } = await load(listener(SOCKET, 'socket_mode = "0666"\nsocket_group = "www-data"'))
    expect(settingsDocument(settings)['http_trackers']).toMatchObject([
      { bind_address: SOCKET, socket_mode: '0666', socket_group: 'www-data' },
    ])
  })

  it('has a mode and trusts what connects', async () => {
    expect(await optionsOf(listener(SOCKET))).toMatchObject({
      socketFile: { path: '/run/muster/http.sock', mode: 0o660, group: undefined },
      plainDriver: undefined,
      trustedProxies: [],
      ignoresForwarded: false,
    })
    expect(await optionsOf(listener(SOCKET, '', 'proxy_protocol = true'))).toMatchObject({
      proxyProtocol: true,
      ignoresForwarded: true,
    })
  })

  it.each(['unix:', 'unix:http.sock', 'unix:/run/', 'unix:/a b', 'unix:/a:b', `unix:/${'x'.repeat(96)}`])(
    'cannot be %s',
    async (address) => {
      expect((await complaints(listener(address))).join()).toContain(
        'bind_address: must be "unix:" and an absolute path',
      )
    },
  )

  it('is no address for UDP', async () => {
    const lines = await complaints(documentWith(`[[udp_trackers]]\nbind_address = "${SOCKET}"`))
    expect(lines.join()).toContain(
      'bind_address: cannot be a Unix domain socket here: must be an IP address and a port',
    )
  })

  it.each(['660x', '0888', '77', '07777', ''])('cannot have the mode %j', async (mode) => {
    expect((await complaints(listener(SOCKET, `socket_mode = "${mode}"`))).join()).toContain('socket_mode: must be')
  })

  it('has one listener, and no TLS', async () => {
    const twice = `${listener(SOCKET)}\n[[http_trackers]]\nbind_address = "${SOCKET}"`
    expect((await complaints(twice)).join()).toContain(`"${SOCKET}" is already used by another of the http_trackers`)
    const tls = `${listener(SOCKET)}\n[http_trackers.tls_config]\nssl_cert_path = "a"\nssl_key_path = "b"`
    expect((await complaints(tls)).join()).toContain('tls_config: cannot be used with a Unix domain socket')
  })

  it('alone has a mode and a group', async () => {
    const { warnings } = await load(listener('127.0.0.1:7070', 'socket_mode = "0660"\nsocket_group = "1"'))
    expect(warnings).toEqual([
      'http_trackers.0.socket_mode: has no effect unless bind_address is a Unix domain socket',
      'http_trackers.0.socket_group: has no effect unless bind_address is a Unix domain socket',
    ])
  })

  it('cannot be reached from other machines, so short tokens and the lack of TLS are no problem', async () => {
    const { settings, warnings } = await load(
      documentWith('[http_api]\nbind_address = "unix:/run/api.sock"\naccess_tokens.admin = "short"'),
    )
    expect(settings.httpApi?.host).toBe('unix:/run/api.sock')
    expect(warnings).toEqual([])
  })
})

describe('PROXY headers', () => {
  it.each(['', 'trusted_proxies = []', 'on_reverse_proxy = true'])('need trusted proxies: %s', async (keys) => {
    const lines = await complaints(listener('127.0.0.1:7070', '', `proxy_protocol = true\n${keys}`))
    expect(lines.join()).toContain('network.proxy_protocol: needs trusted_proxies')
  })

  it('are for node:http, and make X-Forwarded-For count only on request', async () => {
    const network = 'proxy_protocol = true\ntrusted_proxies = ["10.0.0.1"]'
    const expected = { proxyProtocol: true, plainDriver: undefined, trustedProxies: ['10.0.0.1/32'] }
    expect(await optionsOf(listener('127.0.0.1:7070', '', network))).toMatchObject({
      ...expected,
      ignoresForwarded: true,
    })
    expect(await optionsOf(listener('127.0.0.1:7070', '', `${network}\non_reverse_proxy = true`))).toMatchObject({
      ...expected,
      ignoresForwarded: false,
    })
  })

  it('are printed with their proxies', async () => {
    const { settings } = await load(
      listener('127.0.0.1:7070', '', 'proxy_protocol = true\ntrusted_proxies = ["10.0.0.1"]'),
    )
    expect(settingsDocument(settings)['http_trackers']).toMatchObject([
      { network: { proxy_protocol: true, trusted_proxies: ['10.0.0.1/32'] } },
    ])
  })
})
