/**
 * Vocabularies: what the registry answers, and the form of the files they are loaded from.
 * Terms are those of SKOS (concept, label, definition, broader) and of HL7 FHIR (coding: system, code, display).
 */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref, wholeList } from '../component.ts'

/** The languages in which every concept has a label. English comes first: it is the one to fall back to. */
export const LABEL_LANGUAGES = ['en', 'nl', 'fr', 'de', 'es'] as const
export type LabelLanguage = (typeof LABEL_LANGUAGES)[number]

const strict = { additionalProperties: false }
const text = (description: string) => Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S', description })
const uri = (description: string) => Type.String({ format: 'uri', maxLength: 2_000, description })
const name = () => Type.String({ pattern: '^[a-z][a-z-]*$', description: 'The name of the vocabulary, as used in addresses.' })
const code = (description: string) => Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]*$', maxLength: 80, description })
const version = () => Type.String({ pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$', description: 'Semantic version of the vocabulary.' })
const description = () => text('What the vocabulary is for, in English.')
const definition = () => text('What the concept means, in English.')
const broader = () => code('The code of the wider concept in the same vocabulary.')

const source = () =>
  Type.Object(
    { title: text('The document, framework or organisation.'), url: Type.Optional(uri('Where to read it.')) },
    { ...strict, description: 'Where the concepts come from.' }
  )
const coding = () =>
  Type.Object(
    {
      system: uri('The URI of the code system, as HL7 FHIR spells it.'),
      code: text('The code in that system.'),
      display: Type.Optional(text('What that system calls it.'))
    },
    { ...strict, description: 'The same concept in another code system.' }
  )
const valueSystem = () =>
  Type.Object(
    { system: uri('The URI of the code system.'), title: text('What it is called.') },
    { ...strict, description: 'The code system that values of an equity dimension are taken from.' }
  )
const perLanguage = <S>(of: () => S) => Object.fromEntries(LABEL_LANGUAGES.map((language) => [language, of()])) as Record<LabelLanguage, S>

export const VocabularySource = component('VocabularySource', source())
export const VocabularyCoding = component('VocabularyCoding', coding())
export const VocabularyValueSystem = component('VocabularyValueSystem', valueSystem())

const isChecked = (what: string) =>
  Type.Boolean({ description: `Whether somebody who speaks the language natively has checked ${what}. Where false, show it as unchecked.` })

export const VocabularyLabel = component(
  'VocabularyLabel',
  Type.Object(
    { text: text('The label.'), checked: isChecked('it') },
    { ...strict, description: 'A label in one language, and whether it can be relied on.' }
  )
)

export const VocabularyConcept = component(
  'VocabularyConcept',
  Type.Object(
    {
      code: code('The code, never changed and never used again.'),
      label: text('The label in the language of the answer.'),
      checked: isChecked('the label shown'),
      labels: Type.Object(
        perLanguage(() => ref(VocabularyLabel)),
        { ...strict, description: 'The label in every language.' }
      ),
      definition: Type.Optional(definition()),
      broader: Type.Optional(broader()),
      codings: Type.Optional(Type.Array(ref(VocabularyCoding), { description: 'The same concept in other code systems.' })),
      valueSystem: Type.Optional(ref(VocabularyValueSystem))
    },
    { ...strict, description: 'A concept of a vocabulary.' }
  )
)

const head = {
  name: name(),
  title: text('The title in the language of the answer.'),
  description: description(),
  version: version(),
  source: ref(VocabularySource),
  open: Type.Boolean({
    description: 'Whether codes beyond those listed are accepted by the rule of the standard: ISO 3166-2 subdivisions, BCP 47 tags.'
  })
}

export const VocabularySummary = component(
  'VocabularySummary',
  Type.Object(
    {
      ...head,
      concepts: Type.Integer({ minimum: 1, description: 'How many concepts it lists.' }),
      url: uri('Where to read it.')
    },
    { ...strict, description: 'A vocabulary, in short.' }
  )
)

export const Vocabulary = component(
  'Vocabulary',
  Type.Object(
    {
      ...head,
      language: oneOf(LABEL_LANGUAGES, 'The language of the title and of each `label`.'),
      concepts: Type.Array(ref(VocabularyConcept), { minItems: 1, description: 'The concepts, in the order in which to show them.' })
    },
    { ...strict, description: 'A coded list with its labels, definitions and source.' }
  )
)

export const VocabularyList = wholeList('VocabularyList', VocabularySummary, 'The coded lists of the registry, by name.')

export type VocabularySummary = Static<typeof VocabularySummary>
export type Vocabulary = Static<typeof Vocabulary>
export type VocabularyList = Static<typeof VocabularyList>
export type VocabularyConcept = Static<typeof VocabularyConcept>

const texts = (of: string) =>
  Type.Object(
    perLanguage(() => text(`${of} in that language.`)),
    strict
  )
const checked = () =>
  Type.Array(oneOf(LABEL_LANGUAGES, 'A language.'), { uniqueItems: true, description: 'Languages whose labels were checked.' })

/** The form of a file in `db/catalogue/vocabularies`. It stands alone, without references, so that it can be checked at start. */
export const VocabularyFile = Type.Object(
  {
    name: name(),
    title: texts('The title'),
    description: description(),
    source: source(),
    version: version(),
    checked: checked(),
    concepts: Type.Array(
      Type.Object(
        {
          code: code('The code.'),
          labels: texts('The label'),
          definition: Type.Optional(definition()),
          broader: Type.Optional(broader()),
          codings: Type.Optional(Type.Array(coding(), { minItems: 1 })),
          valueSystem: Type.Optional(valueSystem()),
          checked: Type.Optional(checked())
        },
        strict
      ),
      { minItems: 1 }
    )
  },
  strict
)
export type VocabularyFile = Static<typeof VocabularyFile>
export type ConceptFile = VocabularyFile['concepts'][number]

/** Registered once with Fastify, in the order in which they refer to one another. */
export const VOCABULARY_SCHEMAS = [
  VocabularySource,
  VocabularyCoding,
  VocabularyValueSystem,
  VocabularyLabel,
  VocabularyConcept,
  VocabularySummary,
  Vocabulary,
  VocabularyList
]
