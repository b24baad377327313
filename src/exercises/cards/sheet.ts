/** Invitation cards: what is on them. Whoever holds one may vote, once; no list says who got which. */
import type { LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import de from './texts/de.json' with { type: 'json' }
import en from './texts/en.json' with { type: 'json' }
import es from './texts/es.json' with { type: 'json' }
import fr from './texts/fr.json' with { type: 'json' }
import nl from './texts/nl.json' with { type: 'json' }

export interface Card {
  /** Canonical. */
  readonly code: string
  /** Where voting begins, with the code behind `#`, so that no server is told it by a link. */
  readonly url: string
}

export interface CardSheet {
  readonly title: string
  readonly question: string
  /** What the group is called. */
  readonly group: string
  readonly lang: LabelLanguage
  readonly exerciseId: string
  readonly cards: readonly Card[]
}

export const CARD_TEXTS: Readonly<Record<LabelLanguage, typeof en>> = { en, nl, fr, de, es }

/** What a whole sheet is called. */
export const nameOf = ({ title, lang, exerciseId }: CardSheet): string => `${CARD_TEXTS[lang].sheet}: ${title} (${exerciseId})`
