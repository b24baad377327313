/** Methods, rules and definitions in English, each with its source. Pure. */
import type { Protocol, Round } from '../exercise.schema.ts'
import { wordsIn } from '../wording.ts'
import { counted, listed } from './telling.ts'

type Words<Code extends string> = Readonly<Record<Code, string>>

export const METHOD_NAMES: Words<Round['method']> = {
  'rating-1-9': 'rating from 1 to 9',
  'top-n': 'a ranked top',
  approval: 'approval',
  dots: 'dots',
  criteria: 'criteria',
  'rank-all': 'a full ranking'
}

const METHOD_SOURCES: Words<Round['method']> = {
  'rating-1-9':
    'RAND/UCLA Appropriateness Method, Fitch et al., RAND MR-1269, 2001; COMET Handbook, Williamson et al., Trials 2017;18(S3):280',
  'top-n': 'James Lind Alliance Guidebook',
  approval: 'approval voting, Brams and Fishburn 1978',
  dots: 'dot voting',
  criteria: 'CHNRI, Rudan et al., Croat Med J 2008;49:720-33',
  'rank-all': 'Borda and Schulze, side by side'
}

/** What voters could answer in a round, with its options. */
export function answersOf({ method, options }: Pick<Round, 'method' | 'options'>, language: string): string {
  const { top, max, dots, maxPerItem, criteria = [], strength, unranked, base } = options
  switch (method) {
    case 'rating-1-9':
      return 'Each item could be given a score from 1 to 9 (1 to 3 not important, 4 to 6 important but not critical, 7 to 9 critical), "unable to score", or no answer.'
    case 'top-n':
      return `Voters named up to ${counted(top ?? 10, 'item')}, the most important first.`
    case 'approval':
      return `Voters marked the items that should go on${max === undefined ? '' : `, ${max} at most`}.`
    case 'dots':
      return `Voters spread ${counted(dots ?? 10, 'dot')} over the items${maxPerItem === undefined ? '' : `, ${maxPerItem} at most on one`}.`
    case 'criteria': {
      const named = criteria.map(
        ({ code, label, weight = 1 }) => `${label === undefined ? code : wordsIn(label, 'en', language)} (weight ${weight})`
      )
      return `Each item was judged by each criterion: yes (1), in part (0.5), no (0), or not known. Criteria: ${listed(named)}.`
    }
    case 'rank-all':
      return `Voters put the items in order; ties were allowed. Links of Schulze are counted by ${strength ?? 'winning'} votes, items that were not ranked are ${unranked === 'zero' ? 'given no points' : 'tied last'}, and Borda points begin with ${base ?? 0}.`
  }
}

export const sourceOf = (method: Round['method']): string => METHOD_SOURCES[method]

/** How answers become a score, by method. */
export const SCORES: Words<Round['method']> = {
  'rating-1-9': 'the share of scores 7 to 9 among those who scored the item, then the median',
  'top-n': 'the mean of points per voter, from as many as a list is long for the first place down to one for the last',
  approval: 'the share of voters who approved',
  dots: 'the mean of dots per voter',
  criteria: 'the weighted mean of the criteria, answers "not known" left out',
  'rank-all': 'the mean of Borda points per voter'
}

export const ORDERS: Words<Protocol['order']> = {
  pooled: 'all voters together, each counted once',
  'equal-voice': 'equal voice: the mean of the scores of the groups, each weighed by min(1, n / 5)',
  jla: 'the places in each group, turned into points and added up (James Lind Alliance, interim priority setting)',
  borda: 'Borda points of all voters, added up'
}

export const CONSENSUS: Readonly<Record<Protocol['consensus'], { readonly rule: string; readonly source: string }>> = {
  'cos-stad': {
    rule: 'in where 70 % or more of the scores are 7 to 9; the rule has no "out"',
    source: 'COS-STAD, Kirkham et al., PLoS Med 2017;14:e1002447'
  },
  'comet-70-15': {
    rule: 'in where 70 % or more of the scores are 7 to 9 and fewer than 15 % are 1 to 3; out where 50 % or fewer are 7 to 9',
    source: 'COMET Handbook, and COSMIN and COMET, Prinsen et al., Trials 2016;17:449'
  },
  ram: {
    rule: 'in where the median is in the upper third of the scale, out where it is in the lower third, in both cases without disagreement; there is disagreement where the interpercentile range is larger than the same adjusted for symmetry',
    source: "RAND/UCLA Appropriateness Method User's Manual, Fitch et al., RAND MR-1269, 2001, chapter 8"
  },
  pqm: {
    rule: 'in where 75 % or more of the scores are 7 to 9, or 70 % of fewer than 20 voters; to be reconsidered from 60 % up to that',
    source: 'Endorsement and Maintenance Guidebook, Partnership for Quality Measurement'
  }
}

export const CARRY_ON: Words<Round['carryOn']> = {
  all: 'every item of the round before is voted on again',
  'not-out': 'items that the groups agreed to leave out are not voted on again',
  undecided: 'only items that the groups agreed neither to keep nor to leave out are voted on again',
  shortlisted: 'only the short list of the round before is voted on again'
}
