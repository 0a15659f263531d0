import { z } from 'zod'

/** Names of groups as the identity provider gives them, without repeats, in order. */
export const groupNames = z
  .array(z.string().trim().min(1).max(128))
  .max(100)
  .transform((names) => [...new Set(names)].sort())
