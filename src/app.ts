/** The application as a function of what it depends on. Who may do what stands with each route, as `access`. */
import Fastify, { type FastifyInstance } from 'fastify'
import { keyRoutes } from './access/keys.routes.ts'
import { changeRoutes } from './changes/changes.routes.ts'
import type { Context } from './context.ts'
import { contextRoutes } from './contexts/contexts.routes.ts'
import { exerciseRoutes } from './exercises/exercises.routes.ts'
import { fhirRoutes } from './fhir/fhir.routes.ts'
import { GapCatalogue } from './gaps/gap.catalogue.ts'
import { gapRoutes } from './gaps/gaps.routes.ts'
import { gapMapRoutes } from './gaps/map/gap-map.routes.ts'
import { plumbing, serverOptions } from './http/plumbing.ts'
import { implementationRoutes } from './implementations/implementations.routes.ts'
import { importRoutes } from './imports/imports.routes.ts'
import { Catalogue } from './measures/catalogue.ts'
import { measureRoutes } from './measures/measures.routes.ts'
import { Assessor } from './readiness/assessor.ts'
import { readinessRoutes } from './readiness/readiness.routes.ts'
import { rootRoutes } from './root/root.routes.ts'
import { vocabularyRoutes } from './vocabularies/vocabularies.routes.ts'

/** Builds the server; nothing listens yet. The catalogue's index is made before it resolves. */
export async function buildApp(context: Context): Promise<FastifyInstance> {
  const catalogue = new Catalogue(context.store)
  await catalogue.level()
  const assessor = new Assessor(context.store, catalogue)
  const gaps = new GapCatalogue(context.store)
  const app = Fastify(serverOptions(context))
  await plumbing(app, context)
  await app.register(
    async (v1) => {
      await v1.register(rootRoutes, { ...context, catalogue })
      await v1.register(vocabularyRoutes, context)
      await v1.register(measureRoutes, { ...context, catalogue })
      await v1.register(implementationRoutes, context)
      await v1.register(contextRoutes, context)
      await v1.register(readinessRoutes, { ...context, catalogue, assessor })
      await v1.register(gapRoutes, { ...context, catalogue, gaps })
      await v1.register(gapMapRoutes, { ...context, catalogue, assessor, gaps })
      await v1.register(exerciseRoutes, context)
      await v1.register(importRoutes, { ...context, catalogue })
      await v1.register(changeRoutes, context)
      await v1.register(keyRoutes, context)
    },
    { prefix: '/v1' }
  )
  await app.register(fhirRoutes, { ...context, prefix: '/fhir' })
  leadOn(app, context.config.PUBLIC_URL)
  await app.ready()
  return app
}

/** Addresses that people and canonical urls use lead to the API. */
function leadOn(app: FastifyInstance, publicUrl: string): void {
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect(`${publicUrl}/docs`, 302))
  app.get<{ Params: { id: string } }>('/measures/:id', { schema: { hide: true } }, async ({ params }, reply) =>
    reply.redirect(`${publicUrl}/v1/measures/${encodeURIComponent(params.id)}`, 303)
  )
}
