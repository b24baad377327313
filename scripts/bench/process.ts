/** A server of a benchmark in a process of its own, so that it shares no event loop with whoever asks it. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Constant } from './server.ts'

export interface Server {
  readonly address: string
  ask(message: 'reset' | 'report'): Promise<{ longestWaitMs: number; rssMb: number }>
  stop(): void
}

/** The registry on a filled database, or a bare server of constants. */
export async function startServer(constants: readonly Constant[] | null, database = ''): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'server.ts'), ['--database', database], { execArgv: ['--max-semi-space-size=16'] })
  child.once('exit', (code) => {
    if (code) throw new Error(`a server of the benchmark ended with ${code}`)
  })
  const answer = <T>() =>
    new Promise<T>((resolve) => {
      child.once('message', (message) => resolve(message as T))
    })
  const ready = answer<{ address: string }>()
  child.send(constants as never)
  const { address } = await ready
  return {
    address,
    ask: (message) => {
      const reply = answer<{ longestWaitMs: number; rssMb: number }>()
      child.send(message)
      return reply
    },
    stop: () => child.kill()
  }
}
