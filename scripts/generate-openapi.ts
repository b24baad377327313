/**
 * Writes the OpenAPI document as it is served, so that a change of the interface is seen in review.
 *
 *   npm run generate:openapi [-- --check]
 */
import { generate, served } from './generated.ts'

await generate({
  help: 'npm run generate:openapi [-- --check]\nWrites openapi/openapi.json and openapi/openapi.yaml, or with --check fails if they are out of date.',
  async files() {
    const answers = await served(['/openapi.json', '/openapi.yaml'])
    return { 'openapi/openapi.json': answers['/openapi.json'], 'openapi/openapi.yaml': answers['/openapi.yaml'] }
  }
})
