/**
 * Bodies that are files: written to disk as they come, so that their size is no matter of memory, and gone when the answer is
 * out. A route that takes them says how long one may take to arrive.
 */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { problem } from './problems.ts'

/** A file that came as the body of a request. Its place on disk is no part of what was sent. */
export class Upload {
  readonly mediaType: string
  readonly charset: string | undefined
  readonly bytes: number
  readonly sha256: string
  readonly #path: string

  constructor(path: string, { mediaType, charset, bytes, sha256 }: Pick<Upload, 'mediaType' | 'charset' | 'bytes' | 'sha256'>) {
    this.#path = path
    this.mediaType = mediaType
    this.charset = charset
    this.bytes = bytes
    this.sha256 = sha256
  }

  get path(): string {
    return this.#path
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The folder of what was uploaded. */
    uploadFolder: string | undefined
  }
}

/** Takes files of some media types, up to a size in bytes, as bodies of the routes of this plugin, and nothing else. */
export function takeFiles(app: FastifyInstance, mediaTypes: readonly string[], limit: number): void {
  app.decorateRequest('uploadFolder', undefined)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...mediaTypes], (request: FastifyRequest, payload: NodeJS.ReadableStream) => receive(request, payload, limit))
  app.addContentTypeParser('*', (_request, payload, done) => {
    // Nobody reads it: the connection is of no use any more.
    payload.resume()
    done(
      problem(
        'unsupported-media-type',
        `Send the file itself as the body, not in a form, with its type in \`Content-Type\`: ${mediaTypes.join(', ')}.`
      ),
      undefined
    )
  })
  // A request that is refused before its route is reached; after that the route itself discards.
  app.addHook('onResponse', discardUpload)
}

/** Takes what was uploaded away. The route does so when it is done with it, whether or not anybody waits for the answer. */
export async function discardUpload({ uploadFolder }: FastifyRequest): Promise<void> {
  if (uploadFolder !== undefined) await rm(uploadFolder, { recursive: true, force: true })
}

async function receive(request: FastifyRequest, payload: NodeJS.ReadableStream, limit: number): Promise<Upload> {
  const tooLarge = () => problem('payload-too-large', `A file may have ${Math.floor(limit / 2 ** 20)} MiB at most: split it.`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw problem('unsupported-media-type', `Send the file as it is: \`Content-Encoding: ${encoding}\` is not taken.`)
  request.uploadFolder = await mkdtemp(join(tmpdir(), 'registry-upload-'))
  const path = join(request.uploadFolder, 'body')
  const hash = createHash('sha256')
  let bytes = 0
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      if (bytes > limit) return next(tooLarge())
      hash.update(chunk)
      next(null, chunk)
    }
  })
  try {
    await pipeline(payload, measured, createWriteStream(path, { mode: 0o600 }))
  } catch (error) {
    await discardUpload(request)
    throw error
  }
  if (bytes === 0) throw problem('malformed-file', 'The body is empty: a file is expected.')
  return new Upload(path, { ...typeOf(request.headers['content-type'] ?? ''), bytes, sha256: hash.digest('hex') })
}

/** Media type and charset of a `Content-Type` (RFC 9110, section 8.3). */
function typeOf(header: string): Pick<Upload, 'mediaType' | 'charset'> {
  const [mediaType = '', ...parameters] = header.split(';').map((part) => part.trim())
  const charset = parameters.map((parameter) => /^charset="?([^"]+)"?$/i.exec(parameter)?.[1]).find((name) => name !== undefined)
  return { mediaType: mediaType.toLowerCase(), charset }
}
