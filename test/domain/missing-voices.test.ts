/** Who is missing: representation, the funnel, findings, and suggestions in five languages. */
import fc from 'fast-check'
import { IntlMessageFormat } from 'intl-messageformat'
import t from 'tap'
import { type Finding, type MissingVoicesInput, missingVoices, type Suggestion } from '../../src/exercises/missing/findings.ts'
import { funnelOf } from '../../src/exercises/missing/funnel.ts'
import { type GroupVotes, participationStatus, representationOf, seatsShort } from '../../src/exercises/missing/representation.ts'
import { type OwnNames, suggestionWordings } from '../../src/exercises/missing/sentences.ts'
import de from '../../src/exercises/missing/texts/de.json' with { type: 'json' }
import en from '../../src/exercises/missing/texts/en.json' with { type: 'json' }
import es from '../../src/exercises/missing/texts/es.json' with { type: 'json' }
import fr from '../../src/exercises/missing/texts/fr.json' with { type: 'json' }
import nl from '../../src/exercises/missing/texts/nl.json' with { type: 'json' }
import { DEFAULT_KIN, partitionOf, smallestVoters, type Voters } from '../../src/exercises/small-numbers/partition.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { LABEL_LANGUAGES } from '../../src/vocabularies/vocabulary.schema.ts'
import vectors from '../vectors/participation.json' with { type: 'json' }

const K = 5
const voters = (counts: Readonly<Record<string, number>>): Voters[] => Object.entries(counts).map(([group, n]) => ({ group, n }))

/** Groups as `code: [n, target]`; all are required, and fifty of each were invited. */
const invited = (groups: Readonly<Record<string, readonly [number, number]>>): GroupVotes[] =>
  Object.entries(groups).map(([code, [n, target]]) => ({ code, target, required: true, invited: 50, n }))
const represent = (groups: readonly GroupVotes[], k = K) =>
  representationOf({
    groups,
    partition: partitionOf(
      groups.map(({ code, n }) => ({ group: code, n })),
      k,
      DEFAULT_KIN
    )
  })
const group = (code: string, groups: readonly GroupVotes[], k = K) => represent(groups, k).groups.find((each) => each.code === code)!

t.test('participation ratios: the derived case, with nothing hidden', async (t) => {
  const { input, expected } = vectors.derived.find(({ id }) => id === 'ppr')!
  const ballots = Object.entries(input.ballots) as [keyof typeof input.target, number][]
  const { groups, effectiveGroups } = represent(
    ballots.map(([code, n]) => ({ code, target: input.target[code], required: false, invited: n, n })),
    1
  )
  for (const { code, ratio } of groups) t.ok(Math.abs(ratio! - expected.PPR[code as keyof typeof input.target]) < 1e-12, code)
  t.ok(Math.abs(effectiveGroups! - expected.effectiveGroups) < 1e-12)
})

t.test('participation ratios: published cases', async (t) => {
  const { cases, tolerance } = vectors.publishedPPR
  for (const { area, enrolled, women, targetShare, ppr } of cases)
    targetShare.forEach((target, at) => {
      const { ratio } = group('women', invited({ women: [women, target], men: [enrolled - women, 1 - target] }))
      t.ok(Math.abs(ratio! - ppr[at]!) <= tolerance, `${area}: ${ratio}`)
    })
})

t.test('0.8 to 1.2 is proportional', async (t) => {
  t.equal(participationStatus(8, 100, 0.1), 'proportional')
  t.equal(participationStatus(12, 100, 0.1), 'proportional')
  t.equal(participationStatus(79, 1_000, 0.1), 'under')
  t.equal(participationStatus(121, 1_000, 0.1), 'over')
  t.equal(participationStatus(0, 100, 0.1), 'absent')
  t.equal(participationStatus(0, 100, 0), 'proportional', 'nobody was aimed for')
  t.equal(participationStatus(1, 100, 0), 'over')
  t.equal(participationStatus(24, 100, 0.1 + 0.2), 'proportional', 'quotients that are not exact')
})

