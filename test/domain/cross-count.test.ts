/** Counting what rows and columns have in common, against intersections of the sets. */
import fc from 'fast-check'
import t from 'tap'
import { CrossCount } from '../../src/gaps/map/cross-count.ts'
import { stateOf } from '../../src/gaps/map/gap-map.ts'
import { Numbers } from '../../src/measures/postings.ts'

const set = fc.uniqueArray(fc.nat(300), { maxLength: 40 })

t.test('it counts as intersections do, for more columns than a number has bits as well', async (t) => {
  fc.assert(
    fc.property(fc.array(set, { maxLength: 8 }), fc.array(set, { maxLength: 80 }), (rows, columns) => {
      const [ofRows, ofColumns] = [rows.map((row) => new Numbers(row)), columns.map((column) => new Numbers(column))]
      const expected = ofRows.map((row) => ofColumns.map((column) => row.intersection_size(column)))
      return JSON.stringify(new CrossCount(ofColumns).of(ofRows)) === JSON.stringify(expected)
    }),
    { numRuns: 300 }
  )
  t.same(new CrossCount([]).of([new Numbers([1])]), [[]])
  t.same(new CrossCount([new Numbers()]).of([new Numbers([1_000_000])]), [[0]], 'numbers that no column has')
})

t.test('states of a cell', async (t) => {
  const rows = [
    [0, 0, 'absolute-gap'],
    [4, 0, 'usable-gap'],
    [4, 1, 'thin'],
    [4, 2, 'thin'],
    [4, 3, 'covered']
  ] as const
  for (const [measures, ready, state] of rows) t.equal(stateOf({ measures, ready }), state)
})
