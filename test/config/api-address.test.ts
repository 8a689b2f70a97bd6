import { describe, expect, it } from '@jest/globals'
import { healthUrl, managementAddress } from '../../src/config/api-address.ts'

const HEAD =
  '[metadata]\nschema_version = "3.0.0"\n[logging]\ntrace_filter = "info"\n[core]\nlisted = false\nprivate = false\n'
const TOKEN = 'a-token-of-this-document'

function environmentWith(text: string) {
  return { env: {}, readFile: () => `${HEAD}${text}` }
}

describe('the address in a document', () => {
  it.each([
    ['127.0.0.1:1212', 'http://127.0.0.1:1212'],
    ['0.0.0.0:8080', 'http://127.0.0.1:8080'],
    ['[::]:8080', 'http://[::1]:8080'],
    ['192.0.2.7:8080', 'http://192.0.2.7:8080'],
  ])('of the management API on %s is %s, with the token', async (bind, url) => {
    const text = `[http_api]\nbind_address = "${bind}"\n[http_api.access_tokens]\nadmin = "${TOKEN}"\n`
    const address = await managementAddress('tracker.toml', environmentWith(text))
    expect(address).toEqual({ url, token: TOKEN, tokenFile: undefined })
  })

  it('has the file of the token that the tracker makes', async () => {
    const text = '[http_api]\nbind_address = "127.0.0.1:1212"\ntoken_file = "made-token"\n'
    expect(await managementAddress('tracker.toml', environmentWith(text))).toEqual({
      url: 'http://127.0.0.1:1212',
      token: undefined,
      tokenFile: 'made-token',
    })
  })

  it.each([
    ['', 'tracker.toml has no [http_api]'],
    ['[http_api]\nbind_address = "127.0.0.1:0"\n', 'lets the system choose the port'],
    ['[http_api]\nbind_address = 7\n', 'http_api.bind_address'],
  ])('is missing, in words, in %j', async (text, complaint) => {
    await expect(managementAddress('tracker.toml', environmentWith(text))).rejects.toMatchObject({
      name: 'CommandFailure',
      message: expect.stringContaining(complaint),
    })
  })

  it('of the health API is its own, or the default', async () => {
    const text = '[health_check_api]\nbind_address = "0.0.0.0:8081"\n'
    expect(await healthUrl('tracker.toml', environmentWith(text))).toBe('http://127.0.0.1:8081/health_check')
    expect(await healthUrl('tracker.toml', environmentWith(''))).toBe('http://127.0.0.1:1313/health_check')
  })
})
