import fc from 'fast-check'
import t from 'tap'
import { questionOf, readCursor, writeCursor } from '../../src/http/cursor.ts'
import { csvHeading, csvLines, safeText } from '../../src/http/spreadsheet.ts'
import { canonicalJson, tagOf } from '../../src/json/canonical.ts'
import { fold, MAX_QUERY_WORDS, queryOf, stemOf, termsOf, wordsOf } from '../../src/search/terms.ts'

t.test('case and accents do not matter', async (t) => {
  t.equal(fold('Überleitungs-CAFÉ Łódź Straße'), 'uberleitungs-cafe lodz strasse')
  t.same(wordsOf('Follow-up (30 days), "PQI 01"'), ['follow', 'up', '30', 'days', 'pqi', '01'])
})

t.test('languages without blanks are cut into words', async (t) => {
  t.ok(wordsOf('照护协调').length > 1)
})

t.test('stems are those of the language of the text', async (t) => {
  t.equal(stemOf('coordination', 'en'), 'en~coordin')
  t.equal(stemOf('coordinated', 'en'), stemOf('coordination', 'en'))
  t.equal(stemOf('ziekenhuizen', 'nl-BE'), stemOf('ziekenhuizen', 'nl'))
  t.equal(stemOf('слово', 'ru'), undefined)
  t.equal(termsOf([{ text: 'Measures, measures!', language: 'en' }]), 'measures en~measur')
})

t.test('a query asks for every telling word', async (t) => {
  const words = (text: string) => queryOf(text).map(([first]) => first?.term)
  t.same(words('the quality of life'), ['quality', 'life'])
  t.same(words('of the'), ['of', 'the'], 'nothing but common words is still a question')
  t.same(words('" * ( NEAR ) ^ - : OR'), ['near'])
  t.same(words('\u0000%_'), [])
  t.equal(queryOf('ab').at(0)?.at(0)?.prefix, false, 'two letters begin too many words')
  t.equal(queryOf(Array.from({ length: 90 }, (_, i) => `word${i}`).join(' ')).length, MAX_QUERY_WORDS)
})

t.test('whatever is typed, terms hold letters, digits and the mark of a stem', async () => {
  const fine = /^[\p{L}\p{N}~]+$/u
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      queryOf(text)
        .flat()
        .every(({ term }) => fine.test(term))
    )
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      termsOf([{ text, language: 'en' }])
        .split(' ')
        .every((term) => term === '' || fine.test(term))
    )
  )
})

t.test('cursors belong to their question and survive anything', async (t) => {
  const question = questionOf({ type: ['a'], q: 'x', limit: 3 }, ['limit'])
  t.equal(question, questionOf({ q: 'x', type: ['a'], limit: 9 }, ['limit']))
  const position = { key: 'ä"', no: 7, tier: 2 }
  t.same(readCursor(question, writeCursor(question, position)), { position })
  t.same(readCursor('other', writeCursor(question, position)), { error: 'cursor-of-another-query' })
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (cursor) => 'error' in readCursor(question, cursor)))
  for (const value of [null, [], [1, 2, 3, 4], [question, 0, 'k', 1.5], { a: 1 }]) {
    t.same(readCursor(question, Buffer.from(JSON.stringify(value)).toString('base64url')), { error: 'invalid-cursor' })
  }
})

t.test('no cell of a spreadsheet starts a formula or turns into a date', async (t) => {
  for (const risky of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', "'x", '3-17', '12/05', '2024-01-02', '007', '1e5', '123456789012']) {
    t.equal(safeText(risky), `'${risky}`, risky)
  }
  for (const plain of ['a=b', '3 to 17', 'percent', 'PQI 01', '12', '10.1186/1472-6963-8-182']) t.equal(safeText(plain), plain, plain)
  const columns = [
    { name: 'a', cell: ({ a }: { a: string }) => a },
    { name: 'n', cell: () => -5 }
  ]
  t.equal(csvHeading(columns), '\uFEFFa,n\r\n')
  t.equal(csvLines(columns, [{ a: '=1,"2"\n' }]), '"\'=1,""2""\n",-5\r\n', 'numbers stay numbers')
})

t.test('canonical JSON', async (t) => {
  t.equal(canonicalJson({ b: [undefined, null, { z: 1, a: 2 }], a: undefined, c: 'é' }), '{"b":[null,null,{"a":2,"z":1}],"c":"é"}')
  t.match(tagOf('x'), /^[\w-]{16}$/)
})
