/** What a request asks of readiness, checked: the context, with what was saved of it, and the part of the catalogue. */

import { closest } from 'fastest-levenshtein'
import type { Context } from '../context.ts'
import { findContext } from '../contexts/contexts.queries.ts'
import type { Actor } from '../http/access.ts'
import { problem } from '../http/problems.ts'
import { guardDrafts, seesDrafts } from '../measures/drafts.access.ts'
import { checkedClauses } from '../measures/list.check.ts'
import type { Question } from '../measures/selected.ts'
import { literalsOf } from '../measures/selection.ts'
import { contextOf } from './context.check.ts'
import type { ReadinessContext } from './context.schema.ts'
import type { Asked } from './gate.ts'
import { asked } from './readiness.ts'
import { filterParameter } from './requests.schema.ts'
import { VERDICTS, type Verdict } from './verdict.ts'

type Query = Readonly<Record<string, unknown>>
type Deps = Pick<Context, 'store' | 'clock' | 'vocabularies'>

/** The context that a request states, beside the saved one that it names. */
export async function readContext(query: Query, deps: Deps): Promise<Asked> {
  const stated = contextOf(query, deps.vocabularies)
  const saved = query['context'] === undefined ? {} : (await savedContext(String(query['context']), 'context', deps)).context
  return withToday({ ...saved, ...stated }, deps)
}

/** A saved context that a parameter names. */
export async function readSaved(id: string, parameter: string, deps: Deps): Promise<{ id: string; name: string; context: Asked }> {
  const { name, context } = await savedContext(id, parameter, deps)
  return { id, name, context: withToday(context, deps) }
}

async function savedContext(id: string, parameter: string, { store }: Deps) {
  const found = await store.read((db) => findContext(db, id))
  if (found) return found
  const detail = `There is no saved context "${id}": it was never there, or it was deleted.`
  throw problem('not-found', detail, { errors: [{ parameter, detail }] })
}

const withToday = (context: ReadinessContext, { clock }: Deps) => asked(context, clock.now().toISOString().slice(0, 10))

/** The part of the catalogue that a request asks about. */
export function readQuestion(query: Query, actor: Actor | undefined, { vocabularies }: Deps): Question {
  const clauses = checkedClauses(query, vocabularies, filterParameter)
  guardDrafts(actor, clauses)
  const { q, updatedSince } = query as { q?: string; updatedSince?: string }
  return {
    clauses,
    ...(q === undefined ? {} : { q }),
    updatedSince: updatedSince && new Date(updatedSince).toISOString(),
    hidesDrafts: !seesDrafts(actor)
  }
}

/** The verdicts to keep; all of them where nobody says. */
export function readVerdicts(values: readonly string[] | undefined): Verdict[] {
  if (!values) return [...VERDICTS]
  // Comma is or, repetition is and: a measure has one verdict, so that two have to overlap.
  return values.reduce(
    (kept, value) => {
      const literals = literalsOf(value)
      const unknown = literals.find(({ code }) => !(VERDICTS as readonly string[]).includes(code))
      if (unknown) {
        const nearest = closest(unknown.code.slice(0, 200), VERDICTS as readonly string[])
        const detail = `"${unknown.code}" is not a verdict. Did you mean "${nearest}"?`
        throw problem('unknown-code', detail, { errors: [{ parameter: 'verdict', detail, nearest }] })
      }
      return kept.filter((verdict) => literals.some(({ code, negated }) => (code === verdict) !== negated))
    },
    [...VERDICTS]
  )
}
