/** Invitations: codes that people can type, and cards that phones can read. */
import { Readable } from 'node:stream'
import { inflateSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import jsQrModule from 'jsqr'
import t from 'tap'
import { cardsAsCsv } from '../../src/exercises/cards/csv.ts'
import { type Piece, piecesOf, typefacesFor } from '../../src/exercises/cards/glyphs.ts'
import { addressOf, CARD, type Line, linesOf, PER_PAGE, SQUARE } from '../../src/exercises/cards/layout.ts'
import { cardsAsPdf } from '../../src/exercises/cards/pdf.ts'
import { CARD_TEXTS, type CardSheet } from '../../src/exercises/cards/sheet.ts'
import { squareOf } from '../../src/exercises/cards/square.ts'
import { cardsAsSvg } from '../../src/exercises/cards/svg.ts'
import { CODE_LENGTH, hashOf, newCode, printedCode, readCode } from '../../src/exercises/voting/codes.ts'
import { scanWholeXml } from '../../src/imports/reading/xml.ts'
import { LABEL_LANGUAGES } from '../../src/vocabularies/vocabulary.schema.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** The package is CommonJS that its types take for a module. */
const readQr = jsQrModule as unknown as typeof jsQrModule.default
const secret = (number: number) => Buffer.from(number.toString(16).padStart(32, '0').slice(-32), 'hex')
const codeOf = (number: number) => newCode(Buffer.from(hashOf(String(number)).slice(0, 32), 'hex'))
const secrets = fc.uint8Array({ minLength: 16, maxLength: 16 })
const runs = (numRuns: number) => ({ seed: 1, numRuns })

const HOSTILE = [
  '</title><script>alert(1)</script>',
  'x'.repeat(500),
  '👩‍👩‍👧‍👦 🇳🇱 😀 families',
  'الرعاية المتكاملة (2026) للأشخاص في المنزل',
  'one\ntwo\u0000three\uFFFE\uD800 " onload="alert(1)',
  '=cmd()',
  '護理協調 हिन्दी ไทย 한국어',
  ''
]

function sheetOf(count: number, more: Partial<CardSheet> = {}): CardSheet {
  const cards = Array.from({ length: count }, (_, index) => {
    const code = codeOf(index)
    return { code, url: `https://registry.example.org/vote/priorities-2026#${code}` }
  })
  const question = 'Which gaps in what we measure should be closed first?'
  return { title: 'Priorities 2026', question, group: 'Family carers', lang: 'en', exerciseId: 'priorities-2026', cards, ...more }
}

t.test('codes', async (t) => {
  t.test('round trips, however they are typed', async () => {
    fc.assert(
      fc.property(secrets, (bytes) => {
        const code = newCode(bytes)
        const careless = printedCode(code)
          .toLowerCase()
          .replaceAll('0', 'o')
          .replace('1', 'l')
          .replace('1', 'I')
          .replaceAll('-', ' \u2013 ')
        const typed = [code, printedCode(code), careless, ` ${code}\n`]
        return code.length === CODE_LENGTH && typed.every((text) => JSON.stringify(readCode(text)) === JSON.stringify({ code }))
      }),
      runs(300)
    )
  })

  t.test('every slip in one symbol, in two symbols, and every swap is seen', async (t) => {
    const slips = (code: string, at: number) => [...ALPHABET].filter((symbol) => symbol !== code[at]).map((symbol) => [at, symbol] as const)
    const withSlip = (code: string, [at, symbol]: readonly [number, string]) => code.slice(0, at) + symbol + code.slice(at + 1)
    const places = Array.from({ length: CODE_LENGTH }, (_, index) => index)
    for (const number of [0, 1, 2, 3]) {
      const code = codeOf(number)
      const missed = places.flatMap((at) => slips(code, at).filter((slip) => !('fault' in readCode(withSlip(code, slip)))))
      t.same(missed, [], printedCode(code))
    }
    const place = fc.nat(CODE_LENGTH - 1)
    const symbol = fc.constantFrom(...ALPHABET)
    fc.assert(
      fc.property(secrets, place, symbol, place, symbol, (bytes, first, one, second, two) => {
        const code = newCode(bytes)
        const typed = withSlip(withSlip(code, [first, one]), [second, two])
        return typed === code || 'fault' in readCode(typed)
      }),
      runs(2_000)
    )
    fc.assert(
      fc.property(secrets, place, place, (bytes, first, second) => {
        const code = newCode(bytes)
        const typed = withSlip(withSlip(code, [first, code[second]!]), [second, code[first]!])
        return typed === code || 'fault' in readCode(typed)
      }),
      runs(1_000)
    )
  })

  t.test('what is wrong', async (t) => {
    const code = codeOf(7)
    const cases: [what: string, text: string, fault: string][] = [
      ['nothing', '', 'length'],
      ['a symbol short', code.slice(1), 'length'],
      ['a symbol twice', `${code[0]}${code}`, 'length'],
      ['a letter that no code has', `U${code.slice(1)}`, 'character'],
      ['a letter with an accent', `É${code.slice(1)}`, 'character'],
      ['a letter that is two in capitals', `ß${code.slice(2)}`, 'character'],
      ['very long', 'A'.repeat(100_000), 'length'],
      ['a code of more than 128 bits', '8000000000000000000000000000', 'check']
    ]
    for (const [what, text, fault] of cases) t.same(readCode(text), { fault }, what)
    // A code of more than 128 bits whose check symbols are right.
    const all = [...ALPHABET].flatMap((a) => [...ALPHABET].map((b) => `Z${'0'.repeat(25)}${a}${b}`))
    t.ok(all.every((text) => 'fault' in readCode(text)))
  })

  t.test('they never change: cards are in drawers for months', async (t) => {
    t.equal(newCode(secret(0)), '0'.repeat(28))
    t.equal(newCode(Buffer.alloc(16, 255)), '7ZZZZZZZZZZZZZZZZZZZZZZZZZHZ')
    t.equal(printedCode(newCode(Buffer.alloc(16, 255))), '7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZHZ')
    t.equal(hashOf('0'.repeat(28)), 'd77bd86a0e004d9c21a03cdbfeac637b484d184bdda05d72ad726e029c9003a1')
    t.throws(() => newCode(Buffer.alloc(15)), RangeError)
  })
})

t.test('texts agree in five languages', async (t) => {
  t.same(Object.keys(CARD_TEXTS), LABEL_LANGUAGES)
  for (const lang of LABEL_LANGUAGES) {
    t.same(Object.keys(CARD_TEXTS[lang]), Object.keys(CARD_TEXTS.en), lang)
    t.ok(
      Object.values(CARD_TEXTS[lang]).every((text) => text.trim() === text && text !== ''),
      lang
    )
    t.equal(CARD_TEXTS[lang].about.match(/\.( |$)/g)?.length, 4, `${lang}: as many sentences`)
  }
})

t.test('nothing leaves its card or runs into the square', async (t) => {
  const long = 'Prioriteitenstellingsprocedure voor geïntegreerde zorg en ondersteuning. '.repeat(6)
  const url = `https://${'voting.'.repeat(12)}example.org/#${codeOf(0)}`
  for (const lang of LABEL_LANGUAGES) {
    for (const texts of [sheetOf(1, { lang }), sheetOf(1, { lang, title: long, question: long, group: long })]) {
      const card = { ...texts.cards[0]!, url }
      const { shared, code } = linesOf(texts)(card)
      const about = shared.slice(-4)
      t.ok(Math.max(...shared.map(({ y }) => y)) < CARD.height - 9, `${lang}: above the cut`)
      t.same(
        shared.filter(({ x, y, width }) => y - 8 < SQUARE.y + SQUARE.size && x + width > SQUARE.x - 8),
        [],
        `${lang}: beside the square`
      )
      t.ok(shared.some(({ text }) => text === texts.cards[0]!.code) === false && code.text === printedCode(card.code))
      t.ok(CARD_TEXTS[lang].about.endsWith(about.at(-1)!.text), `${lang}: the whole explanation`)
    }
  }
  t.equal(addressOf('https://example.org/vote/?a=b#CODE'), 'example.org/vote/?a=b')
  t.equal(addressOf('http://example.org/#CODE'), 'http://example.org')
})

t.test('CSV for a mail merge', async (t) => {
  for (const group of ['Family carers', ...HOSTILE, '"Quoted", with commas']) {
    const sheet = sheetOf(3, { group })
    const csv = cardsAsCsv(sheet)
    t.ok(csv.startsWith('\uFEFFgroup,code,url\r\n') && csv.endsWith('\r\n'))
    const rows: Record<string, string>[] = parse(csv, { bom: true, columns: true })
    t.same(
      rows.map(({ code, url }) => ({ code: code!.replaceAll('-', ''), url })),
      sheet.cards
    )
    t.ok(
      rows.every((row) => row['group']!.replace(/^'/, '') === group.toWellFormed() && !/^[=+\-@\t\r\n]/.test(row['group']!)),
      JSON.stringify(group)
    )
  }
  t.equal(cardsAsCsv(sheetOf(0)), '\uFEFFgroup,code,url\r\n')
})

/** What a camera would see of dark strips: with a margin of four modules, each of four pixels. */
function decoded(strips: readonly (readonly number[])[]): string | undefined {
  const size = Math.max(...strips.map(([x, , length]) => x! + length!))
  const side = (size + 8) * 4
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  for (const [x, y, length] of strips) {
    for (let row = (y! + 4) * 4; row < (y! + 5) * 4; row++) {
      for (let column = (x! + 4) * 4; column < (x! + length! + 4) * 4; column++)
        pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3)
    }
  }
  return readQr(pixels, side, side)?.data
}

const squaresInSvg = (svg: string) =>
  [...svg.matchAll(/shape-rendering="crispEdges" d="([^"]*)"/g)].map(([, path]) =>
    [...path!.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)].map(([, ...numbers]) => numbers.map(Number))
  )

