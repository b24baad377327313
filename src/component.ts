import { type Static, type TSchema, Type } from 'typebox'

/** A schema that has a name of its own in the OpenAPI document. */
export type Component<S extends TSchema = TSchema> = S & { readonly $id: string }

/** Names a schema, so that the OpenAPI document lists it once under `components/schemas`. */
export const component = <S extends TSchema>($id: string, schema: S): Component<S> => Object.assign(schema, { $id })

/** A reference that keeps the static type of what it points at. */
export const ref = <S extends TSchema>(target: Component<S>) => Type.Unsafe<Static<S>>({ $ref: `${target.$id}#` })

/** A closed list of words, published as an `enum` and typed as a union. */
export const oneOf = <const V extends readonly string[]>(values: V, description: string) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description })

/** A list that always fits one page, in the form that every list has. */
export const wholeList = <S extends TSchema>($id: string, item: Component<S>, description: string) =>
  component(
    $id,
    Type.Object(
      {
        items: Type.Array(ref(item), { description: 'All of them.' }),
        total: Type.Integer({ minimum: 0, description: 'How many.' }),
        next: Type.Literal('', { description: 'Always empty: this list has one page.' })
      },
      { additionalProperties: false, description }
    )
  )

/** A number, or null where it is not known or not shown. */
export const orNull = (type: 'number' | 'integer', description: string) => Type.Unsafe<number | null>({ type: [type, 'null'], description })
