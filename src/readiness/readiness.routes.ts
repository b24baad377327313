/** Everything about readiness: one measure, the catalogue, the rules, what would unlock most, two contexts side by side. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import type { Assessor } from './assessor.ts'
import { catalogueReadinessRoutes } from './catalogue.routes.ts'
import { compareRoutes } from './compare.routes.ts'
import { measureReadinessRoutes } from './measure.routes.ts'
import type { ReadinessDeps } from './readiness.deps.ts'
import { READINESS_SCHEMAS } from './readiness.schema.ts'
import { rulesRoutes } from './rules.routes.ts'
import { wordings } from './sentences.ts'
import { unlocksRoutes } from './unlocks.routes.ts'
import { UNLOCK_SCHEMAS } from './unlocks.schema.ts'

export async function readinessRoutes(
  app: FastifyInstance,
  context: Context & { catalogue: Catalogue; assessor: Assessor }
): Promise<void> {
  for (const schema of [...READINESS_SCHEMAS, ...UNLOCK_SCHEMAS]) app.addSchema(schema)
  const deps: ReadinessDeps = {
    ...context,
    wording: wordings(context.vocabularies)
  }
  await app.register(measureReadinessRoutes, deps)
  await app.register(catalogueReadinessRoutes, deps)
  await app.register(unlocksRoutes, deps)
  await app.register(compareRoutes, deps)
  await app.register(rulesRoutes, deps)
}
