'use client'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { isTheme, THEME_COOKIE, type Theme } from '../theme'
import { Button } from '../ui/button'
import { Icon, type IconName } from '../ui/icon'

const CHOICES: readonly { value: Theme; label: string; icon: IconName }[] = [
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
  { value: 'system', label: 'As the system', icon: 'monitor' },
]

/** Applies the theme to the page and keeps it for a year in a cookie, so that the server's first byte has it right. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  // biome-ignore lint/suspicious/noDocumentCookie: the server reads it; the Cookie Store API is not everywhere yet
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=31536000; samesite=lax`
}

export function ThemeMenu({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial)
  const choose = (value: string) => {
    if (!isTheme(value)) return
    applyTheme(value)
    setTheme(value)
  }
  const current = CHOICES.find(({ value }) => value === theme)
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button look="bare" size="icon" aria-label={`Theme: ${current?.label ?? theme}`} title="Theme">
          <Icon name={theme === 'dark' ? 'moon' : 'sun'} />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 min-w-40 rounded-3 bg-raised p-1 shadow-float outline-none"
        >
          <DropdownMenu.RadioGroup value={theme} onValueChange={choose}>
            {CHOICES.map(({ value, label, icon }) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                className="flex h-[1.875rem] items-center gap-2.5 rounded-2 px-2 outline-none select-none data-highlighted:bg-hover max-phone:h-11"
              >
                <Icon name={icon} className="text-fg-3" />
                {label}
                <DropdownMenu.ItemIndicator className="ml-auto pl-4">
                  <Icon name="check" size="sm" />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
