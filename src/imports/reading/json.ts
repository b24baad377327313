/**
 * Records of JSON files: an array, `{"measures": […]}`, a list as the registry answers it (`{"items": […]}`), a Bundle of FHIR, one
 * object, or an object on each line.
 */
import type { RawRecord } from '../candidate.ts'
import { readDocument } from './json-document.ts'
import { formOf } from './json-form.ts'
import { readLines } from './json-lines.ts'
import { malformed } from './unreadable.ts'

/** `lines`: whether the sender says that there is an object on each line; otherwise the file shows it. */
export async function* readJson(path: string, { lines }: { lines: boolean }): AsyncGenerator<RawRecord> {
  const form = lines ? ({ kind: 'lines' } as const) : await formOf(path)
  let isEmpty = true
  for await (const record of form.kind === 'lines' ? readLines(path) : readDocument(path, form)) {
    isEmpty = false
    yield record
  }
  if (isEmpty) throw malformed('The file holds no records.')
}
