import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPost, type PostOptions } from './post'

let server: Server
let port: number
let seen: { method: string | undefined; host: string | undefined; body: string }[]
let status: number
let hang: boolean
beforeEach(async () => {
  seen = []
  status = 204
  hang = false
  server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      seen.push({ method: request.method, host: request.headers.host, body })
      if (!hang) response.writeHead(status, { location: `http://127.0.0.1:${port}/again` }).end('x'.repeat(100_000))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const LOOPBACK = ['127.0.0.0/8', '::1']
const post = (url: string, options: Partial<PostOptions> = {}) =>
  createPost({ allow: LOOPBACK, own: [], ...options })(new URL(url), { 'x-test': '1' }, 'hello')
const refused = (message: string) => expect.objectContaining({ message: expect.stringContaining(message) })

describe('a post', () => {
  it('goes to the address that was checked, under the name that was given', async () => {
    await post(`http://hooks.example:${port}/x`, { resolve: async () => ['127.0.0.1'] })
    expect(seen).toEqual([{ method: 'POST', host: `hooks.example:${port}`, body: 'hello' }])
  })

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[fe80::1]',
    '2130706433',
    '0x7f.1',
  ])('is not sent to %s unless an admin allowed it', async (host) => {
    await expect(post(`http://${host}:${port}/`, { allow: [] })).rejects.toEqual(refused('loopback, link-local'))
    expect(seen).toEqual([])
  })

  it('is not sent when one of several addresses may not be reached', async () => {
    const resolve = async () => ['127.0.0.1', '169.254.169.254']
    await expect(post(`http://hooks.example:${port}/`, { resolve })).rejects.toEqual(refused('link-local'))
    expect(seen).toEqual([])
  })

  it('is not sent to a port of the gateway itself', async () => {
    const own = [{ host: null, port }]
    await expect(post(`http://127.0.0.1:${port}/`, { own })).rejects.toEqual(refused('gateway itself'))
    expect(seen).toEqual([])
  })

  it('follows no redirect, and counts it as a failure', async () => {
    status = 302
    await expect(post(`http://127.0.0.1:${port}/`)).rejects.toEqual(refused('it answered 302'))
    expect(seen).toHaveLength(1)
  })

  it('fails when the receiver fails, hangs, or is not there', async () => {
    status = 500
    await expect(post(`http://127.0.0.1:${port}/`)).rejects.toEqual(refused('it answered 500'))
    hang = true
    await expect(post(`http://127.0.0.1:${port}/`, { timeoutMs: 100 })).rejects.toEqual(refused('not answer in time'))
    await expect(post(`http://127.0.0.1:1/`)).rejects.toEqual(refused('cannot be reached'))
    await expect(post('http://nowhere.example/', { resolve: async () => [] })).rejects.toEqual(
      refused('cannot be resolved'),
    )
  })
})
