/** Reads a file in a thread of its own: parsing holds nobody up, and a file that wants too much memory ends this thread only. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadVocabularies } from '../vocabularies/load.ts'
import { UnreadableFile } from './reading/unreadable.ts'
import { writeStaged } from './staged.ts'
import { type StagingRequest, stageFile } from './staging.ts'
import { UnusableMapping } from './unusable-mapping.ts'

/** Records between two reports of progress. */
const REPORT_EVERY = 100

const { request, out } = workerData as { request: StagingRequest; out: string }
try {
  const index = await writeStaged(stageFile(request, loadVocabularies()), out, (count) => {
    if (count % REPORT_EVERY === 0) parentPort!.postMessage({ count })
  })
  parentPort!.postMessage({ index })
} catch (error) {
  if (!(error instanceof UnreadableFile) && !(error instanceof UnusableMapping)) throw error
  const { message, places } = error
  parentPort!.postMessage({ refused: { code: error instanceof UnreadableFile ? error.code : undefined, message, places } })
}
