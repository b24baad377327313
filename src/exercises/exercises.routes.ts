/** Everything about exercises: prepared, voted on, counted, published. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { ballotRoutes } from './ballot.routes.ts'
import { BALLOT_SCHEMAS } from './ballot.schema.ts'
import { CountedRounds } from './counted-rounds.ts'
import { oneExerciseRoutes } from './exercise.routes.ts'
import { EXERCISE_PARTS } from './exercise.schema.ts'
import { exerciseHistoryRoutes } from './history.routes.ts'
import { invitationRoutes } from './invitation.routes.ts'
import { exerciseLifeRoutes } from './life.routes.ts'
import { exerciseListRoutes } from './list.routes.ts'
import { MISSING_SCHEMAS } from './missing/missing.schema.ts'
import { Priorities, Priority } from './outcome/priority.schema.ts'
import { PublishedOutcomes } from './outcome/published.ts'
import { outcomeRoutes } from './outcome.routes.ts'
import { paperRoutes } from './paper.routes.ts'
import { PAPER_SCHEMAS } from './paper.schema.ts'
import { priorityRoutes } from './priority.routes.ts'
import { METHOD_REPORT_SCHEMAS } from './report/method-report.schema.ts'
import { EXERCISE_REQUEST_SCHEMAS } from './requests.schema.ts'
import { RESULT_SCHEMAS } from './results/results.schema.ts'
import { resultRoutes } from './results.routes.ts'
import { turnoutRoutes } from './turnout.routes.ts'
import { VOTER_SCHEMAS } from './voter.schema.ts'

export async function exerciseRoutes(app: FastifyInstance, context: Context): Promise<void> {
  const parts = [
    EXERCISE_PARTS,
    BALLOT_SCHEMAS,
    EXERCISE_REQUEST_SCHEMAS,
    VOTER_SCHEMAS,
    PAPER_SCHEMAS,
    RESULT_SCHEMAS,
    MISSING_SCHEMAS,
    METHOD_REPORT_SCHEMAS,
    [Priority, Priorities]
  ]
  for (const schema of parts.flat()) app.addSchema(schema)
  const deps = { ...context, counted: new CountedRounds(context.store), published: new PublishedOutcomes(context.store) }
  for (const routes of [
    exerciseListRoutes,
    oneExerciseRoutes,
    exerciseLifeRoutes,
    invitationRoutes,
    ballotRoutes,
    turnoutRoutes,
    paperRoutes,
    resultRoutes,
    outcomeRoutes,
    exerciseHistoryRoutes,
    priorityRoutes
  ])
    await app.register(routes, deps)
}
