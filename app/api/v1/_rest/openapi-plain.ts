const text = { type: 'string' } as const
const whole = { type: 'integer' } as const

/** What is not one verb with JSON in and out: streams, and the device flow in the words of its RFC. */
export function plainPaths(problem: unknown): Record<string, Record<string, unknown>> {
  const stream = (summary: string, type: string) => ({
    summary,
    responses: { 200: { description: 'Streamed', content: { [type]: { schema: text } } }, default: problem },
  })
  const query = (name: string, schema: unknown, required: boolean) => ({ name, in: 'query', required, schema })
  const id = { name: 'id', in: 'path', required: true, schema: text }
  return {
    '/sessions/{id}/export': {
      get: {
        operationId: 'exportSession',
        ...stream('A session as JSON Lines, with the recorded bytes when asked for', 'application/jsonl'),
        parameters: [id, query('recording', { type: 'boolean' }, false)],
      },
    },
    '/live': {
      get: {
        operationId: 'watch',
        ...stream('Server-sent events: one whenever something about the topic changed', 'text/event-stream'),
        parameters: [query('topic', text, true)],
      },
    },
    '/device/code': {
      post: devicePath('startDeviceLogin', 'Begin a device login (RFC 8628, 3.1)', codeAnswer, problem),
    },
    '/device/token': {
      post: {
        ...devicePath(
          'pollDeviceLogin',
          'Ask whether a device login was approved (RFC 8628, 3.4)',
          tokenAnswer,
          problem,
        ),
        requestBody: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                type: 'object',
                required: ['grant_type', 'device_code'],
                properties: { grant_type: text, device_code: text },
              },
            },
          },
        },
      },
    },
  }
}

const codeAnswer = {
  device_code: text,
  user_code: text,
  verification_uri: text,
  verification_uri_complete: text,
  expires_in: whole,
  interval: whole,
}
const tokenAnswer = {
  access_token: text,
  token_type: text,
  expires_in: whole,
  email: { type: ['string', 'null'] },
  name: text,
}

function devicePath(operationId: string, summary: string, properties: unknown, problem: unknown) {
  return {
    operationId,
    summary,
    security: [],
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: { type: 'object', properties } } } },
      400: { description: '`error`: authorization_pending, slow_down, access_denied or expired_token' },
      default: problem,
    },
  }
}
