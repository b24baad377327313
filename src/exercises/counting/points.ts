/** Sums of points that voters give: dots, points for places of a short list, the nominal group technique. */

/** What one voter gives to which items; items left out get nothing. */
export type Given = Iterable<readonly [item: number, points: number]>

/** Adds what a voter gives, or `count` voters who give the same, to the totals by item. */
export function addPoints(totals: Float64Array, given: Given, count = 1): void {
  for (const [item, points] of given) totals[item]! += count * points
}
