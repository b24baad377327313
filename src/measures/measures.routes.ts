/** Everything under `/v1/measures`. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { balanceRoutes } from './balance.routes.ts'
import { BALANCE_SCHEMAS } from './balance.schema.ts'
import type { Catalogue } from './catalogue.ts'
import { draftRoutes } from './draft.routes.ts'
import { listRoutes } from './list.routes.ts'
import { MEASURE_SCHEMAS } from './measure.schema.ts'
import { readRoutes } from './read.routes.ts'
import { REQUEST_SCHEMAS } from './requests.schema.ts'

export interface MeasureDeps extends Context {
  readonly catalogue: Catalogue
}

export async function measureRoutes(app: FastifyInstance, deps: MeasureDeps): Promise<void> {
  for (const schema of [...MEASURE_SCHEMAS, ...REQUEST_SCHEMAS, ...BALANCE_SCHEMAS]) app.addSchema(schema)
  await app.register(listRoutes, deps)
  await app.register(balanceRoutes, deps)
  await app.register(readRoutes, deps)
  await app.register(draftRoutes, deps)
}
