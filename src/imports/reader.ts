/** The side of the server that has files read, one after the other: two large files at once would want twice the memory. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Note } from './note.ts'
import { UnreadableFile } from './reading/unreadable.ts'
import type { StagedIndex } from './staged.ts'
import type { StagingRequest } from './staging.ts'
import { UnusableMapping } from './unusable-mapping.ts'

const HEAP_MB = 160

type Message =
  | { readonly count: number }
  | { readonly index: StagedIndex }
  /** Without a code it is the mapping that does not fit. */
  | { readonly refused: { readonly code?: UnreadableFile['code']; readonly message: string; readonly places: readonly Note[] } }

let turn: Promise<unknown> = Promise.resolve()

/** Waits for its turn, then reads a file into candidates at `out`. Throws `UnreadableFile` where nobody could. */
export function stageInBackground(request: StagingRequest, out: string, onRecord?: (count: number) => void): Promise<StagedIndex> {
  const staged = turn.then(() => stage(request, out, onRecord))
  turn = staged.catch(() => {})
  return staged
}

async function stage(request: StagingRequest, out: string, onRecord?: (count: number) => void): Promise<StagedIndex> {
  const worker = new Worker(new URL('./staging.worker.ts', import.meta.url), {
    workerData: { request, out },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB }
  })
  let result: StagedIndex | Error | undefined
  worker.on('message', (message: Message) => {
    if ('count' in message) onRecord?.(message.count)
    else if ('index' in message) result = message.index
    else result = refusalOf(message.refused)
  })
  await once(worker, 'exit').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error
    result = new UnreadableFile('file-too-large', 'The file needs more memory than the registry gives to one file: split it.')
  })
  if (result instanceof Error) throw result
  if (!result) throw new Error('The thread that reads files ended without a result')
  return result
}

const refusalOf = ({ code, message, places }: Extract<Message, { refused: unknown }>['refused']) =>
  code === undefined ? new UnusableMapping(message, places) : new UnreadableFile(code, message, places)
