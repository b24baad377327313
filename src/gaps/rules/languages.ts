/** R3, R4 and R15: who cannot read the questions. */
import { asksPeople } from '../../readiness/gates/asking.ts'
import { mainLanguagesOf } from '../../readiness/official-languages.ts'
import { patientsAnswer } from './answering.ts'
import type { Found, MeasureRule } from './rule.ts'

const SOURCE = 'ISPOR principles of good practice for translation (Wild 2005); COSMIN, cross-cultural validity'
const NAMES = new Intl.DisplayNames(['en'], { type: 'language' })
const PLACES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })
const primary = (tag: string) => tag.split('-', 1)[0]!
const translate = (action: string) => ({ family: 'language-and-literacy', action }) as const

/** Languages that a whole population would need; where somebody used a measure without one, they left people out. */
export const withoutVersion: MeasureRule = {
  id: 'R3',
  kind: 'no-translation',
  question: 'Is there a version in the main languages of the places where it is used?',
  holds:
    'A questionnaire is used or tested in a country, and no version in an official language that many there speak is recorded. Where no language at all is recorded, that is one unknown.',
  closes: 'Make and test a version, or record the one that there is.',
  source: `${SOURCE}; official languages: Unicode CLDR`,
  find: (measure) => {
    if (asksPeople(measure) !== true) return []
    const versions = new Set((measure.languages ?? []).map(({ code }) => primary(code)))
    if (versions.size === 0)
      return [
        {
          certainty: 'unknown',
          focus: 'missing',
          dimension: 'language',
          title: 'no language is recorded',
          statement: 'The record does not say in which languages the questions exist.',
          closesWith: 'languages',
          remedy: translate('Record in which languages it exists, and how each version was tested.')
        }
      ]
    const places = [
      ...new Set([...(measure.jurisdictions ?? []), ...(measure.use ?? []).flatMap(({ jurisdiction }) => jurisdiction ?? [])])
    ].sort()
    const missing = new Map<string, string[]>()
    for (const place of places)
      for (const language of mainLanguagesOf(place)) {
        if (!versions.has(primary(language))) missing.set(language, [...(missing.get(language) ?? []), place])
      }
    return [...missing].map(([language, where]): Found => {
      const name = NAMES.of(language) ?? language
      const countries = [...new Set(where.map((place) => PLACES.of(place.split('-')[0]!) ?? place))].join(', ')
      return {
        dimension: 'language',
        value: language,
        certainty: 'absent',
        focus: 'excluded',
        title: `no version in ${name}`,
        statement: `It is used or tested in ${countries}, where ${name} is an official language, and no version in ${name} is recorded.`,
        closesWith: 'languages',
        jurisdictions: where,
        remedy: translate(`Make and test a version in ${name}.`)
      }
    })
  }
}

export const untestedVersion: MeasureRule = {
  id: 'R4',
  kind: 'translation-not-validated',
  question: 'Was each version tested with people who speak the language?',
  holds:
    'A version is a translation that nobody tested, or was made by a machine. Where the record does not say how a version was made, that is an unknown.',
  closes: 'Test the version, or record that it was tested.',
  source: SOURCE,
  find: ({ languages = [] }) =>
    languages
      .filter(({ validation }) => validation !== 'original' && validation !== 'validated')
      .map(({ code, validation }) => {
        const name = NAMES.of(code) ?? code
        return {
          dimension: 'language',
          value: code,
          certainty: validation === 'unknown' ? 'unknown' : 'absent',
          focus: 'misclassified',
          title: validation === 'unknown' ? `quality of the version in ${name} is not recorded` : `version in ${name} not tested`,
          statement:
            validation === 'machine'
              ? `The version in ${name} was made by a machine. Answers of people who speak it may not mean the same.`
              : validation === 'unknown'
                ? `There is a version in ${name}. How it was made and tested is not recorded.`
                : `There is a version in ${name}, and no test of it is recorded. Answers of people who speak it may not mean the same.`,
          closesWith: `languages.${code}`,
          remedy: translate(`Test the version in ${name} with people who speak it.`)
        }
      })
}

/** Grade 8 is what half of the adults of rich countries read with ease; plain-language guides ask for 6 to 8. */
const GRADE = 8

export const hardToRead: MeasureRule = {
  id: 'R15',
  kind: 'reading-level',
  question: 'Can people read the questions with ease?',
  holds: `Patients or carers answer by themselves, and the reading grade is over ${GRADE}. Where no grade is recorded, that is an unknown.`,
  closes: `Word the questions for grade ${GRADE} or below, or record the grade.`,
  source: 'AHRQ Health Literacy Universal Precautions Toolkit; NIH and AMA advice on reading grade',
  find: (measure) => {
    const { instrument } = measure
    if (!instrument || !patientsAnswer(measure)) return []
    const { readingGrade } = instrument
    if (readingGrade !== undefined && readingGrade <= GRADE) return []
    const remedy = translate(`Word the questions for grade ${GRADE} or below.`)
    return [
      readingGrade === undefined
        ? {
            dimension: 'health-literacy',
            certainty: 'unknown',
            focus: 'burdened',
            title: 'reading grade is not recorded',
            statement: 'Patients or carers answer by themselves, and nobody recorded how hard the questions are to read.',
            closesWith: 'instrument.readingGrade',
            remedy: translate('Measure the reading grade of the questions, and record it.')
          }
        : {
            dimension: 'health-literacy',
            certainty: 'absent',
            focus: 'burdened',
            title: `reading grade ${readingGrade}`,
            statement: `The questions need grade ${readingGrade} of school. Many people cannot read them with ease.`,
            closesWith: 'instrument.readingGrade',
            remedy
          }
    ]
  }
}