/** The drawing of each page, unpacked. */
function pagesInPdf(pdf: Buffer): string[] {
  const streams = [...pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)]
  return streams
    .map(([, body]) => {
      try {
        return inflateSync(Buffer.from(body!, 'latin1')).toString('latin1')
      } catch {
        return ''
      }
    })
    .filter((text) => / re\n/.test(text))
}
const squaresInPdf = (pdf: Buffer) =>
  pagesInPdf(pdf).flatMap((page) =>
    [...page.matchAll(/(?:\d+ \d+ \d+ 1 re\n)+/g)].map(([strips]) =>
      strips
        .trimEnd()
        .split('\n')
        .map((strip) => strip.split(' ').slice(0, 3).map(Number))
    )
  )
const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\n/g)?.length

t.test('a phone reads the address and the code from every square', async (t) => {
  for (const url of ['https://a.example/#X', `https://example.org/${'long/'.repeat(95)}#${codeOf(1)}`, 'https://example.org/wählen#é']) {
    t.equal(decoded(squareOf(url).strips), url)
  }
  for (const lang of LABEL_LANGUAGES) {
    const sheet = sheetOf(PER_PAGE + 1, { lang })
    const urls = sheet.cards.map(({ url }) => url)
    t.same(squaresInSvg(await cardsAsSvg(sheet)).map(decoded), urls, `${lang}: SVG`)
    t.same(squaresInPdf(await cardsAsPdf(sheet)).map(decoded), urls, `${lang}: PDF`)
  }
})

