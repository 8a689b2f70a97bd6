// The one file that knows the container. Ports are bound to makers; each thing is made once, when it is first asked
// for.

import 'reflect-metadata'
import { container, instanceCachingFactory } from 'tsyringe'
import type { Port } from '../../domain/ports/port.ts'

/** Finds what a port is bound to; an unbound one throws, naming the port. */
export type Get = <T>(port: Port<T>) => T

export class Bindings {
  readonly #container = container.createChildContainer()
  readonly #resolved = new Set<symbol>()

  /** Of several bindings the last one holds. Throws once the port is resolved: a part would keep the former thing. */
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
