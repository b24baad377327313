/** Drop-downs and hidden sheets (ECMA-376), which the writer of spreadsheets leaves to features. */
import type { Buffer } from 'node:buffer'
import type { Stream } from 'node:stream'
import type { Feature } from 'write-excel-file/node'
import {
  getClosingTagMarkup,
  getOpeningTagMarkup,
  getOrderOfSiblings,
  insertElementMarkupAccordingToOrderOfSiblings,
  sanitizeTextContent
} from 'write-excel-file/utility'

export interface DropDown {
  /** The cells that have it, such as `K4:K1000`. */
  readonly cells: string
  /** The cells that it offers, such as `codes!$A$2:$A$10`. */
  readonly source: string
  /** Whether anything else is refused. Where a cell takes several codes nothing can be. */
  readonly isStrict: boolean
}

type FileFeature = Feature<Stream | Buffer | Blob>

const SHEET = 'xl/worksheets/sheet{id}.xml'

/** Gives drop-downs to cells of the first sheet. */
export const dropDowns = (items: readonly DropDown[]): FileFeature => ({
  files: {
    transform: {
      [SHEET]: {
        transform: (xml, _options, { sheetIndex }) =>
          sheetIndex === 0
            ? insertElementMarkupAccordingToOrderOfSiblings(xml, validations(items), getOrderOfSiblings(SHEET, 'worksheet')!, 'worksheet')
            : xml
      }
    }
  }
})

/** Hides every sheet but the first. */
export const hiddenSheets: FileFeature = {
  files: {
    transform: {
      'xl/workbook.xml': {
        transformElementAttributes: (name, attributes, index) =>
          name === 'sheet' && index !== 0 ? { ...attributes, state: 'hidden' } : attributes
      }
    }
  }
}

function validations(items: readonly DropDown[]): string {
  const each = items.map(
    ({ cells, source, isStrict }) =>
      getOpeningTagMarkup('dataValidation', { type: 'list', allowBlank: 1, showErrorMessage: isStrict ? 1 : 0, sqref: cells }) +
      getOpeningTagMarkup('formula1') +
      sanitizeTextContent(source) +
      getClosingTagMarkup('formula1') +
      getClosingTagMarkup('dataValidation')
  )
  return getOpeningTagMarkup('dataValidations', { count: items.length }) + each.join('') + getClosingTagMarkup('dataValidations')
}
