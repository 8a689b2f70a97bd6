import { describe, expect, it } from '@jest/globals'
import { checkConfig, printConfig } from '../../../src/config/settings/config-commands.ts'
import { documentWith, surroundings } from './loading.ts'

const SECRET = 'hunter2-hunter2'

/** All that both commands say about a document, in both forms. */
const everythingSaidAbout = async (text: string, env: Record<string, string> = {}): Promise<string> => {
  const said: string[] = []
  const terminal = { out: (part: string) => said.push(part), err: (part: string) => said.push(part) }
  for (const asJson of [false, true]) {
    const options = { configFile: 'tracker.toml', asJson }
    await checkConfig(options, surroundings({ 'tracker.toml': text }, env), terminal)
    await printConfig(options, surroundings({ 'tracker.toml': text }, env), terminal)
  }
  return said.join('')
}

const v2 = (rest: string) => documentWith(rest).replace('3.0.0', '2.0.0').replace('trace_filter', 'threshold')

describe('secrets', () => {
  it('are masked in what is printed', async () => {
    const database = `[core.database]\ndriver = "mysql"\nhost = "h"\nuser = "u"\ndatabase = "d"\npassword = "${SECRET}"`
    const said = await everythingSaidAbout(documentWith(`${database}\n[http_api.access_tokens]\nadmin = "${SECRET}"`))
    expect(said).toContain('admin = "***"')
    expect(said).toContain('"password": "***"')
    expect(said).not.toContain(SECRET)
  })

  it.each([
    ['a token that is no text', documentWith('[http_api.access_tokens]\nadmin = 271828182845')],
    ['a token in the wrong place', documentWith(`[http_api]\naccess_tokens = "${SECRET}"`)],
    ['a token in a list', documentWith(`[http_api]\naccess_tokens = ["${SECRET}"]`)],
    ['a mistyped token table', documentWith(`[http_api.acess_tokens]\nadmin = "${SECRET}"`)],
    ['a mistyped password', documentWith(`[core.database]\npasswort = "${SECRET}"`)],
    ['a password of a file database', documentWith(`[core.database]\npassword = "${SECRET}"`)],
    ['a password that is a number', documentWith('[core.database]\npassword = 271828182845')],
    ['a database that is a URL', documentWith('').replace('[core]', `[core]\ndatabase = "mysql://u:${SECRET}@h/d"`)],
    ['a URL with a mistake', v2(`[core.database]\ndriver = "mysql"\npath = "mysql:/u:${SECRET}@h/d"`)],
    ['a URL of another driver', v2(`[core.database]\ndriver = "mysql"\npath = "postgresql://u:${SECRET}@h/d"`)],
    ['a URL as a network path', documentWith(`[core.database]\ndriver = "mysql"\npath = "mysql://u:${SECRET}@h/d"`)],
    ['broken TOML next to a secret', `token = "${SECRET}"\nother = "${SECRET}`],
  ])('are not in the complaint about %s', async (_, text) => {
    const said = await everythingSaidAbout(text)
    expect(said).toMatch(/^tracker\.toml:/)
    expect(said).not.toContain(SECRET)
    expect(said).not.toContain('271828182845')
  })

  it('are not in the complaint about a variable', async () => {
    const env = {
      MUSTER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS: SECRET,
      MUSTER_CONFIG_OVERRIDE_CORE__DATABASE: SECRET,
    }
    const said = await everythingSaidAbout(documentWith(), env)
    expect(said).toContain('MUSTER_CONFIG_OVERRIDE_HTTP_API__ACCESS_TOKENS: http_api.access_tokens:')
    expect(said).not.toContain(SECRET)
  })

  it('inside a URL that loads are masked when it is printed', async () => {
    const said = await everythingSaidAbout(v2(`[core.database]\ndriver = "mysql"\npath = "mysql://u:${SECRET}@h/d"`))
    expect(said).toContain('host = "h"')
    expect(said).not.toContain(SECRET)
  })
})
