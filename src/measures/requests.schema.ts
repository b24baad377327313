/** What is asked of measures, and what is answered beside the measure itself. */
import { type TSchema, Type } from 'typebox'
import { component, oneOf, ref, wholeList } from '../component.ts'
import { FormatParameter } from '../http/parameters.ts'
import { CODES } from '../vocabularies/codes.ts'
import { FACETS, FILTER_NAMES, filterOf, MISSABLE } from './measure.filters.ts'
import { SORTS } from './measure.list.ts'
import { LanguageTag, text } from './measure.parts.ts'
import { Measure, MeasureContent, MeasureId, Version } from './measure.schema.ts'

const closed = { additionalProperties: false }
const manyOf = (description: string) => Type.Optional(Type.Array(Type.String({ maxLength: 1_000 }), { maxItems: 20, description }))

const filters = Object.fromEntries(
  FILTER_NAMES.map((name) => {
    const { vocabulary, description } = filterOf(name)
    return [name, manyOf(`${description} ${vocabulary ? `Codes of \`${vocabulary}\`. ` : ''}Comma is or, repetition is and, \`!\` is not.`)]
  })
)

export const Lang = Type.Optional(LanguageTag('Language of labels and translated texts, before `Accept-Language`.'))
export const Fields = Type.Optional(
  Type.String({ maxLength: 1_000, description: 'Only these fields of each measure, separated by commas. Exports always have all.' })
)

export const ListQuery = Type.Object(
  {
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 400,
        description: 'Words to find: every one of them, by its stem or its beginning, in any language.'
      })
    ),
    ...filters,
    updatedSince: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        anyOf: [{ format: 'date-time' }, { format: 'date' }],
        description: 'Changed at this instant or later: 2026-11-24T10:00:00Z, or the day 2026-11-24 (UTC).'
      })
    ),
    missing: manyOf(
      `Fields that are empty, such as \`licence\` or \`licence.fee\`: ${MISSABLE.length} names. Comma is or, repetition is and, \`!\` is not.`
    ),
    sort: Type.Optional(oneOf(SORTS, 'Order: by relevance where `q` is given, by title otherwise; `-` for descending.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'Measures on a page.' })),
    cursor: Type.Optional(Type.String({ maxLength: 2_000, description: '`next` of the page before, with everything else the same.' })),
    fields: Fields,
    facets: Type.Optional(Type.String({ maxLength: 500, description: `Fields to count by, separated by commas: ${FACETS.join(', ')}.` })),
    lang: Lang,
    format: FormatParameter
  },
  closed
)

export const ReadQuery = Type.Object({ lang: Lang, fields: Fields }, closed)
export const Params = Type.Object({ id: MeasureId }, closed)
export const VersionParams = Type.Object({ id: MeasureId, version: Version }, closed)
export const DiffQuery = Type.Object(
  { from: Type.Optional(Version), to: Type.Optional(Version) },
  { ...closed, description: 'Without `to` the newest version; without `from` the one before.' }
)

/** The same fields, each optional: what is left when only some were asked for. */
const partial = Type.Partial(Type.Object(Measure.properties)).properties

export const MeasureItem = component(
  'MeasureItem',
  Type.Object(partial, { ...closed, description: 'A measure, or the fields of it that were asked for.' })
)

export const FacetCount = component(
  'FacetCount',
  Type.Object(
    {
      code: Type.String({ description: 'A code.' }),
      label: Type.String({ description: 'Its label in the language of the answer.' }),
      count: Type.Integer({ minimum: 1, description: 'How many measures have it.' })
    },
    { ...closed, description: 'How often a code occurs.' }
  )
)

export const MeasurePage = component(
  'MeasurePage',
  Type.Object(
    {
      items: Type.Array(ref(MeasureItem), { description: 'The measures of this page.' }),
      total: Type.Integer({ minimum: 0, description: 'How many measures there are on all pages.' }),
      next: Type.String({ description: 'The cursor of the next page; empty at the end.' }),
      facets: Type.Optional(
        Type.Record(Type.String(), Type.Array(ref(FacetCount)), { description: 'Counts under the same filters, each without its own.' })
      ),
      suggestions: Type.Optional(
        Type.Array(Type.String({ description: 'A search.' }), {
          description: 'Where `q` found nothing: searches that do, in the words of the catalogue.'
        })
      )
    },
    { ...closed, description: 'One page of the catalogue.' }
  )
)

/** `null` removes, whatever is left out stays (RFC 7396): each member may be anything that the measure may have, or null. */
export function mergePatchOf(schema: { properties: Record<string, TSchema> }): Record<string, TSchema> {
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [
      name,
      Type.Optional(
        Type.Unsafe<unknown>({
          description: `New value of \`${name}\`; null removes it.`,
          type: [typeOf(property), 'null'],
          // A list is replaced as a whole, so that its items are judged here; objects are merged before they are.
          ...('items' in property ? { items: property['items'] } : {})
        })
      )
    ])
  )
}

const typeOf = (schema: TSchema): string => ('type' in schema ? String(schema['type']) : 'object')

export const MeasurePatch = component(
  'MeasurePatch',
  Type.Object(mergePatchOf(MeasureContent), {
    ...closed,
    description: 'JSON Merge Patch (RFC 7396) of the content of a measure. The result has to be one that could be registered.'
  })
)

