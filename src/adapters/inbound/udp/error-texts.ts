// The error texts that UDP clients receive.

import { FAILURE_TEXT } from '../../../domain/verdict.ts'
import { type ErrorText, encodeErrorText } from '../../protocol/udp/error.ts'

export const CONNECTION_ID_MISMATCH = encodeErrorText('Connection ID mismatch.')
export const MALFORMED_PACKET = encodeErrorText('malformed packet')
export const UNKNOWN_ACTION = encodeErrorText('unknown action')
export const NO_INFO_HASH = encodeErrorText('no info_hash')

/** Indexed by verdict. */
export const VERDICT_TEXTS: readonly ErrorText[] = FAILURE_TEXT.map(encodeErrorText)
