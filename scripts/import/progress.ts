/** How far an import is: a bar in a terminal, lines of plain text anywhere else. Everything goes to the error output, results to the other. */
const WIDTH = 30
/** A terminal is written to this often, in milliseconds. */
const REFRESH = 80

export interface Step {
  readonly phase: string
  readonly done: number
  readonly total?: number | undefined
}

export class ProgressBar {
  readonly #out: NodeJS.WriteStream
  readonly #isTerminal: boolean
  #name = ''
  #phase = ''
  #shownAt = 0

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out
    this.#isTerminal = out.isTTY === true
  }

  /** A new file. */
  begin(name: string): void {
    this.#name = name
    this.#phase = ''
  }

  show({ phase, done, total }: Step): void {
    if (!this.#isTerminal) {
      if (phase !== this.#phase) this.#out.write(`${this.#name}: ${phase}\n`)
      this.#phase = phase
      return
    }
    const isLast = done === total
    if (!isLast && performance.now() - this.#shownAt < REFRESH) return
    this.#shownAt = performance.now()
    const part = total ? Math.min(1, done / total) : 0
    const bar = total ? `[${'#'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '.')}] ${done}/${total}` : `${done}`
    this.#out.write(`\r\x1b[K${phase.padEnd(10)} ${bar} ${this.#name}`.slice(0, (this.#out.columns ?? 80) + 4))
  }

  /** Clears the line, for what is said next. */
  end(): void {
    if (this.#isTerminal) this.#out.write('\r\x1b[K')
  }
}
