/** The forms of answers that people read as well, for their schemas. */
import { listContent } from '../http/exports.ts'

const text = { 'text/plain': { schema: { type: 'string', description: 'The same in whole sentences.' } } }

export const tellingContent = (schema: object) => ({ 'application/json': { schema }, ...text })

export const tellingListContent = (page: object) => ({ ...listContent(page), ...text })
