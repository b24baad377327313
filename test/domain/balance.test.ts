/** The balance of a set: counts from the index, what follows from them, and its sentences in five languages. */
import fc from 'fast-check'
import { IntlMessageFormat } from 'intl-messageformat'
import t from 'tap'
import { balanceWordings } from '../../src/measures/balance.sentences.ts'
import texts from '../../src/measures/balance.texts.json' with { type: 'json' }
import { BALANCE_LISTS, type BalanceList, balanceOf, type Finding, findingsIn, LIST_NAMES } from '../../src/measures/balance.ts'
import type { Codes } from '../../src/measures/measure.filters.ts'
import { MeasureIndex } from '../../src/measures/measure.index.ts'
import { Numbers } from '../../src/measures/postings.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { LABEL_LANGUAGES, type LabelLanguage } from '../../src/vocabularies/vocabulary.schema.ts'

type Coded = Partial<Record<BalanceList, readonly string[]>> & { readonly status?: string; readonly has?: readonly string[] }

/** An index of measures with these codes; a field with codes is one that the record has. */
function indexOf(measures: readonly Coded[]): MeasureIndex {
  const index = new MeasureIndex()
  index.load(
    measures.map(({ status = 'active', has = [], ...lists }, i) => {
      const said = LIST_NAMES.filter((list) => lists[list]?.length).map((list) => BALANCE_LISTS[list].field as string)
      const codes: Codes = { ...lists, status: [status], has: [...new Set([...said, ...has])] }
      return { no: i + 1, measureId: `m${i + 1}`, titleKey: `m${i + 1}`, updatedAt: '2026-11-24', priority: '', codes }
    })
  )
  return index
}
const balance = (measures: readonly Coded[]) => {
  const index = indexOf(measures)
  return balanceOf(index, index.all())
}
const times = (n: number, coded: Coded): Coded[] => Array.from({ length: n }, () => coded)

const wording = balanceWordings(await loadVocabularies())
const say = (measures: readonly Coded[], language: LabelLanguage = 'en') => wording(language).say(findingsIn(balance(measures)))
const wordsIn = (text: string) => text.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu)?.length ?? 0

t.test('counts', async (t) => {
  const index = indexOf([
    { level: ['clinical', 'professional'], stratifier: ['age'] },
    { level: ['clinical'], has: ['stratifiers'], status: 'retired' },
    { status: 'draft', strategy: ['7'] },
    { level: ['organisational'] }
  ])
  const { total, retired, drafts, lists } = balanceOf(index, new Numbers([1, 2, 3]))
  t.same({ total, retired, drafts }, { total: 3, retired: 1, drafts: 1 })
  t.same(lists.level, {
    counts: [
      { code: 'organisational', count: 0 },
      { code: 'professional', count: 1 },
      { code: 'clinical', count: 2 }
    ],
    none: 1,
    unsaid: 1
  })
  t.match(lists.stratifier, { none: 2, unsaid: 1 }, 'a record may say that there is no split')
  for (const list of LIST_NAMES)
    t.same(
      lists[list].counts.map(({ code }) => code),
      CODES[BALANCE_LISTS[list].vocabulary],
      `${list}: every code, in the order of the vocabulary`
    )
})

t.test('sentences', async (t) => {
  t.same(say([]), ['The set is empty: no measure fits.'])
  const clinical = { level: ['clinical'], strategy: ['1', '2', '4', '6'], perspective: ['professional', 'system'] }
  const set = [...times(14, clinical), { ...clinical, level: ['professional'] }]
  t.same(
    say(
      set.map((coded, i) => ({
        ...coded,
        has: ['stratifiers'],
        ...(i < 2 ? { stratifier: ['socioeconomic', 'migration', 'religion'] } : {}),
        status: i === 0 ? 'retired' : 'active'
      }))
    ),
    [
      'The set has 15 measures.',
      '1 of them is retired.',
      'Of 15 measures, 14 look at the clinical level and 1 at the professional level.',
      'None looks at the organisational level.',
      'The levels are one-sided: more than three quarters of the measures look at the clinical level.',
      'No record says which dimension the measure belongs to.',
      'Nothing for strategies 3, 5 and 7.',
      'No record says which aim the measure serves.',
      'Nothing from the perspective of patients and families.',
      'No record says what the measure is about.',
      '2 of 15 can be split by socioeconomic status, 2 by migration.',
      'No record says that results can be split by age, gender and sex, language, disability or place of residence.'
    ]
  )
})

t.test('what the records do not say is not held against the set', async (t) => {
  const sentences = say([{ level: ['clinical'], perspective: ['system'] }, {}, { strategy: ['1', '2', '3', '4', '5', '6'] }])
  t.ok(sentences.includes('As far as the records say, none looks at the organisational level or at the professional level.'))
  t.ok(sentences.includes('Nothing is recorded for strategy 7.'))
  t.ok(sentences.includes('2 records do not say which level the measure looks at.'))
  t.ok(sentences.includes('No record says how results can be split.'))
  t.same(
    sentences.filter((sentence) => /can be split by|one-sided|Nothing for|None/.test(sentence)),
    []
  )
})

