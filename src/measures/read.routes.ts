/** Reading one measure: as it is, as it was, what changed, what happened to it, what is like it. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { allows } from '../access/roles.ts'
import { listLog } from '../changes/changes.queries.ts'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { jsonPatch } from '../json/diff.ts'
import { historyFor } from './history.ts'
import { checkedFields } from './list.check.ts'
import { findVersion, listVersions } from './measure.queries.ts'
import { Measure } from './measure.schema.ts'
import { contentOf } from './measure.ts'
import type { MeasureDeps } from './measures.routes.ts'
import { relatedTo } from './related.ts'
import { Diff, DiffQuery, History, Params, ReadQuery, Related, VersionList, VersionParams } from './requests.schema.ts'
import { sentencesOf } from './sentences.ts'
import { inLanguage, translationFor } from './translations.ts'

const ok = (schema: object, description: string) => ({ description, content: { 'application/json': { schema } } })
const answered = {
  ...ok(ref(Measure), 'The measure.'),
  headers: { ETag: { type: 'string', description: 'Validator: send it back in `If-None-Match`, or in `If-Match` to edit.' } }
}

export const readRoutes: FastifyPluginAsyncTypebox<MeasureDeps> = async (app, { store, catalogue, config }) => {
  const unknown = (id: string) =>
    problem('not-found', `There is no published measure "${id}". A draft, where one is open, is at /v1/measures/${id}/draft.`)

  app.get(
    '/measures/:id',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getMeasure',
        summary: 'Get one measure',
        description: 'The active version. A retired measure stays readable, with status `retired`, the reason and what takes its place.',
        tags: ['measures'],
        params: Params,
        querystring: ReadQuery,
        response: { 200: answered, ...problemResponses('invalid-parameter', 'unknown-parameter', 'not-found') },
        'x-example': { path: { id: 'pacic' } }
      }
    },
    async (request, reply) => {
      const { lang, fields: asked } = request.query
      const [document] = await catalogue.queries.published({ id: request.params.id })
      if (!document) throw unknown(request.params.id)
      const fields = checkedFields(asked)
      const languages = document.languages.split(' ')
      const language = translationFor(languages, languageOf(request, lang)) ?? languages[0]!
      reply.type('application/json; charset=utf-8')
      describeLanguage(reply, language)
      // What most ask for is sent as it is stored.
      if (!fields && language === languages[0]) {
        if (notModified(request, reply, etagOf(document.tag))) return reply
        return reply.send(document.json)
      }
      if (notModified(request, reply, etagOf(document.tag, [language, ...(fields ?? [])].join('-')))) return reply
      const { measure } = inLanguage(JSON.parse(document.json) as Measure, language)
      const shown = fields ? Object.fromEntries(Object.entries(measure).filter(([name]) => fields.includes(name))) : measure
      return reply.send(JSON.stringify(shown))
    }
  )

  app.get(
    '/measures/:id/versions',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listVersions',
        summary: 'List the published versions of a measure',
        description: 'When each was published, by whom, and what was new. Drafts are not among them.',
        tags: ['measures'],
        params: Params,
        response: { 200: ok(ref(VersionList), 'All versions, the newest first.'), ...problemResponses('not-found') },
        'x-example': { path: { id: 'pacic' } }
      }
    },
    async ({ params }) => {
      const versions = await store.read((db) => listVersions(db, params.id))
      if (versions.length === 0) throw unknown(params.id)
      const items = versions.map(({ changeNote, ...version }) => ({
        ...version,
        ...(changeNote ? { changeNote } : {}),
        url: `${config.PUBLIC_URL}/v1/measures/${params.id}/versions/${version.version}`
      }))
      return { items, total: items.length, next: '' as const }
    }
  )

  app.get(
    '/measures/:id/versions/:version',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getVersion',
        summary: 'Get a published version of a measure',
        description: 'Published versions never change.',
        tags: ['measures'],
        params: VersionParams,
        response: { 200: answered, ...problemResponses('not-found') },
        'x-example': { path: { id: 'pacic', version: '1.0.0' } }
      }
    },
    async (request, reply) => {
      const { id, version } = request.params
      const found = await store.read((db) => findVersion(db, id, version))
      if (!found) throw problem('not-found', `There is no version ${version} of a measure "${id}".`)
      reply.type('application/json; charset=utf-8')
      if (notModified(request, reply, etagOf(found.tag))) return reply
      return reply.send(found.json)
    }
  )

  app.get(
    '/measures/:id/diff',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'diffVersions',
        summary: 'Compare two versions of a measure',
        description:
          'A JSON Patch that makes the one of the other, and a sentence for each change. Without `from` and `to`: the last step.',
        tags: ['measures'],
        params: Params,
        querystring: DiffQuery,
        response: {
          200: ok(ref(Diff), 'What changed, as a patch and in sentences.'),
          ...problemResponses('invalid-parameter', 'unknown-parameter', 'not-found')
        },
        'x-example': { path: { id: 'pacic' }, query: { from: '1.0.0', to: '1.0.0' } }
      }
    },
    async ({ params: { id }, query }) => {
      const versions = (await store.read((db) => listVersions(db, id))).map(({ version }) => version)
      if (versions.length === 0) throw unknown(id)
      const to = query.to ?? versions[0]!
      const from = query.from ?? versions[versions.indexOf(to) + 1] ?? to
      const [before, after] = await Promise.all([contentAt(id, from), contentAt(id, to)])
      return { from, to, patch: jsonPatch(before, after), changes: sentencesOf(before, after) }
    }
  )

  async function contentAt(id: string, version: string) {
    const found = await store.read((db) => findVersion(db, id, version))
    if (!found) throw problem('not-found', `There is no version ${version} of the measure "${id}".`)
    return contentOf(JSON.parse(found.json))
  }

  app.get(
    '/measures/:id/history',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getHistory',
        summary: 'See what happened to a measure',
        description:
          'Who, when, what and why. Readers see what became public, with every field that it changed; contributors see drafts and reviews as well.',
        tags: ['measures'],
        params: Params,
        response: { 200: ok(ref(History), 'Everything that happened, the oldest first.'), ...problemResponses('not-found') },
        'x-example': { path: { id: 'pacic' } }
      }
    },
    async (request) => {
      const { id } = request.params
      const items = historyFor(await store.read((db) => listLog(db, 'measure', id)), allows(request.actor?.role ?? 'reader', 'contributor'))
      if (items.length === 0) throw unknown(id)
      return { items, total: items.length, next: '' as const }
    }
  )

  app.get(
    '/measures/:id/related',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listRelated',
        summary: 'List measures that relate to a measure',
        description: 'Relations that the records state, in both directions, and measures that look alike.',
        tags: ['measures'],
        params: Params,
        response: { 200: ok(ref(Related), 'Related measures.'), ...problemResponses('not-found') },
        'x-example': { path: { id: 'mpoc-20' } }
      }
    },
    async ({ params: { id } }) => {
      const [document] = await catalogue.queries.published({ id })
      if (!document) throw unknown(id)
      const items = await relatedTo(catalogue, JSON.parse(document.json) as Measure)
      return { items, total: items.length, next: '' as const }
    }
  )
}
