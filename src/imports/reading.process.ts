/**
 * Reads files in a process of its own: parsing holds nobody up, its memory goes back when it ends, and a file that wants too much
 * ends this process only.
 */
import { loadVocabularies } from '../vocabularies/load.ts'
import type { Message } from './reader.ts'
import { UnreadableFile } from './reading/unreadable.ts'
import { writeStaged } from './staged.ts'
import { type StagingRequest, stageFile } from './staging.ts'
import { UnusableMapping } from './unusable-mapping.ts'

/** Records between two reports of progress. */
const REPORT_EVERY = 100

const vocabularies = loadVocabularies()
const tell = (message: Message) => process.send!(message)

process.on('message', async ({ request, out }: { request: StagingRequest; out: string }) => {
  try {
    const index = await writeStaged(stageFile(request, vocabularies), out, (count) => {
      if (count % REPORT_EVERY === 0) tell({ count })
    })
    tell({ index })
  } catch (error) {
    if (!(error instanceof UnreadableFile) && !(error instanceof UnusableMapping)) throw error
    const { message, places } = error
    tell({ refused: { ...(error instanceof UnreadableFile ? { code: error.code } : {}), message, places } })
  }
})
process.once('disconnect', () => process.exit())
