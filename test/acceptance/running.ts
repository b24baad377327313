/** Processes that a test starts and ends itself. */
import { freePort } from '../free-port.ts'
import { ADMIN_KEY, type Started, startProcess, untilReady } from './server.ts'

export const quiet = { LOG_LEVEL: 'error', CATALOGUE: 'empty', ADMIN_KEY }
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
/** Where a server is already running there is none to start. */
export const skip = process.env['ACCEPTANCE_URL'] ? 'a server that is running already is not started' : false

export interface Running extends Started {
  readonly base: string
  readonly port: number
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Started['ended']
}

/** A process that is ready, on a free port. */
export async function running(env: Record<string, string>): Promise<Running> {
  const port = await freePort()
  const started = startProcess({ PORT: `${port}`, ...quiet, ...env })
  const base = `http://127.0.0.1:${port}`
  await untilReady(base, started).catch((error) => {
    started.child.kill('SIGKILL')
    throw error
  })
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    started.child.kill(signal)
    return started.ended
  }
  return { ...started, base, port, end }
}

/** A start that has to fail: what came of it. */
export async function refusedStart(env: Record<string, string>) {
  const started = startProcess({ PORT: `${await freePort()}`, ...quiet, ...env })
  const limit = setTimeout(() => started.child.kill('SIGKILL'), 30_000)
  const { code } = await started.ended
  clearTimeout(limit)
  return { code, out: started.out(), err: started.err() }
}
