import { buffer } from 'node:stream/consumers'
import { setImmediate as othersHadTheirTurn } from 'node:timers/promises'
import { cleaned } from '../../drawing/text.ts'
import { type Piece, piecesOf, type Typefaces, typefacesFor } from './glyphs.ts'
import { CARD, COLUMNS, cornerOf, type Line, linesOf, PAGE, PER_PAGE, ROWS, SQUARE } from './layout.ts'
import { type Card, type CardSheet, nameOf } from './sheet.ts'
import { squareOf } from './square.ts'

type Document = PDFKit.PDFDocument

/** Longer at the edges, where many printers leave a margin. */
const MARK = { edge: 28, inside: 8 }
/** The same cards make the same file, and nothing in it says when they were made. */
const NO_DATE = new Date(0)

/** Shapes the whole run at once, so that its words are in the right order; left to right, words are kept for the next card. */
const options = ({ isRightToLeft }: Piece) => ({
  lineBreak: false,
  baseline: 'alphabetic' as const,
  ...(isRightToLeft ? { features: [] } : {})
})

class Pen {
  readonly #doc: Document
  readonly #typefaces: Typefaces
  readonly #known = new Map<Line, readonly Piece[]>()

  constructor(doc: Document, typefaces: Typefaces) {
    this.#doc = doc
    this.#typefaces = typefaces
  }

  write(line: Line, isKept: boolean): void {
    const pieces = this.#known.get(line) ?? piecesOf(line, this.#typefaces)
    if (isKept) this.#known.set(line, pieces)
    const widths = pieces.map((piece) => this.#widthOf(piece, line.font.size))
    const width = widths.reduce((sum, each) => sum + each, 0)
    const shrunk = Math.min(1, line.width / width)
    let x = line.x
    for (const [index, piece] of pieces.entries()) {
      this.#doc.font(piece.font, line.font.size * shrunk).text(piece.text, x, line.y, options(piece))
      x += widths[index]! * shrunk
    }
  }

  #widthOf(piece: Piece, size: number): number {
    return this.#doc.font(piece.font, size).widthOfString(piece.text, options(piece))
  }
}

function drawSquare(doc: Document, url: string): void {
  const { size, strips } = squareOf(url)
  doc
    .save()
    .translate(SQUARE.x, SQUARE.y)
    .scale(SQUARE.size / size)
  for (const [x, y, length] of strips) doc.rect(x, y, length, 1)
  doc.fill('black').restore()
}

function drawCutMarks(doc: Document): void {
  doc.lineWidth(0.4).strokeColor('#666')
  for (let row = 0; row <= ROWS; row++) {
    const y = row * CARD.height
    const isEdge = row === 0 || row === ROWS
    const reach = isEdge ? MARK.edge : MARK.inside
    for (let column = 1; column < COLUMNS; column++) {
      const x = column * CARD.width
      doc.moveTo(x, y - reach).lineTo(x, y + reach)
      if (!isEdge) doc.moveTo(x - reach, y).lineTo(x + reach, y)
    }
    if (!isEdge)
      doc
        .moveTo(0, y)
        .lineTo(MARK.edge, y)
        .moveTo(PAGE.width - MARK.edge, y)
        .lineTo(PAGE.width, y)
  }
  doc.stroke()
}

async function newDocument(sheet: CardSheet): Promise<Document> {
  const { default: PDFDocument } = await import('pdfkit')
  const info = { Title: cleaned(nameOf(sheet)), CreationDate: NO_DATE }
  return new PDFDocument({ size: [PAGE.width, PAGE.height], margin: 0, autoFirstPage: false, lang: sheet.lang, displayTitle: true, info })
}

/** All cards of a sheet to be printed on A4 and cut: eight a page. Pages are made in turns with whatever else there is to do. */
export async function cardsAsPdf(sheet: CardSheet): Promise<Buffer> {
  const lines = linesOf(sheet)
  const laid = sheet.cards.map((card): readonly [Card, ReturnType<typeof lines>] => [card, lines(card)])
  const typefaces = await typefacesFor(new Set(laid.flatMap(([, { shared, code }]) => [...shared, code].map(({ text }) => text))))
  const doc = await newDocument(sheet)
  for (const [name, { data }] of Object.entries(typefaces)) doc.registerFont(name, data)
  const whole = buffer(doc)
  const pen = new Pen(doc, typefaces)
  for (let first = 0; first === 0 || first < laid.length; first += PER_PAGE) {
    doc.addPage()
    for (const [index, [{ url }, { shared, code }]] of laid.slice(first, first + PER_PAGE).entries()) {
      const { x, y } = cornerOf(index)
      doc.save().translate(x, y)
      for (const line of shared) pen.write(line, true)
      pen.write(code, false)
      drawSquare(doc, url)
      doc.restore()
    }
    drawCutMarks(doc)
    await othersHadTheirTurn()
  }
  doc.end()
  return whole
}
