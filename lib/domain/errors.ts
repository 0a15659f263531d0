/**
 * The one catalog of errors. `status` is what HTTP answers; `title` is fit for anybody's eyes.
 * Details that may name internals go into `cause`, never into `message`.
 */
const CATALOG = {
  invalid_input: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not permitted' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  too_large: { status: 413, title: 'Too large' },
  too_many: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Unavailable' },
  // The proxy's own: they end one session, in the client's protocol.
  protocol_violation: { status: 400, title: 'The peer broke the protocol' },
  limit_exceeded: { status: 400, title: 'A limit was exceeded' },
  target_unreachable: { status: 502, title: 'The target cannot be reached' },
  target_refused: { status: 502, title: 'The target refused the gateway' },
  target_address_refused: { status: 400, title: 'The target address is not allowed' },
  secret_unreadable: { status: 500, title: 'A stored secret cannot be opened' },
  startup_failed: { status: 500, title: 'Sallyport cannot start' },
} as const

export type ErrorCode = keyof typeof CATALOG

/** Every error the product raises on purpose. `message` is public; `cause` is for the log. */
export class SallyportError extends Error {
  readonly code: ErrorCode
  /** Which input field is wrong, as a path such as `settings.tls`. */
  readonly field: string | undefined

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; field?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'SallyportError'
    this.code = code
    this.field = options.field
  }

  get status(): number {
    return CATALOG[this.code].status
  }

  get title(): string {
    return CATALOG[this.code].title
  }
}

/** What must never reach a reader in another form: anything unexpected becomes `internal`. */
export function toSallyportError(error: unknown): SallyportError {
  if (error instanceof SallyportError) return error
  return new SallyportError('internal', 'Something went wrong on our side. The log has the details.', { cause: error })
}
