/** What voters said of themselves in the optional form, as far as it may be shown: each question by itself, under the rule of small numbers. Pure. */
import { hiddenAmong } from '../small-numbers/hiding.ts'
import type { MissingVoicesInput, TickCount } from './findings.ts'

interface Ticked {
  readonly question: 'level' | 'country'
  readonly code: string
  readonly count: number
}

/** The form as findings need it. Of levels every one is told, of countries those that were named. */
export function formOf(
  counts: readonly Ticked[],
  filledIn: number,
  levels: readonly string[],
  k: number
): NonNullable<MissingVoicesInput['form']> {
  const of = (question: Ticked['question'], codes: readonly string[]) =>
    shown(
      codes.map((code) => ({ code, n: counts.find((each) => each.question === question && each.code === code)?.count ?? 0 })),
      k
    )
  const countries = counts.filter(({ question }) => question === 'country').map(({ code }) => code)
  return { filledIn: filledIn > 0 && filledIn < k ? null : filledIn, levels: of('level', levels), countries: of('country', countries) }
}

function shown(counts: readonly { readonly code: string; readonly n: number }[], k: number): TickCount[] {
  const hidden = hiddenAmong(
    counts.map(({ n }) => n),
    k
  )
  return counts.map(({ code, n }, i) => ({ code, n: (hidden === 'all' && n > 0) || (hidden !== 'all' && hidden.has(i)) ? null : n }))
}
