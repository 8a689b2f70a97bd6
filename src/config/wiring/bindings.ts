// The only file that uses the container. Ports are bound to factories; each instance is created once, when it is first
// requested.

import 'reflect-metadata'
import { container, instanceCachingFactory } from 'tsyringe'
import type { Port } from '../../domain/ports/port.ts'

/** The instance that a port is bound to; throws an error with the port's name if there is none. */
export type Get = <T>(port: Port<T>) => T

export class Bindings {
  readonly #container = container.createChildContainer()
  readonly #resolved = new Set<symbol>()

  /** The last of several bindings wins. Throws once the port is resolved: a part would keep the previous instance. */
  bind<T>(port: Port<T>, make: (get: Get) => T): this {
    if (this.#resolved.has(port)) throw new Error(`${port.description} has been resolved already: bind it before`)
    this.#container.register<T>(port, { useFactory: instanceCachingFactory(() => make(this.get)) })
    return this
  }

  readonly get: Get = <T>(port: Port<T>): T => {
    const thing = this.#container.resolve<T>(port)
    this.#resolved.add(port)
    return thing
  }
}
