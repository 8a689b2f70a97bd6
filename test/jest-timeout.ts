// Starting processes takes longer than Jest's default of five seconds, and so may anything on a machine that is shared.

import { jest } from '@jest/globals'

jest.setTimeout(60_000)
