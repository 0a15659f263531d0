import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { connectSnippets, type Gateway, snippetUser } from './snippets'

const loopback: Gateway = { host: 'localhost', port: 15_432, tls: 'optional' }
const remote: Gateway = { host: 'gate.internal', port: 15_432, tls: 'own-ca' }
const input = { connection: 'shop', user: 'ada', token: null }

describe('connect snippets', () => {
  it('every client gets host, port, connection and user', () => {
    for (const snippet of connectSnippets({ gateway: remote, ...input })) {
      for (const part of ['gate.internal', '15432', 'shop', 'ada']) expect(snippet.text, snippet.id).toContain(part)
    }
  })

  it('away from loopback every client checks the gateway against its CA', () => {
    for (const { id, text } of connectSnippets({ gateway: remote, ...input })) {
      expect(text, id).toContain('sallyport-ca.pem')
    }
  })

  it('a certificate that the system knows needs no file', () => {
    for (const { id, text } of connectSnippets({ gateway: { ...remote, tls: 'public-ca' }, ...input })) {
      expect(text, id).not.toContain('sallyport-ca.pem')
    }
  })

  it('a minted token is filled in everywhere; none is invented before', () => {
    for (const { text } of connectSnippets({ gateway: loopback, ...input })) expect(text).not.toMatch(/sp_/)
    for (const { id, text } of connectSnippets({ gateway: loopback, ...input, token: 'sp_abc' })) {
      expect(text, id).toContain('sp_abc')
    }
  })

  it('the shell snippets are valid shell', () => {
    for (const { id, text } of connectSnippets({ gateway: remote, ...input, token: 'sp_abc' })) {
      if (id === 'psql' || id === 'env') execFileSync('sh', ['-n'], { input: text })
    }
  })

  it('a user name needs no quoting in any of them', () => {
    expect(snippetUser('ada.l@example.com')).toBe('ada-l')
    expect(snippetUser(`x"; drop`)).toBe('x-drop')
    expect(snippetUser('"')).toBe('me')
  })
})
