/** Which colours a reader wants; `system` follows the browser. */
export type Theme = 'light' | 'dark' | 'system'

export const THEME_COOKIE = 'sallyport.theme'

export function isTheme(value: string | undefined): value is Theme {
  return value === 'light' || value === 'dark' || value === 'system'
}
