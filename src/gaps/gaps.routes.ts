/** Everything about gaps but their map: lists, reports, one gap and its life, the rules. */
import type { FastifyInstance } from 'fastify'
import { oneGapRoutes } from './gap.routes.ts'
import { GAP_PARTS } from './gap.schema.ts'
import type { GapDeps } from './gaps.deps.ts'
import { gapListRoutes } from './list.routes.ts'
import { gapReportRoutes } from './report.routes.ts'
import { GAP_REQUEST_SCHEMAS } from './requests.schema.ts'
import { gapRulesRoutes } from './rules.routes.ts'
import { GAP_RULE_SCHEMAS } from './rules.schema.ts'

export async function gapRoutes(app: FastifyInstance, deps: GapDeps): Promise<void> {
  for (const schema of [...GAP_PARTS, ...GAP_REQUEST_SCHEMAS, ...GAP_RULE_SCHEMAS]) app.addSchema(schema)
  await app.register(gapListRoutes, deps)
  await app.register(gapReportRoutes, deps)
  await app.register(oneGapRoutes, deps)
  await app.register(gapRulesRoutes, deps)
}