t.test('seats short', async (t) => {
  t.equal(seatsShort(0, 40, 1 / 3), 20)
  t.equal(seatsShort(3, 49, 0.1 + 0.2), 17)
  t.equal(seatsShort(20, 40, 1 / 3), 0)
  t.equal(seatsShort(0, 0, 0.5), 1)
  t.equal(seatsShort(0, 9, 0), 0)
  t.equal(seatsShort(3, 9, 1), null, 'others voted: never')
  t.equal(seatsShort(9, 9, 1), 0)
  const anyCase = fc
    .record({ q: fc.integer({ min: 2, max: 60 }), others: fc.integer({ min: 0, max: 5_000 }), n: fc.integer({ min: 0, max: 5_000 }) })
    .chain((each) =>
      fc.record({
        ...each,
        p: fc.integer({ min: 0, max: each.q - 1 }),
        q: fc.constant(each.q),
        others: fc.constant(each.others),
        n: fc.constant(each.n)
      })
    )
  fc.assert(
    fc.property(anyCase, ({ p, q, n, others }) => {
      const short = seatsShort(n, n + others, p / q)!
      const reaches = (more: number) => (p === 0 ? true : n + others + more > 0 && q * (n + more) >= p * (n + others + more))
      return reaches(short) && (short === 0 || !reaches(short - 1))
    })
  )
})

const HIDDEN = invited({ 'lived-experience': [3, 1 / 3], professionals: [40, 1 / 3], policymakers: [9, 1 / 3] })

t.test('groups that are not shown', async (t) => {
  const { total, complete, missingRequired, groups, cells, effectiveGroups } = represent(HIDDEN)
  t.equal(total, 52)
  t.equal(complete, false)
  t.same(missingRequired, ['lived-experience', 'policymakers'])
  t.match(groups, [
    // Of 12 together, each has 11 at most: at least ten more are needed.
    { code: 'lived-experience', n: null, share: null, ratio: null, status: 'under', seatsShort: 10, invited: 50 },
    { code: 'professionals', n: 40, share: 40 / 52, status: 'over', seatsShort: 0 },
    { code: 'policymakers', n: null, share: null, ratio: null, status: 'under', seatsShort: 10 }
  ])
  t.equal(cells.length, 3)
  t.ok(Math.abs(effectiveGroups! - 52 ** 2 / (40 ** 2 + 12 ** 2)) < 1e-12, 'withheld groups count as one')

  const few = represent(HIDDEN.map((each) => (each.code === 'lived-experience' ? { ...each, invited: 4 } : each)))
  t.match(few.groups[0], { status: 'under', seatsShort: 20 }, 'no more voted than were invited')

  const merged = represent(invited({ policymakers: [3, 0.2], managers: [4, 0.2], professionals: [40, 0.5], carers: [0, 0.1] }))
  t.same(merged.missingRequired, ['carers'], 'merged counts as present')
  t.match(merged.cells, [
    { code: 'policymakers+managers', n: 7, target: 0.4, share: 7 / 47, status: 'under', seatsShort: 20 },
    { code: 'professionals', n: 40 },
    { code: 'carers', n: 0, share: 0, ratio: 0, status: 'absent', seatsShort: 6 }
  ])
  t.match(merged.groups[0], { n: null, ratio: null, status: 'under', seatsShort: 5, together: ['managers'] })

  const tiny = represent(invited({ carers: [2, 0.5], professionals: [0, 0.5] }))
  t.match(tiny, {
    total: null,
    effectiveGroups: null,
    groups: [
      { status: 'withheld', seatsShort: null },
      { status: 'absent', seatsShort: null }
    ]
  })
  t.match(represent(invited({ carers: [0, 1] })), {
    total: 0,
    effectiveGroups: null,
    groups: [{ status: 'absent', seatsShort: 1, share: null }]
  })
  t.equal(
    represent([{ code: 'carers', target: 0, required: true, invited: 0, n: 0 }, ...HIDDEN]).groups[0]!.status,
    'absent',
    'required, without a target'
  )
})

const anyN = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }) })
const anyInvited = fc.shuffledSubarray([...CODES['gap-group']], { minLength: 1 }).chain((codes) =>
  fc.tuple(
    ...codes.map((code) =>
      fc.record({
        code: fc.constant(code),
        n: anyN,
        target: fc.constant(1 / codes.length),
        required: fc.boolean(),
        invited: fc.constant(60)
      })
    )
  )
)

