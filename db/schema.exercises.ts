import type { Kit } from './kit.ts'

/**
 * The tables of exercises. What keeps ballots secret is what they lack: the electorate has no ballot, ballots have no voter, no code, no
 * time and no number, and no table has both a ballot and a receipt. In SQLite the tables that voters write are `WITHOUT ROWID`, so that not
 * even the order of their rows tells when they came.
 */
export function defineExercises(k: Kit) {
  const exercises = k.table(
    'exercises',
    {
      no: k.serialKey('no'),
      id: k.text('id').notNull(),
      state: k.oneOf('state', ['draft', 'open', 'between-rounds', 'closed', 'published', 'void']).notNull(),
      tag: k.text('tag').notNull(),
      json: k.text('json').notNull(),
      /** What the organiser wrote, as JSON: what a draft is made of. */
      plan: k.text('plan').notNull(),
      /** What keys of ballots are made with, in hexadecimal; null before the first round, and from publication on. */
      secret: k.text('secret'),
      updatedAt: k.instant('updated_at').notNull()
    },
    (t) => [k.uniqueIndex('exercises_id_key').on(t.id), k.index('exercises_state_idx').on(t.state, t.no)]
  )

  /** Who may vote: of each code its SHA-256 and its group. */
  const electorate = k.table(
    'electorate',
    { exerciseId: k.text('exercise_id').notNull(), codeHash: k.text('code_hash').notNull(), group: k.text('group_code').notNull() },
    (t) => [k.primaryKey({ columns: [t.exerciseId, t.codeHash] })]
  )

  /** What was voted. The key is an HMAC of the code that nobody can make again once the secret is gone. */
  const ballots = k.table(
    'ballots',
    {
      exerciseId: k.text('exercise_id').notNull(),
      round: k.int('round').notNull(),
      key: k.text('key').notNull(),
      group: k.text('group_code').notNull(),
      ballot: k.text('ballot').notNull()
    },
    (t) => [k.primaryKey({ columns: [t.exerciseId, t.round, t.key] }), k.index('ballots_group_idx').on(t.exerciseId, t.round, t.group)]
  )

  /** That ballots are in: receipts, which are made from the same code in another way. */
  const receipts = k.table(
    'receipts',
    { exerciseId: k.text('exercise_id').notNull(), round: k.int('round').notNull(), receipt: k.text('receipt').notNull() },
    (t) => [k.primaryKey({ columns: [t.exerciseId, t.round, t.receipt] })]
  )

  /** Who has filled in the form on themselves: marks, made in a third way. What they said is counted elsewhere. */
  const formMarks = k.table('form_marks', { exerciseId: k.text('exercise_id').notNull(), mark: k.text('mark').notNull() }, (t) => [
    k.primaryKey({ columns: [t.exerciseId, t.mark] })
  ])

  /** How often each answer to the form was given, each question for itself. */
  const formCounts = k.table(
    'form_counts',
    {
      exerciseId: k.text('exercise_id').notNull(),
      question: k.oneOf('question', ['level', 'country']).notNull(),
      code: k.text('code').notNull(),
      count: k.int('count').notNull()
    },
    (t) => [k.primaryKey({ columns: [t.exerciseId, t.question, t.code] })]
  )

  /** Ballots on paper, typed in by one person and to be compared by another. Afterwards only how many there were is kept. */
  const paperBatches = k.table(
    'paper_batches',
    {
      id: k.text('id').primaryKey(),
      exerciseId: k.text('exercise_id').notNull(),
      round: k.int('round').notNull(),
      group: k.text('group_code').notNull(),
      state: k.oneOf('state', ['waiting', 'confirmed', 'discarded']).notNull(),
      count: k.int('count').notNull(),
      /** How many of them came on cards without a code. */
      withoutCode: k.int('without_code').notNull(),
      /** The ballots while they wait; null afterwards. */
      ballots: k.text('ballots'),
      enteredById: k.text('entered_by_id').notNull(),
      enteredBy: k.text('entered_by').notNull(),
      enteredAt: k.instant('entered_at').notNull(),
      settledBy: k.text('settled_by'),
      settledAt: k.instant('settled_at'),
      reason: k.text('reason')
    },
    (t) => [k.index('paper_batches_exercise_idx').on(t.exerciseId, t.enteredAt, t.id)]
  )

  /** What was published: never updated, never deleted. */
  const outcomes = k.table('outcomes', {
    exerciseId: k.text('exercise_id').primaryKey(),
    publishedAt: k.instant('published_at').notNull(),
    /** SHA-256 of the canonical JSON of the outcome. */
    hash: k.text('hash').notNull(),
    json: k.text('json').notNull()
  })

  /** What published outcomes say of measures and gaps: a dated fact for each exercise that they took part in. */
  const priorities = k.table(
    'priorities',
    {
      kind: k.oneOf('kind', ['measure', 'gap']).notNull(),
      id: k.text('id').notNull(),
      exerciseId: k.text('exercise_id').notNull(),
      publishedAt: k.instant('published_at').notNull(),
      /** Sorts by priority: the greater, the higher. */
      weight: k.text('weight').notNull(),
      json: k.text('json').notNull()
    },
    (t) => [k.primaryKey({ columns: [t.kind, t.id, t.exerciseId] })]
  )

  return { exercises, electorate, ballots, receipts, formMarks, formCounts, paperBatches, outcomes, priorities }
}
