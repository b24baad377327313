import t from 'tap'
import { cleaningNotes, cleanLine, cleanText, cleanTitle, looksLikeDate } from '../../src/imports/cleaning.ts'

t.test('texts are cleaned without changing what they mean, and say what was done', async (t) => {
  for (const [clean, raw, text, changes] of [
    [cleanText, 'A  b \r\n\r\n\r\n\r\nc  ', 'A b\n\nc', ['whitespace']],
    [cleanText, 'two\r\nlines', 'two\nlines', []],
    [cleanText, '- one\n  - two', '- one\n  - two', []],
    [cleanText, 'BMI <25 & >18', 'BMI <25 & >18', []],
    [cleanText, 'Smith &amp; Jones &#233;', 'Smith & Jones é', ['entities']],
    [cleanText, 'R&D; AT&T', 'R&D; AT&T', []],
    [cleanText, '&amp;lt;', '&lt;', ['entities']],
    [cleanText, '<p>One</p><p>See <a href="https://x.org/y">this</a></p>', 'One\nSee this (https://x.org/y)', ['markup', 'whitespace']],
    [cleanLine, ' A \n b\u00A0c ', 'A b c', ['whitespace']],
    [cleanTitle, 'Cervical Cancer ScreeningFHIR', 'Cervical Cancer Screening', ['title-suffix']],
    [cleanTitle, 'Poor Control (>9%)FHIR\n', 'Poor Control (>9%)', ['whitespace', 'title-suffix']],
    [cleanTitle, 'Cervical Cancer Screening FHIR', 'Cervical Cancer Screening FHIR', []],
    [cleanTitle, 'HL7FHIR', 'HL7FHIR', []],
    [cleanTitle, 'XFHIR', 'XFHIR', []]
  ] as const)
    t.same(clean(raw), { text, changes }, JSON.stringify(raw))
})

t.test('each thing that was done is a warning with its place', async (t) => {
  const notes = cleaningNotes(cleanLine('a&amp;b '), { pointer: '/title', field: 'title' })
  t.same(
    notes.map(({ code, pointer }) => [code, pointer]),
    [
      ['entities', '/title'],
      ['whitespace', '/title']
    ]
  )
})

t.test('what a spreadsheet makes of an age band is recognised', async (t) => {
  for (const text of ['17-Mar', 'Mar-17', '3-mai', '12 Dec']) t.ok(looksLikeDate(text), text)
  for (const text of ['3-17', 'Adults 18-65', 'March', '17 marbles', '2026-03-17']) t.notOk(looksLikeDate(text), text)
})
