// Processes start, files travel: Jest's five seconds are for functions.

import { jest } from '@jest/globals'

jest.setTimeout(60_000)
