/** `GET /v1`: where a client starts. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { component, ref } from '../component.ts'
import type { Context } from '../context.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import { PACKAGE } from '../package.ts'
import { CODES } from '../vocabularies/codes.ts'

const uri = (description: string) => Type.String({ format: 'uri', description })
const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })

const Root = component(
  'Registry',
  Type.Object(
    {
      name: Type.String({ description: 'The name of the software.' }),
      version: Type.String({ description: 'Its version.' }),
      licence: Type.String({ description: 'The licence of the software (SPDX).' }),
      dataLicence: Type.String({ description: 'The licence of the starter catalogue (SPDX).' }),
      links: Type.Object(
        {
          self: uri('This answer.'),
          openapi: uri('The OpenAPI document.'),
          docs: uri('The reference, to read.'),
          measures: uri('The catalogue.'),
          readiness: uri('What can be implemented at once, in a context.'),
          readinessRules: uri('The rules by which that is told.'),
          gaps: uri('Who or what is not seen by the measures that there are.'),
          gapMap: uri('Where measures are missing, by any two coded lists.'),
          exercises: uri('Votes on what comes first.'),
          vocabularies: uri('The coded lists.'),
          changes: uri('The log of changes.'),
          importTemplate: uri('The template for measures in spreadsheets.'),
          problems: uri('Every problem that an answer can name.')
        },
        { ...closed, description: 'Where to go on.' }
      ),
      counts: Type.Object(
        {
          measures: count('Active measures.'),
          retired: count('Retired measures.'),
          vocabularies: count('Coded lists.'),
          changes: count('Changes so far.')
        },
        { ...closed, description: 'How much there is.' }
      )
    },
    { ...closed, description: 'The registry in short.' }
  )
)

export const rootRoutes: FastifyPluginAsyncTypebox<Context & { catalogue: Catalogue }> = async (
  app,
  { config, catalogue, vocabularies }
) => {
  app.addSchema(Root)
  const at = (path: string) => `${config.PUBLIC_URL}${path}`
  const [, active, retired] = CODES.status

  app.get(
    '/',
    {
      config: { access: 'reader' },
      // No path of the registry ends with a slash.
      prefixTrailingSlash: 'no-slash',
      schema: {
        operationId: 'getRegistry',
        summary: 'See what this is',
        description: 'Where a client starts: version, licences, addresses of the parts, and how much there is.',
        tags: ['registry'],
        response: { 200: { description: 'Name, version, links and counts.', content: { 'application/json': { schema: ref(Root) } } } },
        'x-example': {}
      }
    },
    async () => {
      await catalogue.level()
      const withStatus = (status: string) => catalogue.index.with('status', status).size()
      return {
        name: PACKAGE.name,
        version: PACKAGE.version,
        licence: PACKAGE.license,
        dataLicence: 'CC0-1.0',
        links: {
          self: at('/v1'),
          openapi: at('/openapi.json'),
          docs: at('/docs'),
          measures: at('/v1/measures'),
          readiness: at('/v1/readiness'),
          readinessRules: at('/v1/readiness-rules'),
          gaps: at('/v1/gaps'),
          gapMap: at('/v1/gap-map'),
          exercises: at('/v1/exercises'),
          vocabularies: at('/v1/vocabularies'),
          changes: at('/v1/changes'),
          importTemplate: at('/v1/imports/template.csv'),
          problems: at('/problems')
        },
        counts: {
          measures: withStatus(active),
          retired: withStatus(retired),
          vocabularies: vocabularies.names().length,
          changes: catalogue.seq
        }
      }
    }
  )
}
