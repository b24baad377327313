import { type Completeness, FIELDS, type MeasureContent, type MeasureField } from './measure.schema.ts'

/** Fields that a full record can do without: their absence says nothing. */
const OPTIONAL: ReadonlySet<MeasureField> = new Set([
  'language',
  'changeNote',
  'relations',
  'targets',
  'nextReviewDue',
  'translations',
  'guidance',
  'excludes'
])

/** Whether a value says anything. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.values(value).every(isEmpty)
}

/** How much of a record is filled. An instrument's fields count only where there can be an instrument, and a scoring only where there is none. */
export function completenessOf(content: MeasureContent): Completeness {
  const fields = FIELDS.filter((field) => !OPTIONAL.has(field) && applies(field, content))
  const missing = fields.filter((field) => isEmpty(content[field]))
  return { filled: fields.length - missing.length, of: fields.length, missing }
}

function applies(field: MeasureField, content: MeasureContent): boolean {
  if (field === 'instrument' || field === 'languages') return asksPeople(content)
  return field !== 'scoring' || isEmpty(content.instrument)
}

/** A measure from records or claims has no questionnaire, and so no languages. */
export const asksPeople = (content: MeasureContent): boolean =>
  !isEmpty(content.instrument) || isEmpty(content.dataSources) || content.dataSources!.some(({ kind }) => kind === 'survey')
