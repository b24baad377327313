/** What searches find, on every engine alike. */
import t from 'tap'
import type { TextQuery } from '../../db/store.ts'
import { insertMeasureRow, putDocument } from '../../src/measures/measure.queries.ts'
import { composeMeasure } from '../../src/measures/measure.ts'
import { queryOf } from '../../src/search/terms.ts'
import { engines } from '../engines.ts'

const at = '2026-01-02T03:04:05.678Z'
const row = (id: string) => ({ id, createdAt: at, createdBy: 'test' })
const document = (id: string, title: string) =>
  composeMeasure({ title }, { id, publicUrl: 'https://registry.example', status: 'active', createdAt: at, updatedAt: at })
const anyOf = (...terms: string[]) =>
  terms.map((term) => (term.endsWith('*') ? { term: term.slice(0, -1), prefix: true } : { term, prefix: false }))

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const { store, done } = await engine.open()
    t.teardown(done)

    await t.test('full text: words, stems, beginnings, titles apart; replaced and removed', async (t) => {
      const texts: [string, string][] = [
        ['t-1', 'Coordination of care'],
        ['t-2', 'Überleitung after discharge'],
        ['t-3', 'Care plans for carers']
      ]
      const numbers = await store.write([], async (tx) => {
        const stored: number[] = []
        for (const [id, title] of texts) {
          await insertMeasureRow(tx, row(id))
          stored.push(
            (
              await putDocument(
                tx,
                'published',
                { ...document(id, title), description: 'Something about hospitals' },
                { authorId: null, sourceNo: null }
              )
            ).no
          )
        }
        return stored
      })
      const match = (text: string, scope: 'title' | 'any' = 'any', after = 0, limit = 10) =>
        store.read((db) => db.d.matchText(db, queryOf(text), scope, after, limit))
      t.same(await match('coordinated'), [numbers[0]])
      t.same(await match('uberleit'), [numbers[1]])
      t.same(await match('CARE'), [numbers[0], numbers[2]])
      t.same(await match('care carer'), [numbers[2]], 'every word has to be found')
      t.same(await match('hospital'), numbers)
      t.same(await match('hospital', 'title'), [])
      t.same(await match('hospital', 'any', numbers[0], 1), [numbers[1]], 'goes on after a number')
      t.same(await match('"*('), [])
      await store.write([], (tx) => putDocument(tx, 'published', document('t-1', 'Something else'), { authorId: null, sourceNo: null }))
      t.same(await match('coordination'), [], 'replaced')
      await store.write([], (tx) => tx.d.unindexText(tx, numbers[2]!))
      t.same(await match('carers'), [], 'removed')
    })

    const index = (no: number, title: string, rest: string) => store.write([], (tx) => tx.d.indexText(tx, no, { title, rest }))
    const found = (query: TextQuery, scope: 'title' | 'any' = 'any', after = 0, limit = 100) =>
      store.read((db) => db.d.matchText(db, query, scope, after, limit))

    await t.test('every group has to be found, any alternative of a group will do', async (t) => {
      await index(101, 'alpha beta', 'gamma')
      await index(102, 'alpha', 'beta delta')
      await index(103, 'alphabet', 'gamma gamma')
      t.same(await found([anyOf('alpha')]), [101, 102])
      t.same(await found([anyOf('alpha*')]), [101, 102, 103])
      t.same(await found([anyOf('alpha*'), anyOf('gamma', 'delta')]), [101, 102, 103])
      t.same(await found([anyOf('beta'), anyOf('alpha')]), [101, 102])
      t.same(await found([anyOf('beta'), anyOf('alpha')], 'title'), [101], 'each of them in the title')
      t.same(await found([anyOf('gamma*', 'alphab*')], 'title'), [103])
      t.same(await found([anyOf('alpha*')], 'any', 101, 1), [102])
      t.same(await found([]), [], 'nothing asked, nothing found')
      t.same(await found([anyOf('alpha'), []]), [], 'a group without alternatives is never found')
    })

    await t.test('stems, digits and letters of every script are found as they were stored', async (t) => {
      const terms = ['en~coordin', 'a~', '2026', '１２', '²', 'ⅷ', 'ß', 'ασ', 'ა', '०', '協調', 'تنسيق', 'ꭰ', '\u{1E922}\u{1E923}']
      for (const [i, term] of terms.entries()) await index(200 + i, '', `other ${term} words`)
      for (const [i, term] of terms.entries()) {
        t.ok((await found([anyOf(term)])).includes(200 + i), term)
        t.same(await found([anyOf('nowhere'), anyOf(term)]), [], `${term}, and a word that is nowhere`)
      }
    })

    await t.test('nothing but terms reaches the language of an engine', async (t) => {
      const refused = /character that terms never have/
      for (const term of ["x' | 'y", 'x"', 'x*', 'x:A', 'title:x', '(', 'x y', '\\', 'x\0', '', '-', 'NEAR(x)', 'e\u0301']) {
        await t.rejects(found([anyOf('alpha'), [{ term, prefix: false }]]), refused, JSON.stringify(term))
        if (!/^[^ ]*$/.test(term) || term === '') continue
        await t.rejects(index(300, term, ''), refused, `${JSON.stringify(term)} in a title`)
        await t.rejects(index(300, '', `alpha ${term}`), refused, `${JSON.stringify(term)} elsewhere`)
      }
      t.same(await found([anyOf('OR', 'NOT', 'AND')]), [], 'words of the language are words')
    })

    await t.test('terms that do not fit an index are left out', async (t) => {
      const fits = 'x'.repeat(200)
      await index(400, `${fits} ${'y'.repeat(201)}`, 'z'.repeat(5_000))
      t.same(await found([anyOf(fits)]), [400])
      t.same(await found([anyOf('y'.repeat(201))]), [])
      t.same(await found([anyOf('z'.repeat(5_000))]), [])
      t.same(await found([anyOf('z'.repeat(5_000), 'x*')]), [400], 'one of the alternatives fits')
      await index(401, '', '')
      await index(400, '  ', ' double  blanks ')
      t.same(await found([anyOf('blanks')]), [400])
    })
  })
}
