/** JSON in a cell. Whoever wrote it by hand wants to know where it goes wrong; `JSON.parse` does not always say. */
import { JSONParser } from '@streamparser/json'

/** The value, or the first character (counted from 1) that cannot stand where it stands. */
export function parseJson(text: string): { readonly value: unknown } | { readonly character: number } {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { character: faultIn(text) }
  }
}

function faultIn(text: string): number {
  const bytes = Buffer.from(text)
  const parser = new JSONParser()
  let lastToken = 0
  parser.onToken = ({ offset }) => {
    lastToken = offset
  }
  parser.onValue = () => {}
  try {
    parser.write(bytes)
  } catch (error) {
    const [, position] = /absolute position "(\d+)"/.exec(String(error)) ?? []
    return bytes.subarray(0, position === undefined ? lastToken : Number(position)).toString().length + 1
  }
  return text.length + 1
}