t.test('hidden numbers change nothing that is said', async (t) => {
  fc.assert(
    fc.property(anyInvited, fc.nat(), (groups, seed) => {
      const partition = partitionOf(
        groups.map(({ code, n }) => ({ group: code, n })),
        K,
        DEFAULT_KIN
      )
      const pools = [...partition.cells.filter(({ withheld }) => !withheld), ...(partition.rest ? [partition.rest] : [])]
      // One voter goes from one group of a pool to another.
      const moved = pools.reduce<GroupVotes[]>((all, pool) => {
        const from = all.filter(({ code, n }) => pool.groups.includes(code) && n > 1)[0]
        const to = all.filter(({ code, n }) => pool.groups.includes(code) && n > 0 && n < 60 && code !== from?.code).at(-(1 + (seed % 2)))
        return from && to ? all.map((each) => ({ ...each, n: each.n + (each === to ? 1 : each === from ? -1 : 0) })) : all
      }, groups)
      t.strictSame(representationOf({ groups: moved, partition }), representationOf({ groups, partition }))
    }),
    { numRuns: 60 }
  )
})

t.test('the funnel', async (t) => {
  const invitedFirst = voters({ a: 15, b: 40, c: 5, d: 9 })
  const rounds = [voters({ a: 12, b: 20, c: 3, d: 6 }), voters({ a: 11, b: 9, c: 3, d: 6 }), voters({ a: 7, b: 0, c: 0, d: 6 })]
  const rows = funnelOf({
    invited: voters({ a: 18, b: 40, c: 5, d: 9 }),
    invitedFirst,
    rounds,
    partition: partitionOf(smallestVoters(rounds), K, [])
  })
  t.same(rows, [
    { code: 'a', groups: ['a'], invited: 18, voted: [12, 11, 7], retention: [12 / 15, 11 / 12, 7 / 11] },
    { code: 'b', groups: ['b'], invited: 40, voted: [20, 9, 0], retention: [0.5, 9 / 20, 0] },
    { code: 'c', groups: ['c'], invited: 5, voted: [null, null, null], retention: [null, null, null] },
    { code: 'd', groups: ['d'], invited: 9, voted: [null, null, null], retention: [null, null, null] }
  ])
  const anyRounds = fc
    .shuffledSubarray([...CODES['gap-group']], { minLength: 1 })
    .chain((codes) =>
      fc.array(fc.tuple(...codes.map((code) => fc.record({ group: fc.constant(code), n: anyN }))), { minLength: 1, maxLength: 4 })
    )
  fc.assert(
    fc.property(anyRounds, fc.integer({ min: 3, max: 8 }), (rounds, k) => {
      const rows = funnelOf({ invited: [], invitedFirst: [], rounds, partition: partitionOf(smallestVoters(rounds), k, DEFAULT_KIN) })
      return rows.every(({ voted }) => {
        return voted.every((n) => n === null || n === 0 || n >= k)
      })
    })
  )
})

const input = (groups: readonly GroupVotes[], more: Partial<MissingVoicesInput> = {}): MissingVoicesInput => ({
  k: K,
  representation: represent(groups),
  funnel: [],
  items: [],
  ...more
})
const EVEN = invited({ carers: [12, 0.3], professionals: [15, 0.4], managers: [13, 0.3] })

