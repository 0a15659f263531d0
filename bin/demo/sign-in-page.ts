import { DEMO_ACCOUNTS, DEMO_PASSWORD, type DemoAccount } from './accounts'

export interface SignInPage {
  /** Where the form goes. */
  readonly action: string
  /** The account the portal suggests. */
  readonly suggested: DemoAccount | undefined
  /** What was typed before and did not fit. */
  readonly refused: string | null
  /** The product's design tokens, as CSS. */
  readonly tokens: string
  /** The portal that is signed in to, such as `localhost:3000`. */
  readonly portal: string
}

const STYLE = `
*{box-sizing:border-box}
body{margin:0;background:var(--bg-page);color:var(--text-1);font:var(--t-md)/var(--lh-body) var(--face-sans)}
main{display:grid;grid-template-rows:auto 1fr auto;min-height:100dvh;max-width:25rem;margin:auto;padding:var(--s-8) var(--s-7)}
header{display:flex;align-items:center;gap:var(--s-4);font-weight:var(--w-strong);font-size:var(--t-lg)}
header small{margin-left:auto;font-size:var(--t-sm);font-weight:var(--w-normal);color:var(--text-3)}
section{align-self:center;padding:var(--s-8) 0}
h1{margin:0;font-size:var(--t-2xl);font-weight:var(--w-strong);letter-spacing:-.02em;line-height:1.25}
h1+p{margin:var(--s-3) 0 var(--s-8);color:var(--text-2)}
ul{list-style:none;margin:0 calc(-1*var(--s-4));padding:0}
button,input{font:inherit;color:inherit}
button:focus-visible,input:focus-visible,summary:focus-visible{outline:none;box-shadow:var(--focus-ring);border-radius:var(--r-2)}
.row{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 var(--s-4);align-items:center;width:100%;min-height:3.25rem;
padding:var(--s-3) var(--s-4);border:0;border-radius:var(--r-2);background:none;text-align:left;cursor:pointer}
.row:hover{background:var(--bg-hover)}
.row b{font-weight:var(--w-medium)}
.row span{color:var(--text-2);font-size:var(--t-sm)}
.row svg{grid-row:1/3;grid-column:2;color:var(--text-3)}
li+li{border-top:1px solid var(--line-1)}
.primary{width:100%;height:2.5rem;border:0;border-radius:var(--r-2);background:var(--accent);color:var(--on-accent);
font-weight:var(--w-medium);cursor:pointer}
.primary:hover{background:var(--accent-hover)}
.first{margin-bottom:var(--s-7)}
details{margin-top:var(--s-7);border-top:1px solid var(--line-1);padding-top:var(--s-5)}
summary{cursor:pointer;color:var(--text-2);font-size:var(--t-sm);padding:var(--s-2) 0}
label{display:block;margin-top:var(--s-5);font-size:var(--t-sm);color:var(--text-2)}
input{display:block;width:100%;height:var(--control-lg);margin-top:var(--s-2);padding:0 var(--s-4);background:var(--bg-raised);
border:1px solid var(--line-control);border-radius:var(--r-2)}
.second{width:100%;height:var(--control-lg);margin-top:var(--s-6);border:1px solid var(--line-2);border-radius:var(--r-2);
background:var(--bg-raised);font-weight:var(--w-medium);cursor:pointer}
.second:hover{background:var(--bg-hover)}
code{font-family:var(--font-mono)}
.refused{display:flex;align-items:center;gap:var(--s-4);margin:0 0 var(--s-6);padding:var(--s-4) var(--s-5);border:1px solid var(--denied-line);border-radius:var(--r-2);
background:var(--denied-bg);color:var(--denied-fg)}
footer{color:var(--text-3);font-size:var(--t-sm)}
@media (max-width:40rem){.row{min-height:var(--control-touch)}}
`

const MARK = `<svg width="24" height="22" viewBox="0 0 24 22" fill="none" aria-hidden="true"><path stroke="var(--accent)" opacity=".55"
stroke-width="2.5" d="M2 20.5V8.7a6.5 6.5 0 0 1 11.6-4"/><path fill="var(--accent)" fill-rule="evenodd"
d="M8.5 21.5V13a7 7 0 0 1 14 0v8.5zM13 21.5h5V13a2.5 2.5 0 0 0-5 0z"/></svg>`
const FORWARD = `<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">
<path d="M6.2 3.3 11 8l-4.8 4.7"/></svg>`

const REFUSED = `<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">
<circle cx="8" cy="8" r="6"/><path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4"/></svg>`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const asHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

/** The page on which one chooses a demo account: one click, or address and password like anywhere else. */
export function renderSignInPage(page: SignInPage): string {
  const open = page.refused === null ? '' : ' open'
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Demo identity provider</title><style>${page.tokens}${STYLE}</style></head>
<body><main>
<header>${MARK}Demo identity provider<small>for ${asHtml(page.portal)}</small></header>
<section><h1>Choose an account</h1><p>to sign in to Sallyport</p>
${page.refused === null ? '' : `<p class="refused" role="alert">${REFUSED}There is no account ${asHtml(page.refused)} with this password.</p>`}
${page.suggested ? suggestion(page.suggested, page.action) : ''}
<ul>${DEMO_ACCOUNTS.filter((account) => account !== page.suggested)
    .map((account) => `<li>${row(account, page.action)}</li>`)
    .join('')}</ul>
<details${open}><summary>Sign in with an address and a password</summary>
<form method="post" action="${asHtml(page.action)}">
<label>Email<input name="email" type="email" autocomplete="username" required value="${asHtml(page.refused ?? '')}"></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<button class="second">Sign in</button></form></details>
</section>
<footer>It exists for the demo only. Every password is <code>${DEMO_PASSWORD}</code>.</footer>
</main></body></html>`
}

function suggestion(account: DemoAccount, action: string): string {
  return `<form class="first" method="post" action="${asHtml(action)}">${hidden(account)}
<button class="primary" autofocus>Continue as ${asHtml(account.email)}</button></form>`
}

function row(account: DemoAccount, action: string): string {
  return `<form method="post" action="${asHtml(action)}">${hidden(account)}
<button class="row"><b>${asHtml(account.email)}</b><span>${asHtml(account.name)}, ${asHtml(account.purpose)}</span>${FORWARD}</button></form>`
}

function hidden(account: DemoAccount): string {
  return `<input type="hidden" name="email" value="${asHtml(account.email)}"><input type="hidden" name="password" value="${DEMO_PASSWORD}">`
}
