/** The end of a measure. There is no way back. */
import type { Writer } from '../../db/store.ts'
import { problem } from '../http/problems.ts'
import { type Act, entry, read, type Saved, saved } from './lifecycle.ts'
import { findDocument, putDocument } from './measure.queries.ts'
import { composeMeasure, contentOf } from './measure.ts'

/** Takes a measure out of use. It stays readable for ever, with the reason and what takes its place. */
export async function retireMeasure(
  tx: Writer,
  act: Act,
  id: string,
  { reason, successor }: { reason: string; successor?: string | undefined }
): Promise<Saved> {
  const document = await findDocument(tx, id, 'published')
  if (!document) throw problem('not-found', `There is no published measure "${id}".`)
  const measure = read(document)
  act.mustMatch?.(document.tag)
  if (measure.status === 'retired') throw problem('transition-not-allowed', 'The measure is retired already.')
  if (await findDocument(tx, id, 'draft')) throw problem('transition-not-allowed', 'A draft is open: publish or delete it first.')
  if (successor !== undefined && (successor === id || !(await isActive(tx, successor)))) {
    throw problem('invalid-body', 'The successor is not an active measure.', {
      errors: [{ pointer: '/successor', detail: `There is no other active measure "${successor}".` }]
    })
  }
  const retirement = { reason, ...(successor ? { successor } : {}), at: act.now }
  const retired = composeMeasure(contentOf(measure), {
    ...measure,
    publicUrl: act.publicUrl,
    status: 'retired',
    updatedAt: act.now,
    retirement
  })
  const stored = await putDocument(tx, 'published', retired, document)
  tx.record(entry(act, id, { action: 'retired', version: measure.version, reason }))
  return saved(stored)
}

async function isActive(tx: Writer, id: string): Promise<boolean> {
  const document = await findDocument(tx, id, 'published')
  return document !== undefined && read(document).status === 'active'
}
