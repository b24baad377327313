/** The record that a measure was imported from, as it came: with what our fields do not hold. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Reader } from '../../db/store.ts'
import { allows } from '../access/roles.ts'
import { component, oneOf, ref } from '../component.ts'
import { unauthenticated } from '../http/access.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { findDocument, findVersion } from '../measures/measure.queries.ts'
import { MeasureId, SEMVER } from '../measures/measure.schema.ts'
import { findSourceRecord } from '../measures/sources.queries.ts'
import { FORMATS } from './candidate.ts'
import type { ImportDeps } from './importing.ts'

export const SourceRecord = component(
  'SourceRecord',
  Type.Object(
    {
      format: oneOf(FORMATS, 'What the record is.'),
      import: Type.String({ description: 'The import that brought it.' }),
      at: Type.String({ description: 'Its place in the file.' }),
      record: Type.Unknown({ description: 'The record as it came: a FHIR resource, or the cells of a row by heading.' })
    },
    { additionalProperties: false, description: 'What a measure was imported from.' }
  )
)

const Params = Type.Object({ id: MeasureId }, { additionalProperties: false })
const Query = Type.Object(
  {
    version: Type.Optional(
      Type.String({
        pattern: `^draft$|${SEMVER}`,
        maxLength: 100,
        description: 'A published version, or `draft` (contributors); the active version when left out.'
      })
    )
  },
  { additionalProperties: false }
)

export const sourceRoutes: FastifyPluginAsyncTypebox<ImportDeps> = async (app, { store }) => {
  app.addSchema(SourceRecord)
  app.get(
    '/measures/:id/source',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getSource',
        summary: 'Get the record that a measure was imported from',
        description: 'As it came, with libraries, expressions, extensions and columns that no field of a measure holds.',
        tags: ['imports'],
        params: Params,
        querystring: Query,
        response: {
          200: { description: 'The record.', content: { 'application/json': { schema: ref(SourceRecord) } } },
          ...problemResponses('invalid-parameter', 'not-found', 'unauthenticated', 'forbidden')
        },
        'x-example': { path: { id: 'example-import' } }
      }
    },
    async ({ params: { id }, query: { version }, actor }) => {
      if (version === 'draft' && !actor) throw unauthenticated('Drafts are read by contributors: send a key.')
      if (version === 'draft' && !allows(actor!.role, 'contributor')) throw problem('forbidden', 'Drafts are read by contributors.')
      const found = await store.read(async (db) => {
        const no = await sourceNoOf(db, id, version)
        return no === undefined || no === null ? undefined : findSourceRecord(db, no)
      })
      if (found?.record === null || found === undefined)
        throw problem(
          'not-found',
          `No record is kept of "${id}"${version ? `, ${version}` : ''}: it was not imported, or its fields hold all of it.`
        )
      const { format, importId, at, record } = found
      return { format, import: importId, at, record: JSON.parse(record) as unknown }
    }
  )
}

async function sourceNoOf(db: Reader, id: string, version: string | undefined): Promise<number | null | undefined> {
  if (version === undefined || version === 'draft')
    return (await findDocument(db, id, version === undefined ? 'published' : 'draft'))?.sourceNo
  return (await findVersion(db, id, version))?.sourceNo
}
