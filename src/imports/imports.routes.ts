/** Everything under `/v1/imports`. */
import type { FastifyInstance } from 'fastify'
import { IMPORT_SCHEMAS } from './import.schema.ts'
import type { ImportDeps } from './importing.ts'
import { reportRoutes } from './report.routes.ts'
import { sourceRoutes } from './source.routes.ts'
import { templateRoutes } from './template.routes.ts'
import { uploadRoutes } from './upload.routes.ts'

export async function importRoutes(app: FastifyInstance, deps: ImportDeps): Promise<void> {
  for (const schema of IMPORT_SCHEMAS) app.addSchema(schema)
  await app.register(uploadRoutes, deps)
  await app.register(reportRoutes, deps)
  await app.register(templateRoutes, deps)
  await app.register(sourceRoutes, deps)
}
