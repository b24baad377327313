/**
 * Scores by criteria, as the Child Health and Nutrition Research Initiative has them (CHNRI: Rudan et al., Croatian Medical Journal
 * 2008;49:720-733): for each criterion yes (1), perhaps (0.5), no (0), or no answer, which counts nowhere.
 */

/** How many answered what, of one item and one criterion. */
export interface Answers {
  readonly no: number
  readonly perhaps: number
  readonly yes: number
}

export interface CriteriaScore {
  /** By criterion, from 0 to 1; null where nobody answered. */
  readonly scores: (number | null)[]
  /** The weighted mean of those, from 0 to 1. */
  readonly total: number | null
}

/** How many answered. */
export const countAnswers = ({ no, perhaps, yes }: Answers) => no + perhaps + yes

/** The score of one criterion: the sum of answers over their number; null without any. */
export function scoreOfCriterion(answers: Answers): number | null {
  const n = countAnswers(answers)
  return n > 0 ? (answers.yes + answers.perhaps / 2) / n : null
}

/**
 * The scores of one item. Weights, 1 each unless told, are made to sum to 1 over the criteria that someone answered; where all of
 * these weigh nothing, there is no total.
 */
export function scoreCriteria(answers: readonly Answers[], weights: readonly number[] = answers.map(() => 1)): CriteriaScore {
  const scores = answers.map(scoreOfCriterion)
  let sum = 0
  let weight = 0
  for (const [i, score] of scores.entries()) {
    if (score === null) continue
    sum += weights[i]! * score
    weight += weights[i]!
  }
  return { scores, total: weight > 0 ? sum / weight : null }
}

/**
 * Average expert agreement: the mean, over the criteria that someone answered, of the share who gave the most frequent answer among
 * those who answered; null without answers. It says how far experts are of one mind, not whether they like the item.
 */
export function averageExpertAgreement(answers: readonly Answers[]): number | null {
  const shares = answers
    .filter((each) => countAnswers(each) > 0)
    .map((each) => Math.max(each.no, each.perhaps, each.yes) / countAnswers(each))
  return shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : null
}