t.test('a finding for every group', async (t) => {
  const found = (groups: readonly GroupVotes[]) => missingVoices(input(groups)).findings
  t.match(found(EVEN), [
    { level: 'group', who: 'carers', status: 'proportional', required: true, suggestion: { key: 'group.proportional' } },
    { who: 'professionals' },
    { who: 'managers' }
  ])
  t.equal(found(EVEN).length, 3)
  t.match(found(HIDDEN), [
    {
      who: 'lived-experience',
      n: null,
      status: 'under',
      suggestion: { key: 'group.under.at-least', values: { group: 'lived-experience', count: 10 } }
    },
    { who: 'professionals', n: 40, status: 'over', suggestion: { key: 'group.over' } },
    { who: 'policymakers' }
  ])
  const merged = found(invited({ policymakers: [3, 0.1], managers: [14, 0.1], professionals: [80, 0.5], carers: [0, 0.3] }))
  t.match(merged, [
    { who: 'policymakers', status: 'withheld', suggestion: { key: 'group.together', values: { with: 'managers' } } },
    { who: 'managers', status: 'withheld' },
    { who: 'professionals', status: 'over' },
    { who: 'carers', status: 'absent', n: 0, seatsShort: 42, suggestion: { key: 'group.absent', values: { count: 42, required: 'yes' } } },
    { who: 'policymakers+managers', status: 'proportional', n: 17 },
    { level: 'exercise', who: 'all', status: 'few-groups', suggestion: { values: { effective: 1.4, groups: 4 } } }
  ])
  t.match(found(invited({ carers: [20, 1], managers: [20, 0] })), [
    { status: 'under', seatsShort: null, suggestion: { key: 'group.under.some' } },
    { status: 'over' }
  ])
  t.match(found(invited({ carers: [2, 0.5], managers: [0, 0.5] })), [
    { status: 'withheld', suggestion: { key: 'group.withheld' } },
    { status: 'absent', suggestion: { key: 'group.absent.some' } },
    { level: 'exercise', status: 'withheld' }
  ])
})

t.test('findings on rounds, items and the form', async (t) => {
  const others = (more: Partial<MissingVoicesInput>) => missingVoices(input(EVEN, more)).findings.slice(EVEN.length)
  const row = (voted: (number | null)[], retention: (number | null)[]) => ({
    code: 'carers',
    groups: ['carers'],
    invited: 50,
    voted,
    retention
  })

  t.match(others({ funnel: [row([18, 12, 12, 0], [0.36, 12 / 18, 1, 0])] }), [
    {
      level: 'round',
      who: 'carers',
      status: 'drop-out',
      n: 12,
      share: 12 / 18,
      suggestion: { key: 'round.drop-out', values: { before: 1, round: 2, percent: 33 } }
    },
    { n: 0, suggestion: { key: 'round.drop-out.all', values: { round: 4 } } }
  ])
  t.same(
    others({ funnel: [row([18, 13], [0.1, 13 / 18]), row([null, null], [null, null])] }),
    [],
    'less than a third, and what is not known'
  )

  const item = (n: number | null, unable: number | null, cell = 'carers') => ({ item: 'i1', cell, n, unable })
  t.match(others({ items: [item(15, 5), item(9, 3), item(null, null)] }), [
    { level: 'item', who: 'carers', item: 'i1', status: 'could-not-score', n: 15, share: 0.25, suggestion: { key: 'item.unable' } },
    { n: 9, share: null },
    { n: null, suggestion: { key: 'item.withheld' } }
  ])
  t.same(others({ items: [item(16, 5), item(0, 0), item(null, null, 'elsewhere')] }), [])

  const levels = [
    { code: 'clinical', n: 20 },
    { code: 'professional', n: null },
    { code: 'organisational', n: 0 }
  ]
  const countries = [
    { code: 'NL', n: 60 },
    { code: 'PT', n: 5 }
  ]
  t.match(others({ form: { filledIn: 20, levels, countries: [] } }), [
    { level: 'care-level', who: 'professional', status: 'withheld', n: null },
    { level: 'care-level', who: 'organisational', status: 'absent', n: 0 }
  ])
  t.match(others({ form: { filledIn: 65, levels: [], countries } }), [{ level: 'country', who: 'PT', status: 'under', n: 5 }])
  for (const filledIn of [19, 0, null])
    t.match(others({ form: { filledIn, levels, countries } }), [
      { level: 'care-level', who: 'all', status: 'unknown' },
      { level: 'country', who: 'all', status: 'unknown' }
    ])
})

const TEXTS = { en, nl, fr, de, es }
const MOST_WORDS = 20
const wordsIn = (text: string) => text.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu)?.length ?? 0
const wording = suggestionWordings(await loadVocabularies())
const NAMES: OwnNames = {
  group: (code) => (code === 'youth' ? 'Youth council' : undefined),
  item: (id) => (id === 'i1' ? 'Oslo' : undefined)
}
const say = (suggestion: Suggestion, language: (typeof LABEL_LANGUAGES)[number] = 'en') => wording(language).say(suggestion, NAMES)

