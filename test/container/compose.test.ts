// The compose files and what they mount: well-formed, self-contained, and hardened where possible.

import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { at, namesAt, readYaml } from './yaml-files.ts'

const BASE = 'compose.yaml'
const VARIANTS = [BASE, 'compose.mysql.yaml', 'compose.postgresql.yaml']
const [base] = readYaml(BASE)

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isText) : []
}

describe.each(VARIANTS)('%s', (file) => {
  const [compose] = readYaml(file)
  const services = namesAt(compose, 'services')
  const everywhere = (kind: string) => [...namesAt(base, kind), ...namesAt(compose, kind)]

  it('declares the volumes and secrets that its services use, and mounts files that exist', () => {
    for (const service of services) {
      for (const secret of texts(at(compose, 'services', service, 'secrets'))) {
        expect(everywhere('secrets')).toContain(secret)
      }
      for (const volume of texts(at(compose, 'services', service, 'volumes'))) {
        const [source = ''] = volume.split(':', 1)
        if (source.startsWith('.')) expect([source, existsSync(source)]).toEqual([source, true])
        else expect(everywhere('volumes')).toContain(source)
      }
    }
  })

  it('contains no secrets, only the files of secrets', () => {
    for (const service of services) {
      const environment = namesAt(compose, 'services', service, 'environment')
      const secrets = environment.filter((name) => /PASSWORD|TOKEN/.test(name) && !name.includes('RANDOM'))
      expect(secrets.filter((name) => !name.endsWith('_FILE'))).toEqual([])
    }
  })

  it('allows no service new privileges, and publishes only the tracker to other machines', () => {
    for (const service of services.filter((name) => file === BASE || name !== 'tracker')) {
      expect(texts(at(compose, 'services', service, 'security_opt'))).toEqual(['no-new-privileges:true'])
      const published = texts(at(compose, 'services', service, 'ports')).filter(
        (port) => !port.startsWith('127.0.0.1:'),
      )
      const inside = published.map((port) => port.replace(/^.*:/, ''))
      expect(inside).toEqual(service === 'tracker' ? ['6969/udp', '7070/tcp'] : [])
    }
  })
})

it('compose.yaml runs the tracker as its own user, on a read-only root, without capabilities', () => {
  expect(at(base, 'services', 'tracker')).toMatchObject({ user: '10001:10001', read_only: true, cap_drop: ['ALL'] })
})

it.each([
  'prometheus/prometheus.yml',
  'grafana/provisioning/datasources/prometheus.yaml',
  'grafana/provisioning/dashboards/muster.yaml',
])('contrib/%s is well-formed', (file) => {
  expect(readYaml(`contrib/${file}`)).toHaveLength(1)
})

it('Prometheus reads a read-only token from a secret that the tracker has too', () => {
  const [prometheus] = readYaml('contrib/prometheus/prometheus.yml')
  const credentials = at(prometheus, 'scrape_configs', 0, 'authorization', 'credentials_file')
  const variable = 'MUSTER_CONFIG_OVERRIDE_HTTP_API__READ_TOKENS__PROMETHEUS_FILE'
  expect(credentials).toBe(at(base, 'services', 'tracker', 'environment', variable))
})
