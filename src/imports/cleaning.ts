/**
 * Cleaning that does not change what a text means. Every function says what it did, so that the report can: nothing is ever
 * cleaned in silence.
 */
import { decodeHTMLStrict } from 'entities'
import type { Note, NoteCode } from './note.ts'

/** A text after cleaning, and what was done to it. */
export interface Cleaned {
  readonly text: string
  readonly changes: readonly NoteCode[]
}

const ENTITY = /&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,30});/
/** Markup that web pages put into texts; a comparison such as `BMI <25` is none. */
const TAG = /<\/?(?:p|br|a|b|i|u|em|strong|span|div|ul|ol|li|sub|sup|h[1-6]|table|tbody|tr|td|th)(?:\s[^<>]*)?\/?>/gi
const BLOCK = /<(?:br|\/p|\/div|\/li|\/h[1-6]|\/tr)\b[^<>]*>/gi
/** Tags that only dress a text; they go first, so that a link holds nothing but its words. */
const DRESS = /<\/?(?:b|i|u|em|strong|span|sub|sup)(?:\s[^<>]*)?>/gi
/** Every part of it ends at the next angle bracket: nothing is looked at twice, whatever the text. */
const LINK = /<a\s[^<>]{0,1000}?href\s*=\s*(["'])([^<>"']{0,2000})\1[^<>]{0,1000}>([^<]{0,2000})<\/a>/gi
const FORMAT_ONLY = /[\u200B\u2060\uFEFF]/g

/** A text of several lines: entities and markup become text, line ends one kind, blanks at the ends go. Indentation stays. */
export function cleanText(raw: string): Cleaned {
  const { text, changes } = decoded(raw)
  const tidy = text
    .replace(/\r\n?/g, '\n')
    .replace(FORMAT_ONLY, '')
    .replace(/\u00A0/g, ' ')
    // Each run of blanks is looked at from its beginning only: from everywhere in it takes the square of its length.
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/(?<=\S)[ \t]{2,}(?=\S)/g, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|(?<!\s)\s+$/g, '')
  // Line ends of another system say nothing to anyone.
  return { text: tidy, changes: tidy === text.replaceAll('\r\n', '\n') ? changes : [...changes, 'whitespace'] }
}

/** A text of one line, such as a name. */
export function cleanLine(raw: string): Cleaned {
  const { text, changes } = decoded(raw)
  const tidy = text.replace(FORMAT_ONLY, '').replace(/\s+/g, ' ').trim()
  return { text: tidy, changes: tidy === text ? changes : [...changes, 'whitespace'] }
}

/** A title: one line, without the `FHIR` that exports of measure editors glue to it. */
export function cleanTitle(raw: string): Cleaned {
  const { text, changes } = cleanLine(raw)
  const title = text.replace(/(?<=[\p{Ll})%])FHIR$/u, '')
  return title === text ? { text, changes } : { text: title, changes: [...changes, 'title-suffix'] }
}

function decoded(raw: string): Cleaned {
  const changes: NoteCode[] = []
  let text = raw
  if (TAG.test(text)) {
    text = text
      .replace(DRESS, '')
      .replace(LINK, (_whole, _quote, url: string, name: string) => (name.trim() === url ? url : `${name} (${url})`))
      .replace(BLOCK, '\n')
      .replace(TAG, '')
    changes.push('markup')
  }
  TAG.lastIndex = 0
  if (ENTITY.test(text)) {
    const plain = decodeHTMLStrict(text)
    if (plain !== text) changes.push('entities')
    text = plain
  }
  return { text, changes }
}

/** The words for a report on a cleaned text. */
const DONE: Partial<Record<NoteCode, string>> = {
  whitespace: 'Blanks or line ends were tidied.',
  entities: 'HTML entities became the characters that they stand for.',
  markup: 'HTML markup was taken out; its text and links are kept.',
  'title-suffix': 'The "FHIR" glued to the end was taken off.'
}

/** A warning for each thing that was done. */
export const cleaningNotes = ({ changes }: Cleaned, place: Pick<Note, 'column' | 'pointer' | 'field' | 'found'>): Note[] =>
  changes.map((code) => ({ code, ...place, detail: DONE[code]! }))

const MONTH =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mrt|mei|okt|janv|févr|mars|avr|mai|juin|juil|août|sept|déc|märz|dez|ene|abr|ago|dic)'
const MANGLED = new RegExp(`^(?:\\d{1,2}[-. ]${MONTH}\\.?|${MONTH}\\.?[-. ]\\d{1,2})$`, 'iu')

/** Whether a text looks like what a spreadsheet makes of an age band: `3-17` becomes `17-Mar`. */
export const looksLikeDate = (text: string): boolean => MANGLED.test(text.trim())
