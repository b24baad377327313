/** Everything about exercises: prepared, voted on, counted, published. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { oneExerciseRoutes } from './exercise.routes.ts'
import { EXERCISE_PARTS } from './exercise.schema.ts'
import { exerciseHistoryRoutes } from './history.routes.ts'
import { exerciseLifeRoutes } from './life.routes.ts'
import { exerciseListRoutes } from './list.routes.ts'
import { MISSING_SCHEMAS } from './missing/missing.schema.ts'
import { outcomeRoutes } from './outcome/outcome.routes.ts'
import { priorityRoutes } from './outcome/priority.routes.ts'
import { Priorities, Priority } from './outcome/priority.schema.ts'
import { PublishedOutcomes } from './outcome/published.ts'
import { METHOD_REPORT_SCHEMAS } from './report/method-report.schema.ts'
import { EXERCISE_REQUEST_SCHEMAS } from './requests.schema.ts'
import { CountedRounds } from './results/counted-rounds.ts'
import { resultRoutes } from './results/results.routes.ts'
import { RESULT_SCHEMAS } from './results/results.schema.ts'
import { ballotRoutes } from './voting/ballot.routes.ts'
import { BALLOT_SCHEMAS } from './voting/ballot.schema.ts'
import { invitationRoutes } from './voting/invitation.routes.ts'
import { paperRoutes } from './voting/paper.routes.ts'
import { PAPER_SCHEMAS } from './voting/paper.schema.ts'
import { turnoutRoutes } from './voting/turnout.routes.ts'
import { VOTER_SCHEMAS } from './voting/voter.schema.ts'

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
