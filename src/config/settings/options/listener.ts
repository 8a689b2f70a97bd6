// Options that several kinds of listeners share: address, public URL and TLS.

import * as v from 'valibot'
import { type BindAddress, writeBindAddress } from '../bind-address.ts'
import { bindAddress, boolean, fileMode, group, listenAddress, publicUrl } from '../schema-types.ts'
import { option, optionWithoutDefault, requiredOption } from './option.ts'

export function bindAddressOption(host: string, port: number, meaning: string) {
  const address: BindAddress = { host, port }
  return option({ schema: bindAddress, default: address, meaning, isTorrusts: true, print: writeBindAddress })
}

/** For listeners that may have a Unix domain socket. */
export function listenAddressOption(host: string, port: number, meaning: string) {
  return { ...bindAddressOption(host, port, meaning), schema: listenAddress }
}

/** Of the same table; only for a Unix domain socket. */
export const socketFileOptions = {
  socket_mode: optionWithoutDefault({
    schema: fileMode,
    defaultInWords: '`"0660"`',
    meaning: 'permissions of a Unix domain socket: clients must be able to write it',
    print: (mode: number) => `0${mode.toString(8).padStart(3, '0')}`,
  }),
  socket_group: optionWithoutDefault({
    schema: group,
    defaultInWords: "that of the tracker's process",
    meaning: "group of a Unix domain socket, such as `www-data` for Debian's nginx; the tracker's user must be in it",
  }),
}

export const webUrlOption = optionWithoutDefault({
  schema: publicUrl('http', 'https'),
  meaning: 'URL that clients know it by: shown in the log and by `muster health`, never listened on',
  isTorrusts: true,
})

export const listenerStatisticsOption = optionWithoutDefault({
  schema: boolean,
  defaultInWords: 'as in `[core]`',
  meaning: '`false`: requests to this listener are not counted; `true` has no effect if it is `false` in `[core]`',
  isTorrusts: true,
})

export const tlsOptions = {
  ssl_cert_path: requiredOption({
    schema: v.string('must be the path of a PEM file'),
    member: 'certPath',
    defaultInWords: 'both or neither',
    meaning: 'PEM certificate chain; with the key it enables HTTPS; reloaded when the files change and on SIGHUP',
    isTorrusts: true,
  }),
  ssl_key_path: requiredOption({
    schema: v.string('must be the path of a PEM file'),
    member: 'keyPath',
    defaultInWords: 'both or neither',
    meaning: 'PEM key',
    isTorrusts: true,
  }),
}
