// [udp_tracker_server]: settings shared by all UDP listeners.

import * as v from 'valibot'
import { boolean, oneOf, secondsBetween, size, text, wholeNumber } from '../schema-types.ts'
import { writeSize } from '../sizes.ts'
import { fileOption, option } from './option.ts'

const KIB = 1024
const MIB = 1024 * KIB
const UINT32_MAX = 4_294_967_295

/** BEP 15 requires two minutes; beyond two hours an id is as good as a password. */
export const CONNECTION_ID_AGE = { least: 120, most: 7200, byDefault: 3600 } as const

export const udpServerOptions = {
  connection_id_validation: option({
    schema: oneOf('strict', 'disabled'),
    default: 'strict',
    meaning: '`disabled` accepts any connection id, and with it any source address: for tests only',
    isTorrusts: true,
  }),
  connection_id_max_age: option({
    schema: secondsBetween(CONNECTION_ID_AGE.least, CONNECTION_ID_AGE.most),
    unit: 'Seconds',
    default: CONNECTION_ID_AGE.byDefault,
    meaning:
      'how long a connection id is valid, on listeners without a `cookie_lifetime`. Some clients keep one for an hour',
  }),
  connection_id_key_file: fileOption({
    schema: text('must be the path of a file'),
    default: 'connection-id.key',
    meaning: 'keeps ids valid across a restart; created with mode 0600 if missing',
  }),
  answer_bad_connection_ids: option({
    schema: boolean,
    default: true,
    meaning:
      'answer a bad id with an error, never longer than the request, so that clients reconnect at once; `false`: no reply',
  }),
  driver: option({
    schema: oneOf('auto', 'batched', 'dgram'),
    default: 'auto',
    meaning:
      "how datagrams are received and sent: in batches by system calls (Linux), or by Node's sockets (everywhere)",
  }),
  receive_buffer: option({
    schema: size(64 * KIB, 1024 * MIB),
    unit: 'Bytes',
    default: 8 * MIB,
    meaning: 'requested from the kernel for each socket; it may grant less (`net.core.rmem_max`)',
    print: writeSize,
  }),
}

/** Of the same table. Addresses are banned for wrong connection ids only if the document has one of them. */
export const udpBansOptions = {
  ip_bans_reset_interval_in_secs: option({
    schema: v.pipe(
      secondsBetween(0, UINT32_MAX),
      v.minValue(3600, 'The IP bans reset interval must be at least 3600 seconds.'),
    ),
    default: 86_400,
    meaning:
      'how long until all counts of bad connection ids are cleared, and all bans for them end; counted from the start',
    isTorrusts: true,
  }),
  max_connection_id_errors_per_ip: option({
    schema: wholeNumber(0, UINT32_MAX),
    default: 10,
    meaning:
      'an address with more bad connection ids gets no reply over UDP. Without either option there are no such bans, because they can be abused',
    isTorrusts: true,
  }),
}