const reason = (why: string) => text(why, 5_000)
export const SubmitBody = component(
  'SubmitDraft',
  Type.Object({ reason: Type.Optional(reason('What the reviewers should know.')) }, { ...closed, description: 'A submission.' })
)
export const ReturnBody = component(
  'ReturnDraft',
  Type.Object({ reason: reason('What has to change.') }, { ...closed, description: 'A return to the authors.' })
)
export const PublishBody = component(
  'PublishDraft',
  Type.Object(
    {
      impact: Type.Optional(oneOf(CODES.impact, 'How much the new version differs; minor when left out. The first version is 1.0.0.')),
      changeNote: Type.Optional(reason('What is new.'))
    },
    { ...closed, description: 'A publication.' }
  )
)
export const RetireBody = component(
  'RetireMeasure',
  Type.Object({ reason: reason('Why.'), successor: Type.Optional(MeasureId) }, { ...closed, description: 'A retirement.' })
)

const VersionSummary = component(
  'VersionSummary',
  Type.Object(
    {
      version: Version,
      publishedAt: Type.String({ format: 'date-time', description: 'When it was published.' }),
      publishedBy: Type.String({ description: 'The name of the key that published it.' }),
      changeNote: Type.Optional(Type.String({ description: 'What was new.' })),
      url: Type.String({ format: 'uri', description: 'Where to read it.' })
    },
    { ...closed, description: 'A published version.' }
  )
)
export const VersionList = wholeList('VersionList', VersionSummary, 'The published versions, the newest first.')

const Sentence = component(
  'ChangeSentence',
  Type.Object(
    { pointer: Type.String({ description: 'Where (JSON pointer).' }), sentence: Type.String({ description: 'What changed, in words.' }) },
    { ...closed, description: 'One change, in a sentence.' }
  )
)
const PatchOperation = component(
  'PatchOperation',
  Type.Object(
    {
      op: oneOf(['add', 'remove', 'replace', 'move', 'copy', 'test'], 'What to do.'),
      path: Type.String({ description: 'Where (JSON pointer).' }),
      from: Type.Optional(Type.String({ description: 'From where.' })),
      value: Type.Optional(Type.Unknown({ description: 'The value.' }))
    },
    { ...closed, description: 'One operation of a JSON Patch (RFC 6902).' }
  )
)
export const Diff = component(
  'MeasureDiff',
  Type.Object(
    {
      from: Version,
      to: Version,
      patch: Type.Array(ref(PatchOperation), { description: 'JSON Patch that makes the content of `to` of that of `from`.' }),
      changes: Type.Array(ref(Sentence), { description: 'The same in sentences.' })
    },
    { ...closed, description: 'What changed between two versions.' }
  )
)

export const FieldChanged = component(
  'FieldChange',
  Type.Object(
    {
      pointer: Type.String({ description: 'The field (JSON pointer).' }),
      old: Type.Optional(Type.Unknown({ description: 'What it was.' })),
      new: Type.Optional(Type.Unknown({ description: 'What it is.' }))
    },
    { ...closed, description: 'A change of one field.' }
  )
)
const HistoryEntry = component(
  'HistoryEntry',
  Type.Object(
    {
      at: Type.String({ format: 'date-time', description: 'When.' }),
      who: Type.String({
        description: 'The name of the key that did it; `a contributor` where readers see that an implementation was reported.'
      }),
      action: Type.String({ description: 'What was done.' }),
      version: Type.Optional(Version),
      why: Type.Optional(Type.String({ description: 'The reason given.' })),
      fields: Type.Array(ref(FieldChanged), { description: 'What changed in the content.' })
    },
    { ...closed, description: 'One thing that happened to a measure.' }
  )
)
export const History = wholeList('MeasureHistory', HistoryEntry, 'What happened to a measure, the oldest first.')

const RelatedMeasure = component(
  'RelatedMeasure',
  Type.Object(
    {
      kind: oneOf([...CODES.relation, 'same-identifier', 'similar-text'], 'How the two relate.'),
      direction: oneOf(['to', 'from'], 'Whether this record names the other, or the other names this one.'),
      measure: Type.Optional(MeasureId),
      title: Type.Optional(Type.String({ description: 'The title of the other measure.' })),
      url: Type.Optional(Type.String({ format: 'uri', description: 'Where the other measure is.' })),
      stated: Type.Boolean({ description: 'True where a record says so; false where the registry found it by comparison.' }),
      because: Type.Array(Type.String({ description: 'A reason.' }), { description: 'Why the registry says so.' })
    },
    { ...closed, description: 'Another measure, and how it relates to this one.' }
  )
)
export const Related = wholeList(
  'RelatedMeasures',
  RelatedMeasure,
  'Measures that relate to this one: stated by the records, and found by comparison.'
)

export const REQUEST_SCHEMAS = [
  MeasureItem,
  FacetCount,
  MeasurePage,
  MeasurePatch,
  SubmitBody,
  ReturnBody,
  PublishBody,
  RetireBody,
  VersionSummary,
  VersionList,
  Sentence,
  PatchOperation,
  Diff,
  FieldChanged,
  HistoryEntry,
  History,
  RelatedMeasure,
  Related
]
