/** Published measures as FHIR R4: what was imported comes back with everything that it had. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { findDocument, findVersion } from '../measures/measure.queries.ts'
import { type Measure, MeasureId, Version } from '../measures/measure.schema.ts'
import { findSourceRecord } from '../measures/sources.queries.ts'
import { resourceOf } from './adapting.ts'

const closed = { additionalProperties: false }
const Resource = { type: 'object', additionalProperties: true, description: 'A FHIR R4 Measure.' }
const response = {
  200: { description: 'The measure.', content: { 'application/fhir+json': { schema: Resource } } },
  ...problemResponses('not-found')
}

export const fhirRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { store, vocabularies }) => {
  interface Stored {
    readonly tag: string
    readonly json: string
    readonly sourceNo: number | null
  }
  const answer = async (request: FastifyRequest, reply: FastifyReply, { tag, json, sourceNo }: Stored) => {
    reply.type('application/fhir+json; charset=utf-8')
    if (notModified(request, reply, etagOf(tag, 'fhir'))) return reply
    const source = sourceNo === null ? undefined : await store.read((db) => findSourceRecord(db, sourceNo))
    const kept = source?.format === 'fhir' && source.record !== null ? (JSON.parse(source.record) as Record<string, unknown>) : undefined
    return reply.send(JSON.stringify(resourceOf(JSON.parse(json) as Measure, kept, vocabularies)))
  }

  app.get(
    '/Measure/:id',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getFhirMeasure',
        summary: 'Get a measure as FHIR',
        description:
          'The active version as a FHIR R4 Measure. One that was imported from FHIR comes with its libraries, expressions, extensions and contained resources.',
        tags: ['fhir'],
        params: Type.Object({ id: MeasureId }, closed),
        response,
        'x-example': { path: { id: 'pacic' } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const document = await store.read((db) => findDocument(db, id, 'published'))
      if (!document) throw problem('not-found', `There is no published measure "${id}".`)
      return answer(request, reply, document)
    }
  )

  app.get(
    '/Measure/:id/_history/:version',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getFhirMeasureVersion',
        summary: 'Get a version of a measure as FHIR',
        description: 'A published version as a FHIR R4 Measure, as it was.',
        tags: ['fhir'],
        params: Type.Object({ id: MeasureId, version: Version }, closed),
        response,
        'x-example': { path: { id: 'pacic', version: '1.0.0' } }
      }
    },
    async (request, reply) => {
      const { id, version } = request.params
      const found = await store.read((db) => findVersion(db, id, version))
      if (!found) throw problem('not-found', `There is no version ${version} of "${id}".`)
      return answer(request, reply, found)
    }
  )
}
