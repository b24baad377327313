/** What the heat map says in words, in five languages. */

import { escaped } from '../drawing/text.ts'
import { localeOf, Messages } from '../vocabularies/messages.ts'
import all from './heat-map.texts.json' with { type: 'json' }
import type { HeatMap, HeatMapCell } from './heat-map.ts'

type Key = keyof (typeof all)['en']

/** The worst first: the order in which states are told and shown. */
export const STATES = ['absolute-gap', 'usable-gap', 'thin', 'covered'] as const satisfies readonly HeatMapCell['state'][]
/** More rows than this that are equally good or bad say nothing. */
const NAMED_AT_MOST = 3

/** Whether an open gap is severe; a severity that is not known is no low one. */
export const isSevere = ({ highestSeverity, openGaps }: HeatMapCell) =>
  openGaps > 0 && (highestSeverity === 'high' || highestSeverity === 'critical')
export const isUnjudged = ({ highestSeverity, openGaps }: HeatMapCell) => openGaps > 0 && highestSeverity === 'unknown'

export class HeatMapWording {
  readonly #map: HeatMap
  readonly #locale: string
  readonly #states: HeatMap['stateLabels']
  readonly #messages: Messages<Key>
  readonly #counts = new Map<Key, Map<number, string>>()

  constructor(map: HeatMap) {
    this.#map = map
    const labels = map.stateLabels
    this.#states = Object.fromEntries(STATES.map((state) => [state, escaped(labels[state])])) as HeatMap['stateLabels']
    this.#messages = new Messages(map.language, all[map.language])
    this.#locale = localeOf(map.language)
  }

  say(key: Key, values: Record<string, string | number> = {}): string {
    return this.#messages.format(key, values)
  }

  /** A number with its noun, escaped; the same ones come again in many cells. */
  #count(key: Key, count: number): string {
    let texts = this.#counts.get(key)
    if (!texts) this.#counts.set(key, (texts = new Map()))
    let text = texts.get(count)
    if (text === undefined) texts.set(count, (text = escaped(this.say(key, { count }))))
    return text
  }

  /** What a cell says, without its row and column; escaped. */
  cell(cell: HeatMapCell): string {
    const ready = `${this.#count('measures', cell.measures)}, ${this.#count('ready', cell.ready)}`
    const unknown = cell.unknown > 0 ? `, ${this.#count('unknown', cell.unknown)}` : ''
    const severity = isSevere(cell) ? `, ${this.#count('severe', 0)}` : isUnjudged(cell) ? `, ${this.#count('unjudged', 0)}` : ''
    return `${ready}${unknown}, ${this.#states[cell.state]}, ${this.#count('gaps', cell.openGaps)}${severity}`
  }

  /** How many cells are in each state. */
  cells(): string {
    const counts = cellsByState(this.#map)
    const states = STATES.map((state) => `${this.#map.stateLabels[state]} ${counts[state]}`).join(', ')
    return this.say('cells', { count: STATES.reduce((sum, state) => sum + counts[state], 0), states })
  }

  /** Where the worst and the best state are found most; nothing where that is everywhere. */
  extremes(): string {
    return [this.#most('absolute-gap'), this.#most('covered')].filter(Boolean).join(' ')
  }

  #most(state: HeatMapCell['state']): string {
    const { rows, columns, cells, stateLabels } = this.#map
    const counts = rows.map((_, row) => (cells[row] ?? []).filter((cell) => cell.state === state).length)
    const count = counts.reduce((most, each) => Math.max(most, each), 0)
    const found = rows.filter((_, row) => counts[row] === count)
    if (count === 0 || found.length > NAMED_AT_MOST || found.length === rows.length) return ''
    // Labels have an "and" of their own.
    const names = found.map(({ label }) => label).join(this.#map.language === 'fr' ? '\u202f; ' : '; ')
    return this.say('most', { state: stateLabels[state], rows: names, rowsNamed: found.length, count, cells: columns.length })
  }

  /** Where the data come from, and of which day they are; what is no day is told as it stands. */
  source(): string {
    const { date, source } = this.#map
    const day = /^\d{4}-\d{2}-\d{2}/.test(date) ? new Date(date) : undefined
    const isDay = day !== undefined && !Number.isNaN(day.getTime())
    const told = isDay ? new Intl.DateTimeFormat(this.#locale, { dateStyle: 'long', timeZone: 'UTC' }).format(day) : date
    return this.say('source', { source, date: told })
  }
}

export function cellsByState({ cells }: HeatMap): Record<HeatMapCell['state'], number> {
  const counts = { 'absolute-gap': 0, 'usable-gap': 0, thin: 0, covered: 0 }
  for (const row of cells) for (const { state } of row) counts[state] += 1
  return counts
}