t.test('one-sided', async (t) => {
  const side = (...measures: Coded[][]) => findingsIn(balance(measures.flat())).filter(({ kind }) => kind === 'one-sided')
  const clinical: Finding = { kind: 'one-sided', list: 'level', code: 'clinical' }
  const both = { level: ['clinical', 'professional'] }
  t.same(side(times(3, { level: ['clinical'] }), [{ level: ['professional'] }]), [], 'three quarters are not more than three quarters')
  t.same(side(times(4, { level: ['clinical'] }), [{ level: ['professional'] }]), [clinical])
  t.same(side(times(2, both), times(2, { level: ['clinical'] })), [clinical], 'half of them on another level as well')
  t.same(side(times(3, both), times(2, { level: ['clinical'] })), [], 'more than half')
  t.same(side(times(3, { level: ['clinical'] }), times(2, {})), [], 'those that do not say belong to the set')
  t.same(side([{ level: ['clinical'] }]), [], 'one measure leans to no side')
  t.same(side(times(2, { perspective: ['patient-family'] })), [{ kind: 'one-sided', list: 'perspective', code: 'patient-family' }])
  t.same(side(times(2, { aim: ['cost'] })), [], 'other lists are told by what is absent')
})

t.test('ethnicity and migration stand for each other', async (t) => {
  const absent = (codes: string[]) =>
    findingsIn(balance([{ stratifier: codes }])).flatMap((each) => (each.kind === 'absent' && each.list === 'stratifier' ? each.codes : []))
  const others = ['age', 'gender-sex', 'socioeconomic', 'language', 'disability', 'place']
  t.same(absent([...others, 'migration']), [])
  t.same(absent([...others, 'ethnicity-culture']), [])
  t.same(absent(others), ['ethnicity-culture', 'migration'])
  t.same(absent(['religion']).length, 8)
})

t.test('texts of the five languages', async (t) => {
  const shapeOf = (value: unknown): unknown =>
    typeof value === 'string' ? 'text' : Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, shapeOf(each)]))
  t.same(Object.keys(texts), LABEL_LANGUAGES)
  for (const language of LABEL_LANGUAGES) {
    t.same(shapeOf(texts[language]), shapeOf(texts.en), language)
    for (const text of Object.values(texts[language].sentences)) t.ok(new IntlMessageFormat(text, language).getAst().length > 0)
    const { terms } = texts[language]
    t.same(Object.keys(terms.level), CODES.level)
    t.same(Object.keys(terms.perspective), CODES.perspective)
    t.same(Object.keys(terms.what), LIST_NAMES)
  }
  const set = [...times(4, { level: ['clinical'], perspective: ['patient-family'] }), { strategy: ['1'], stratifier: ['place', 'age'] }]
  const found = (language: LabelLanguage) => say(set, language)
  t.match(found('nl').join(' '), 'Van 5 maten kijken er 4 naar het klinische niveau.')
  t.match(found('nl').join(' '), 'Niets vastgelegd vanuit het perspectief van zorgverleners of van het systeem.')
  t.match(found('fr').join(' '), 'Sur 5 mesures, 4 portent sur le niveau clinique.')
  t.match(found('fr').join(' '), '1 sur 5 se ventile par lieu de résidence, 1 par âge.')
  t.match(found('de').join(' '), 'Nichts erfasst für die Strategien 2, 3, 4, 5, 6 und 7.')
  t.match(found('de').join(' '), '1 von 5 lässt sich nach „Wohnort“ aufschlüsseln, 1 nach „Alter“.')
  t.match(found('es').join(' '), 'De 5 medidas, 4 tratan del nivel clínico.')
  t.match(found('es').join(' '), '4 fichas no dicen cómo desglosar los resultados.')
})

t.test('whatever the set: whole sentences of at most 20 words, and only what is true', async (t) => {
  const some = (list: BalanceList) => fc.subarray([...CODES[BALANCE_LISTS[list].vocabulary]] as string[])
  const coded = fc.record(Object.fromEntries(LIST_NAMES.map((list) => [list, some(list)]))) as unknown as fc.Arbitrary<Coded>
  const holds = (measures: Coded[]) => {
    const counted = balance(measures)
    for (const list of LIST_NAMES) {
      const { counts, none, unsaid } = counted.lists[list]
      const carry = (code: string) => measures.filter((each) => each[list]?.includes(code)).length
      if (counts.some(({ code, count }) => count !== carry(code))) return false
      if (none !== measures.filter((each) => !each[list]?.length).length || unsaid !== none) return false
    }
    for (const finding of findingsIn(counted)) {
      if (finding.kind !== 'absent') continue
      if (finding.codes.some((code) => measures.some((each) => each[finding.list]?.includes(code)))) return false
    }
    return LABEL_LANGUAGES.every((language) =>
      say(measures, language).every(
        (sentence) => /^[\p{Lu}\d].*[^ ]\.$/u.test(sentence) && !/[{}]|undefined/.test(sentence) && wordsIn(sentence) <= 20
      )
    )
  }
  fc.assert(fc.property(fc.array(coded, { maxLength: 8 }), holds), { numRuns: 150 })
  for (const list of LIST_NAMES)
    for (const code of CODES[BALANCE_LISTS[list].vocabulary]) t.ok(holds([{ [list]: [code] }, { [list]: [code] }]), `${list} ${code}`)
})