t.test('suggestions in words', async (t) => {
  const { findings } = missingVoices(input(HIDDEN))
  t.equal(
    say(findings[0]!.suggestion),
    'This group has less voice than planned. Invite at least 10 more people with lived experience, for example through patient organisations and peer groups.'
  )
  t.equal(
    say({ key: 'group.absent', values: { group: 'carers', count: 1, required: 'yes' } }, 'de'),
    'Aus dieser Gruppe kam keine Stimme. Laden Sie 1 pflegende Angehörige ein, zum Beispiel über Vereine pflegender Angehöriger. Ohne sie gibt es keinen Konsens.'
  )
  t.equal(
    say({ key: 'group.under', values: { group: 'youth', count: 3 } }),
    'This group has less voice than planned. Invite 3 more people from “Youth council”, for example through people whom they trust.'
  )
  t.equal(
    say({ key: 'group.together', values: { group: 'policymakers', with: 'managers' } }, 'nl'),
    'Er stemden te weinig mensen om beleidsmakers los te tonen van managers. Nodig meer beleidsmakers uit, bijvoorbeeld via ministeries, gemeenten en verzekeraars.'
  )
  t.match(say({ key: 'country.absent', values: { code: 'PT' } }, 'fr'), 'Portugal')
  t.match(say({ key: 'care-level.few', values: { code: 'clinical' } }, 'es'), 'nivel clínico')
  t.match(say({ key: 'group.proportional', values: { group: 'policymakers+youth' } }), 'policymakers and Youth council')
  t.match(say({ key: 'item.unable', values: { group: 'constructor', item: 'i2' } }), /constructor could not score “i2”/)
})

t.test('every suggestion, in every language, for every group', async (t) => {
  const keys = Object.keys(en.sentences) as Suggestion['key'][]
  const groups = [...CODES['gap-group'], 'youth', 'policymakers+managers']
  for (const language of LABEL_LANGUAGES) {
    const texts = TEXTS[language]
    for (const part of ['people', 'through', 'sentences'] as const)
      t.strictSame(Object.keys(texts[part]), Object.keys(en[part]), `${language}: ${part}`)
    const faulty = groups.flatMap((code) =>
      keys.flatMap((key) =>
        [1, 12].flatMap((count) => {
          const text = say(
            {
              key,
              values: {
                group: code,
                with: 'carers',
                count,
                required: 'yes',
                item: 'i1',
                code: 'PT',
                before: 1,
                round: 2,
                percent: 40,
                effective: 1.5,
                groups: 4
              }
            },
            language
          )
          const isLong = text.split(/(?<=[.?!])\s+/).some((sentence) => wordsIn(sentence) > MOST_WORDS)
          const isOdd = /[{}#']|undefined|^\s|\s$|\s\s/.test(text) || (language === 'fr' && /[^\u202f][:;?!](\s|$)/.test(text))
          return isLong || isOdd ? [text] : []
        })
      )
    )
    t.strictSame(faulty, [], language)
    const argumentsOf = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort()
    const known = [
      'people',
      'through',
      'name',
      'others',
      'item',
      'level',
      'country',
      'count',
      'required',
      'before',
      'round',
      'percent',
      'effective',
      'groups'
    ]
    for (const key of keys) {
      const used = argumentsOf(texts.sentences[key]).filter((name) => known.includes(name!))
      t.strictSame(
        used,
        argumentsOf(en.sentences[key]).filter((name) => known.includes(name!)),
        `${language}: ${key}`
      )
      t.doesNotThrow(() => new IntlMessageFormat(texts.sentences[key], language))
    }
  }
})

t.test('every finding has a suggestion that can be said', async (t) => {
  fc.assert(
    fc.property(anyInvited, (groups) => {
      const { findings } = missingVoices(input(groups))
      t.strictSame(
        findings.slice(0, groups.length).map(({ who }: Finding) => who),
        groups.map(({ code }) => code)
      )
      return findings.every(({ suggestion }) => !/[{}]|undefined|null/.test(say(suggestion)))
    }),
    { numRuns: 60 }
  )
})
