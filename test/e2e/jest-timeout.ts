// Starting processes and transferring files take longer than Jest's default of five seconds.

import { jest } from '@jest/globals'

jest.setTimeout(60_000)
