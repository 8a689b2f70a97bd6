// The caller's mistake: a URL or an argument that makes no sense. Nothing was sent.

export class CallError extends TypeError {
  constructor(message: string) {
    super(message)
    this.name = 'CallError'
  }
}
