/** The side of the server that has files read, one after the other: two large files at once would want twice the memory. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Note } from './note.ts'
import { UnreadableFile } from './reading/unreadable.ts'
import type { StagedIndex } from './staged.ts'
import type { StagingRequest } from './staging.ts'
import { UnusableMapping } from './unusable-mapping.ts'

/** What the process that reads says: how far it is, what came of it, or why nothing did. Without a code it is the mapping that does not fit. */
export type Message =
  | { readonly count: number }
  | { readonly index: StagedIndex }
  | { readonly refused: { readonly code?: UnreadableFile['code']; readonly message: string; readonly places: readonly Note[] } }

const HEAP_MB = 160
/** How long the largest file may take; the next one is waiting. */
const READING_MS = 120_000
/** How long a reader waits for the next file: starting one takes half a second. */
const IDLE_MS = 10_000
const MAX_COMPLAINT = 10_000

interface Reader {
  readonly child: ChildProcess
  /** The end of what it wrote to its error output. */
  complaint: string
  idle?: NodeJS.Timeout
}

let reader: Reader | undefined
let turn: Promise<unknown> = Promise.resolve()

/** Waits for its turn, then reads a file into candidates at `out`. Throws `UnreadableFile` where nobody could, `UnusableMapping` where the mapping does not fit. */
export function stageInBackground(request: StagingRequest, out: string, onRecord?: (count: number) => void): Promise<StagedIndex> {
  const staged = turn.then(() => stage(request, out, onRecord))
  turn = staged.catch(() => {})
  return staged
}

async function stage(request: StagingRequest, out: string, onRecord?: (count: number) => void): Promise<StagedIndex> {
  const { promise, resolve, reject } = Promise.withResolvers<StagedIndex>()
  const current = (reader ??= start())
  const { child } = current
  const onMessage = (message: Message) => {
    if ('count' in message) onRecord?.(message.count)
    else if ('index' in message) resolve(message.index)
    else reject(refusalOf(message.refused))
  }
  const onExit = (code: number | null, signal: string | null) => reject(failureOf(code, signal, current.complaint))
  clearTimeout(current.idle)
  child.channel?.ref()
  child.on('message', onMessage).once('close', onExit)
  const timer = setTimeout(() => child.kill('SIGKILL'), READING_MS)
  try {
    child.send({ request, out })
    return await promise
  } finally {
    clearTimeout(timer)
    child.off('message', onMessage).off('close', onExit)
    rest(current)
  }
}

function start(): Reader {
  const child = fork(join(import.meta.dirname, 'reading.process.ts'), [], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=8'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced'
  })
  const started: Reader = { child, complaint: '' }
  child.stderr!.on('data', (chunk) => (started.complaint = (started.complaint + chunk).slice(-MAX_COMPLAINT)))
  child.once('exit', () => {
    if (reader === started) reader = undefined
  })
  child.unref()
  ;(child.stderr as unknown as { unref?(): void }).unref?.()
  return started
}

/** A reader at rest holds nobody up: not the end of the process, nor, after a while, its memory. */
function rest(resting: Reader): void {
  resting.child.channel?.unref()
  resting.idle = setTimeout(() => {
    if (reader === resting) reader = undefined
    if (resting.child.connected) resting.child.disconnect()
  }, IDLE_MS).unref()
}

const refusalOf = ({ code, message, places }: Extract<Message, { refused: unknown }>['refused']) =>
  code === undefined ? new UnusableMapping(message, places) : new UnreadableFile(code, message, places)

/** What V8 says when it may not have more memory; then it aborts. */
const OUT_OF_MEMORY = /heap out of memory|heap limit/i

const failureOf = (code: number | null, signal: string | null, complaint: string) =>
  OUT_OF_MEMORY.test(complaint)
    ? new UnreadableFile('file-too-large', 'The file needs more memory than the registry gives to one file: split it.')
    : signal === 'SIGKILL'
      ? new UnreadableFile('file-too-large', 'The file takes too long to read: split it.')
      : new Error(`The process that reads files ended with ${signal ?? code}: ${complaint}`)
