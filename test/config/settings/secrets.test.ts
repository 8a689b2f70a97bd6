import { describe, expect, it } from '@jest/globals'
import { checkConfig, printConfig } from '../../../src/config/settings/config-commands.ts'
import { documentWith, environment } from './loading.ts'

const SECRET = 'hunter2-hunter2'

/** All output of both commands for a document, in both forms. `/run/secret` is a file that contains the secret. */
async function everythingSaidAbout(
  text: string,
  env: Record<string, string> = {},
  secretFile = `${SECRET}\n`,
): Promise<string> {
  const said: string[] = []
  const terminal = { out: (part: string) => said.push(part), err: (part: string) => said.push(part) }
  for (const asJson of [false, true]) {
    const options = { configFile: 'tracker.toml', asJson }
    const files = { 'tracker.toml': text, '/run/secret': secretFile }
    await checkConfig(options, environment(files, env), terminal)
    await printConfig(options, environment(files, env), terminal)
  }
  return said.join('')
}

function v2(rest: string) {
  return documentWith(rest).replace('3.0.0', '2.0.0').replace('trace_filter', 'threshold')
}

describe('secrets', () => {
  it('are masked in printed documents', async () => {
    const database = `[core.database]\ndriver = "mysql"\nhost = "h"\nuser = "u"\ndatabase = "d"\npassword = "${SECRET}"`
    const tokens = `[http_api]\naccess_tokens.admin = "${SECRET}"\nread_tokens.monitor = "read-${SECRET}"`
    const said = await everythingSaidAbout(documentWith(`${database}\n${tokens}`))
    expect(said).toContain('admin = "***"')
    expect(said).toContain('monitor = "***"')
    expect(said).toContain('"password": "***"')
    expect(said).not.toContain(SECRET)
  })

  it.each([
    ['a token that is not text', documentWith('[http_api.access_tokens]\nadmin = 271828182845')],
    ['a token in the wrong place', documentWith(`[http_api]\naccess_tokens = "${SECRET}"`)],
    ['a token in a list', documentWith(`[http_api]\naccess_tokens = ["${SECRET}"]`)],
    ['a mistyped token table', documentWith(`[http_api.acess_tokens]\nadmin = "${SECRET}"`)],
    ['a read token that is not text', documentWith('[http_api.read_tokens]\nmonitor = 271828182845')],
    ['a read token in the wrong place', documentWith(`[http_api]\nread_tokens = "${SECRET}"`)],
    [
      'a token that is given twice',
      documentWith(`[http_api]\naccess_tokens.a = "${SECRET}"\nread_tokens.b = "${SECRET}"`),
    ],
    [
      'a short token on every address',
      documentWith(`[http_api]\nbind_address = "[::]:1"\nread_tokens.a = "${SECRET}"`),
    ],
    ['a URL in a mistyped option', documentWith(`[core.database]\nurrl = "mysql://u:${SECRET}@h/d"`)],
    ['a URL that is a number', documentWith('[core.database]\nurl = 271828182845')],
    ['a URL of no database', documentWith(`[core.database]\nurl = "http://u:${SECRET}@h/d"`)],
    ['a URL without a database', documentWith(`[core.database]\nurl = "mysql://u:${SECRET}@h"`)],
    ['a URL with a bad escape', documentWith(`[core.database]\nurl = "mysql://u:${SECRET}%zz@h/d"`)],
    ['a URL with an unknown parameter', documentWith(`[core.database]\nurl = "mysql://u:p@h/d?tls=${SECRET}"`)],
    ['a URL with a bad parameter', documentWith(`[core.database]\nurl = "mysql://u:p@h/d?ssl-mode=${SECRET}"`)],
    ['a password that cuts its URL in two', documentWith(`[core.database]\nurl = "mysql://u:p@x/y?${SECRET}@h/d"`)],
    ['a URL for a file database', documentWith(`[core.database]\npath = "mysql://u:${SECRET}@h/d"`)],
    [
      'a URL and an option that it contains',
      documentWith(`[core.database]\nurl = "mysql://u:${SECRET}@h/d"\npassword = "${SECRET}"`),
    ],
    ['a mistyped password', documentWith(`[core.database]\npasswort = "${SECRET}"`)],
    ['a password of a file database', documentWith(`[core.database]\npassword = "${SECRET}"`)],
    ['a password that is a number', documentWith('[core.database]\npassword = 271828182845')],
    ['a database that is a URL', documentWith('').replace('[core]', `[core]\ndatabase = "mysql://u:${SECRET}@h/d"`)],
    ['a URL as a driver', documentWith(`[core.database]\ndriver = "mysql://u:${SECRET}@h/d"`)],
    ['a URL as a port', documentWith(`[core.database]\nurl = "mysql://u@h/d"\nport = "mysql://u:${SECRET}@h/d"`)],
    [
      'a URL as a host',
      documentWith(
        `[core.database]\ndriver = "mysql"\nhost = "mysql://u:${SECRET}@h"\nuser = "u"\npassword = "p"\ndatabase = "d"`,
      ),
    ],
    ['a URL with a mistake', v2(`[core.database]\ndriver = "mysql"\npath = "mysql:/u:${SECRET}@h/d"`)],
    ['a URL of another driver', v2(`[core.database]\ndriver = "mysql"\npath = "postgresql://u:${SECRET}@h/d"`)],
    ['a URL as a network path', documentWith(`[core.database]\ndriver = "mysql"\npath = "mysql://u:${SECRET}@h/d"`)],
    ['a webhook without a scheme', documentWith(`[attack]\nalert_webhook = "hooks.example.org/${SECRET}"`)],
    ['a webhook of another scheme', documentWith(`[attack]\nalert_webhook = "ftp://h/${SECRET}"`)],
    ['a webhook without a host', documentWith(`[attack]\nalert_webhook = "https://?${SECRET}"`)],
    ['a webhook that is a number', documentWith('[attack]\nalert_webhook = 271828182845')],
    ['a mistyped webhook', documentWith(`[attack]\nalert_webhok = "https://h/${SECRET}"`)],
    ['broken TOML next to a secret', `token = "${SECRET}"\nother = "${SECRET}`],
  ])('are not in the error about %s', async (_, text) => {
    const said = await everythingSaidAbout(text)
    expect(said).toMatch(/^tracker\.toml:/)
    expect(said).toMatch(/problem/)
    expect(said).not.toContain(SECRET)
    expect(said).not.toContain('271828182845')
  })

  it('are not in the error about a variable', async () => {
    const env = {
      MUSTER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS: SECRET,
      MUSTER_CONFIG_OVERRIDE_HTTP_API__READ_TOKENS: SECRET,
      MUSTER_CONFIG_OVERRIDE_CORE__DATABASE: SECRET,
      MUSTER_CONFIG_OVERRIDE_CORE__DATABASE__URL: SECRET,
    }
    const said = await everythingSaidAbout(documentWith(), env)
    expect(said).toContain('MUSTER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS: http_api.access_tokens:')
    expect(said).not.toContain(SECRET)
  })

  it('are masked in the URL of a webhook', async () => {
    const said = await everythingSaidAbout(documentWith(`[attack]\nalert_webhook = "https://h/${SECRET}?t=${SECRET}"`))
    expect(said).toContain('alert_webhook = "***"')
    expect(said).not.toContain(SECRET)
  })

  it.each([
    ['path', v2(`[core.database]\ndriver = "mysql"\npath = "mysql://u:${SECRET}@h/d"`)],
    ['url', documentWith(`[core.database]\nurl = "mysql://u:${SECRET}@h/d"`)],
    ['file', documentWith('[core.database]\nurl = "mysql://u@h/d"\npassword_file = "/run/secret"')],
  ])('that are read from a %s are masked when printed', async (_, text) => {
    const said = await everythingSaidAbout(text)
    expect(said).toContain('host = "h"')
    expect(said).toContain('password = "***"')
    expect(said).not.toContain(SECRET)
  })

  it('are not in the error about a file', async () => {
    const text = documentWith('[core.database]\nurl = "mysql://u@h/d"\npassword_file = "/run/secret"')
    const said = await everythingSaidAbout(text, {}, `${SECRET}\n${SECRET}`)
    expect(said).toContain('core.database.password_file: "/run/secret" has more than one line')
    expect(said).not.toContain(SECRET)
  })
})