t.test('SVG: well-formed, harmless, and all of it there', async (t) => {
  for (const text of [...HOSTILE, HOSTILE.join(' ')]) {
    const sheet = sheetOf(3, { title: text, question: text, group: text, exerciseId: text })
    const svg = await cardsAsSvg(sheet)
    const elements = new Set<string>()
    await scanWholeXml('cards', Readable.from([Buffer.from(svg)]), { open: (name) => void elements.add(name) })
    t.same([...elements].sort(), ['g', 'path', 'rect', 'svg', 'text', 'title'], JSON.stringify(text.slice(0, 40)))
    t.notMatch(svg, /<script|style=|<image|<use|xlink|\son\w+="|NaN|undefined/i)
    t.notMatch(svg, /[^\P{Cc}\n]|[\uFFFE\uFFFF\u202E]/u)
    for (const { code } of sheet.cards) t.ok(svg.includes(`>${printedCode(code)}</text>`))
  }
  t.match(await cardsAsSvg(sheetOf(1, { title: 'رعاية' })), / direction="rtl" text-anchor="end">رعاية</)
  t.match(await cardsAsSvg(sheetOf(5)), /viewBox="0 0 595\.28 631\.42" width="210mm" height="222\.75mm"/, 'three rows of A7')
  t.notMatch(await cardsAsSvg(sheetOf(0)), /<text/)
})

t.test('PDF: eight cards a page, the same file for the same cards', async (t) => {
  for (const [count, pages] of [
    [0, 1],
    [1, 1],
    [8, 1],
    [9, 2],
    [24, 3]
  ] as const) {
    const pdf = await cardsAsPdf(sheetOf(count))
    t.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-')
    t.match(pdf.subarray(-8).toString('latin1'), /%%EOF/)
    t.equal(pagesOf(pdf), pages, `${count} cards`)
  }
  t.ok((await cardsAsPdf(sheetOf(2))).equals(await cardsAsPdf(sheetOf(2))))
  for (const text of HOSTILE) {
    const sheet = sheetOf(1, { title: text, question: text, group: text, exerciseId: text })
    t.same(squaresInPdf(await cardsAsPdf(sheet)).map(decoded), [sheet.cards[0]!.url], JSON.stringify(text.slice(0, 40)))
  }
  const started = performance.now()
  const thousand = await cardsAsPdf(sheetOf(1_000))
  t.comment(`1,000 cards: ${Math.round(performance.now() - started)} ms, ${Math.round(thousand.length / 1_000)} kB`)
  t.equal(pagesOf(thousand), 125)
  t.ok(thousand.length < 2_000_000, 'small enough to be sent by mail')
})

t.test('every script is drawn, and in its own direction', async (t) => {
  const pieces = async (text: string, isRightToLeft = false): Promise<[string, string][]> => {
    const line: Line = { text, x: 0, y: 0, width: 100, font: { size: 8 }, isRightToLeft }
    return piecesOf(line, await typefacesFor([text])).map(({ text, font }: Piece) => [text, font])
  }
  t.same(await pieces('Prioriteiten, πρώτα, важно'), [['Prioriteiten, πρώτα, важно', 'regular']])
  t.same(await pieces('care 護理 now'), [
    ['care ', 'regular'],
    ['護理', 'wide'],
    [' now', 'regular']
  ])
  t.same(await pieces('a 🏥 b'), [['a □ b', 'regular']], 'what no font has shows')
  t.same(await pieces('a\uFE0Fb'), [['a\uFE0Fb', 'regular']])
  t.same(
    await pieces('رعاية (2026) منزل', true),
    [
      ['( منزل', 'regular'],
      ['2026', 'regular'],
      ['رعاية )', 'regular']
    ],
    'numbers stay as they are, brackets are turned'
  )
  t.same(
    await pieces('12 !?', true),
    [
      ['?! ', 'regular'],
      ['12', 'regular']
    ],
    'signs alone are turned round'
  )
  t.same(
    await pieces('English עברית'),
    [
      ['English ', 'regular'],
      ['עברית', 'regular']
    ],
    'from left to right'
  )
})
