// Fails a file of tests after which the log of a tracker contains what it should not (SEC-40 to SEC-42).

import { afterAll, expect } from '@jest/globals'
import { takeIndiscretions } from './tracker-process.ts'

afterAll(() => expect(takeIndiscretions()).toEqual([]))
