// The one file that knows the container. Ports are bound to makers; each thing is made when somebody first asks for it, once.

import 'reflect-metadata'
import { container, instanceCachingFactory } from 'tsyringe'
import type { Port } from '../../domain/ports/port.ts'

/** Finds what a port is bound to; an unbound one throws, naming the port. */
export type Get = <T>(port: Port<T>) => T

export class Bindings {
  readonly #container = container.createChildContainer()

  /** The last binding made before the first `get` holds. */
  bind<T>(port: Port<T>, make: (get: Get) => T): this {
    this.#container.register<T>(port, { useFactory: instanceCachingFactory(() => make(this.get)) })
    return this
  }

  readonly get: Get = (port) => this.#container.resolve(port)
}
