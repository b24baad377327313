/** For whom a measure is not ready, and on what a verdict rests, on every engine. */
import t from 'tap'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { byRow, type Patch, putMeasures, readerOf, SENTENCE } from './made.ts'

const nl = (validation: NonNullable<Patch['languages']>[number]['validation'], code = 'nl'): Patch => ({
  languages: [{ code, validation }]
})
const splits = (availability: NonNullable<Patch['stratifiers']>[number]['availability']): Patch => ({
  stratifiers: [{ dimension: 'religion', availability }]
})
/** What comes out of records asks nobody. */
const RECORDS: Patch = { instrument: undefined, languages: undefined, dataSources: [{ kind: 'ehr' }] }

const known = (people: object) => ({ ...people, certainty: 'known' })
const unknown = (people: object) => ({ ...people, certainty: 'unknown' })
const PEOPLE: readonly (readonly [patch: Patch, query: string, people: object[]])[] = [
  [{}, '', []],
  [nl('validated'), 'language=nl,fr,tr', [known({ language: 'fr' }), known({ language: 'tr' })]],
  [nl('machine'), 'language=nl', [known({ language: 'nl' })]],
  [nl('unknown'), 'language=nl', [unknown({ language: 'nl' })]],
  [{ languages: undefined }, 'language=nl&jurisdiction=NL', [unknown({ language: 'nl' })]],
  [nl('translated'), 'language=nl&horizonDays=0', [known({ language: 'nl' })]],
  [nl('validated', 'nl-NL'), 'jurisdiction=BE', [known({ language: 'fr' }), known({ language: 'de' })]],
  [nl('validated'), 'jurisdiction=BE&language=fr-BE', [known({ language: 'fr-BE' }), known({ language: 'de' })]],
  [nl('validated'), 'jurisdiction=NL,BE', [known({ language: 'fy' }), known({ language: 'fr' }), known({ language: 'de' })]],
  [RECORDS, 'jurisdiction=BE', []],
  [{ excludes: [{ dimension: 'homelessness', note: 'People without an address.' }] }, '', [known({ dimension: 'homelessness' })]],
  [splits('unavailable'), '', [known({ dimension: 'religion' })]],
  [splits('unavailable'), 'stratifier=religion', [known({ dimension: 'religion' })]],
  [splits('unknown'), '', []],
  [{}, 'stratifier=age,religion', [unknown({ dimension: 'religion' })]],
  [{}, 'forPopulation=adults,children,older-adults', [known({ population: 'children' })]],
  [{}, 'forPopulation=children', [known({ population: 'children' })]],
  [{ populations: undefined }, 'forPopulation=children', []],
  [{ populations: ['general'] }, 'forPopulation=children,professionals', [known({ population: 'professionals' })]]
]

type Entries = readonly (readonly [status: 'seen' | 'unverified' | 'classified', ...fields: string[]])[]
const BASES: readonly (readonly [entries: Entries, basis: string])[] = [
  [[], 'unverified'],
  [[['seen', 'languages']], 'documented'],
  [[['unverified', 'languages']], 'unverified'],
  [[['classified', 'languages']], 'unverified'],
  [
    [
      ['seen', 'languages'],
      ['unverified', 'languages.nl']
    ],
    'unverified'
  ],
  [
    [
      ['unverified', 'languages'],
      ['seen', 'languages.nl']
    ],
    'documented'
  ],
  [
    [
      ['unverified', 'languages'],
      ['seen', 'languages']
    ],
    'documented'
  ],
  [
    [
      ['seen', 'languages.nl', 'instrument'],
      ['unverified', 'languages.fr']
    ],
    'documented'
  ],
  [
    [
      ['seen', 'languages'],
      ['unverified', 'languages']
    ],
    'documented'
  ],
  [[['seen', 'languages.fr']], 'unverified'],
  [[['seen', 'language']], 'unverified']
]

const provenance = (entries: Entries) => entries.map(([status, ...fields]) => ({ fields, status }))

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(registry.close)
    const read = readerOf(registry)
    const bases = BASES.map(([entries]) => [{ ...nl('validated'), provenance: provenance(entries) }] as const)
    await putMeasures(registry, { ...byRow('people', PEOPLE), ...byRow('basis', bases) })

    await t.test('for whom it is not ready', async (t) => {
      for (const [i, [patch, query, people]] of PEOPLE.entries()) {
        const { notReadyFor } = await read(`people-${i}`, query)
        const name = `${JSON.stringify(patch)} ${query}`
        t.strictSame(
          notReadyFor.map(({ because: _, ...rest }) => rest),
          people,
          name
        )
        for (const { because } of notReadyFor) t.match(because, SENTENCE, name)
      }
    })

    await t.test('what a verdict rests on', async (t) => {
      for (const [i, [entries, basis]] of BASES.entries()) {
        const { gates } = await read(`basis-${i}`, 'language=nl')
        t.equal(gates.find(({ gate }) => gate === 'language')!['basis'], basis, JSON.stringify(entries))
      }
    })
  })
}
